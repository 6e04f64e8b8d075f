import { z } from 'zod'

const portSchema = z.coerce.number().int().min(0).max(65_535)

const envSchema = z.object({
  /** Set: a real PostgreSQL. Not set: the embedded database under PROCTOR_DATA_DIR. */
  DATABASE_URL: z.string().startsWith('postgres', 'must be a postgresql:// URL').optional(),
  PROCTOR_DATA_DIR: z.string().min(1).default('.proctor/database'),
  /** Loopback only: whoever reaches the server can spend money, and there is no access control yet. */
  PROCTOR_HOST: z.enum(['127.0.0.1', 'localhost', '::1'], 'must be 127.0.0.1, localhost or ::1').default('127.0.0.1'),
  PROCTOR_PORT: portSchema.default(4000),
  /** How long calls in flight may go on after SIGTERM or Ctrl-C. */
  PROCTOR_DRAIN_SECONDS: z.coerce.number().min(0).max(3600).default(20),
  PROCTOR_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})
export type Env = z.infer<typeof envSchema>

/**
 * The server's settings, from the environment. Empty variables count as not set.
 * @throws Error that names each wrong variable
 */
export function readEnv(variables: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = envSchema.safeParse(present)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not right: ${problems.join('; ')}`)
}
