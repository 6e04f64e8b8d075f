import { Command, InvalidArgumentError } from 'commander'
import { createSimulator } from './index.ts'
import { settingsProblem } from './server.ts'
import type { SettingsInput } from './settings.ts'

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

const command = new Command('simulator')
  .description(
    'A stand-in for OpenAI and Anthropic: both wire protocols, recorded or made-up answers, and faults on demand.',
  )
  .option('--port <number>', 'port to listen on; 0 = any free one', number, 4010)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option(
    '--replay <folder...>',
    'folder with prompts.jsonl (or suite.json), answers.jsonl, judgments.jsonl; repeatable',
  )
  .option('--no-demo', 'do not load the demo folder')
  .option('--latency-ms <number>', 'time to the first token', number, 0)
  .option('--jitter-ms <number>', 'random extra latency, up to this much', number, 0)
  .option('--tokens-per-second <number>', 'speed of streamed answers; 0 = at once', number, 0)
  .option('--rpm <number>', 'requests a minute for each model (token bucket); 0 = no limit', number, 0)
  .option('--tpm <number>', 'tokens a minute for each model (token bucket); 0 = no limit', number, 0)
  .option('--limit-burst-seconds <number>', "how many seconds' allowance can be used at once", number, 60)
  .option('--error-rate <share>', 'share of calls (0..1) that fail with 500, 503 or 529', number, 0)
  .option(
    '--malformed-rate <share>',
    'share of judge calls with broken JSON, a score out of range or a missing criterion',
    number,
    0,
  )
  .option('--reset-rate <share>', 'share of calls whose connection is reset half-way', number, 0)
  .option('--refuse-rate <share>', 'share of calls that are refused', number, 0)
  .option('--hang-rate <share>', 'share of calls that never get an answer', number, 0)
  .option('--seed <integer>', 'seed of made-up answers and of every random draw', number, 1)
  .option('--api-key <key>', 'the only key accepted; without it any non-empty key is')
  .addHelpText(
    'after',
    `
Example:
  $ pnpm simulator --port 4010 --latency-ms 300 --tokens-per-second 80 --rpm 600 --error-rate 0.02
  Then: OPENAI_BASE_URL=http://127.0.0.1:4010/v1  ANTHROPIC_BASE_URL=http://127.0.0.1:4010  and any API key.

While it runs: GET /simulator/stats, GET and POST /simulator/settings (JSON, names in camelCase: {"errorRate":0.1}).`,
  )

const options = command.parse().opts<SettingsInput>()
try {
  const simulator = await createSimulator(options)
  console.log(
    `Simulator ready\n  OpenAI protocol     ${simulator.openaiBaseUrl}\n  Anthropic protocol  ${simulator.anthropicBaseUrl}`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close())
  }
} catch (error) {
  command.error(`The simulator could not start: ${settingsProblem(error)}`)
}
