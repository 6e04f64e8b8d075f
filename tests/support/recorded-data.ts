import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Published model answers and verdicts that stand beside the project; never part of it. */
const dataDir = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

/** Folder of a recorded data set, or null (and a loud line) where the data is absent. */
export function findRecordedData(name: string): string | null {
  const folder = `${dataDir}${name}`
  if (existsSync(folder)) return folder
  console.warn(`\n!!! SKIPPED: the recorded data "${name}" is not at ${folder}. The replay test did not run. !!!\n`)
  return null
}

/** The rows of a JSONL file. */
export function readJsonl<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
