import type { Measurement } from './setting.ts'

const columns = [
  'n',
  'concurrency',
  'latency',
  'judged',
  'contestant',
  'prompts/s',
  'of the SDK loop',
  'CPU s',
  'peak MB',
]

/** All measurements as a Markdown table, each beside the bare SDK loop of the same setting. */
export function toMarkdown(results: readonly Measurement[]): string {
  const rows = results.map((entry) => {
    const floor = results.find((other) => other.peer === 'openai-sdk' && isSameSetting(other, entry))
    const name = entry.database === null ? `${entry.peer} ${entry.version}` : `**Proctor**, ${entry.database}`
    return [
      entry.n,
      entry.concurrency,
      `${entry.latencyMs} ms`,
      entry.judged ? 'yes' : 'no',
      name,
      Math.round(entry.promptsPerSecond),
      floor ? (entry.promptsPerSecond / floor.promptsPerSecond).toFixed(2) : '',
      entry.cpuSeconds.toFixed(1),
      Number.isFinite(entry.peakRssMb) ? Math.round(entry.peakRssMb) : 'unknown',
    ]
  })
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function isSameSetting(a: Measurement, b: Measurement): boolean {
  return a.n === b.n && a.concurrency === b.concurrency && a.latencyMs === b.latencyMs && a.judged === b.judged
}
