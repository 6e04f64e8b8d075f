// Keeps evalite's vitest from taking the configuration of the folders above.
export default {}
