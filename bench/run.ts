/** `pnpm bench NAME [OPTIONS]`: runs one benchmark and writes bench/results/NAME.json. */
const benchmarks: Record<string, () => Promise<{ run: (args: readonly string[]) => Promise<void> }>> = {
  engine: () => import('./engine/run.ts'),
  limits: () => import('./limits.ts'),
  live: () => import('./live.ts'),
  web: () => import('./web.ts'),
  observer: () => import('./observer.ts'),
}

const name = process.argv[2] ?? ''
const load = benchmarks[name]
if (!load) {
  process.stderr.write(`Name a benchmark: ${Object.keys(benchmarks).join(', ')}.\n`)
  process.exit(2)
}
const { run } = await load()
await run(process.argv.slice(3))
process.exit(0)
