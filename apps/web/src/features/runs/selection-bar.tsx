import { Button } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RunSummary } from '@proctor/schema'
import { formatQuantity } from '../../ui/count.ts'
import classes from './runs.module.css'

const minCompared = 2
const maxCompared = 7

/** What can be done with the selected runs. */
export function SelectionBar({
  selected,
  runs,
  onClear,
}: {
  selected: readonly string[]
  runs: readonly RunSummary[]
  onClear: () => void
}) {
  const chosen = runs.filter((run) => selected.includes(run.id))
  const sessions = [...new Set(chosen.flatMap((run) => run.sessionId ?? []))]
  const problem = problemOf(chosen, sessions)
  return (
    <div className={classes['selection']} role="region" aria-label="Selected runs">
      <strong>{formatQuantity(selected.length, 'run')} selected</strong>
      {problem !== null && <span className={classes['quiet']}>{problem}</span>}
      <span className={classes['selectionActions']}>
        <Button variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
        {problem === null ? (
          <Button
            variant="filled"
            leftSection={<IconChartDots size={15} aria-hidden />}
            renderRoot={(props) => <Link {...props} to="/analytics" search={{ sessions }} />}
          >
            Compare
          </Button>
        ) : (
          <Button variant="filled" disabled leftSection={<IconChartDots size={15} aria-hidden />}>
            Compare
          </Button>
        )}
      </span>
    </div>
  )
}

/** Why these runs cannot be compared, or null. Sessions are compared, so a run without a tag has nothing to offer. */
function problemOf(chosen: readonly RunSummary[], sessions: readonly string[]): string | null {
  if (chosen.some((run) => run.sessionId === null)) return 'A run without a tag belongs to no session to compare.'
  if (sessions.length < minCompared)
    return chosen.length < minCompared ? 'Select another one to compare.' : 'These runs are one session.'
  if (sessions.length > maxCompared) return `At most ${maxCompared} sessions can be compared.`
  return null
}
