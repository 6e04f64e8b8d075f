import { z } from 'zod'
import { scriptSchema } from './responders/script.ts'

const share = z.number().min(0).max(1)
const milliseconds = z.number().min(0).max(600_000)

const settingsSchema = z.strictObject({
  /** Port to listen on; 0 takes any free one. */
  port: z.number().int().min(0).max(65_535).default(4010),
  host: z.string().min(1).default('127.0.0.1'),
  /** Folders with recorded answers and judgments; the first folder that knows a prompt answers it. */
  replay: z.array(z.string().min(1)).default([]),
  /** Also load the demo folder of this package when it exists. */
  demo: z.boolean().default(true),
  /** Time to the first token. */
  latencyMs: milliseconds.default(0),
  /** A uniform random 0..jitterMs on top of latencyMs. */
  jitterMs: milliseconds.default(0),
  /** Speed of streamed answers; 0 sends everything at once. Answers that are not streamed only wait for latencyMs. */
  tokensPerSecond: z.number().min(0).max(1_000_000).default(0),
  /** Requests a minute for each model; 0 is no limit. */
  rpm: z.number().min(0).default(0),
  /** Tokens a minute for each model, prompt and answer together; 0 is no limit. */
  tpm: z.number().min(0).default(0),
  /** How much of a minute's allowance can be used at once; real providers refuse bursts far below a minute's. */
  limitBurstSeconds: z.number().positive().max(60).default(60),
  /** Share of calls that fail with 500, then 503 (OpenAI) or 529 (Anthropic), in turn. */
  errorRate: share.default(0),
  /** Share of judge calls with broken JSON, a score out of range, or a missing criterion, in turn. */
  malformedRate: share.default(0),
  /** Share of calls whose connection is reset half-way through the answer. */
  resetRate: share.default(0),
  /** Share of calls that the model refuses. */
  refuseRate: share.default(0),
  /** Share of calls that never get an answer. */
  hangRate: share.default(0),
  /** Seed of every made-up answer and of every random draw. */
  seed: z.number().int().default(1),
  /** What models say and which tools they call; offered tools and without an entry they look up what they are asked. */
  script: scriptSchema.default([]),
  /** The only key that is accepted; without it any non-empty key is. */
  apiKey: z.string().min(1).nullable().default(null),
})

export type Settings = z.infer<typeof settingsSchema>
export type SettingsInput = z.input<typeof settingsSchema>

const changeSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(settingsSchema.shape).map(([name, field]) => [name, field.unwrap().optional()]),
  ) as {
    [Name in keyof typeof settingsSchema.shape]: z.ZodOptional<
      ReturnType<(typeof settingsSchema.shape)[Name]['unwrap']>
    >
  },
)

export type SettingsChange = z.input<typeof changeSchema>

/** Fill in the defaults; throws a ZodError that names the wrong setting. */
export function parseSettings(input: SettingsInput): Settings {
  return settingsSchema.parse(input)
}

/** The settings after a change at runtime; the address cannot change while the server listens. */
export function changeSettings(current: Settings, change: unknown): Settings {
  const given = changeSchema.parse(change)
  const next: Settings = {
    ...current,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  }
  if (next.port !== current.port || next.host !== current.host) {
    throw new Error('port and host cannot be changed while the simulator runs; start another one.')
  }
  return next
}
