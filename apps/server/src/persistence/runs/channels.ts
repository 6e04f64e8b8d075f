/** NOTIFY channels; the payload is the run's id and nothing else. */

/** A run has new events. */
export const newsChannel = 'proctor_run_news'

/** A user changed what a run is to do: its driver looks at once. */
export const controlChannel = 'proctor_run_control'
