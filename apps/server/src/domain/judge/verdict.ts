import { maxScore, minScore, type Criterion, type Evidence } from '@proctor/schema'
import { z } from 'zod'

export interface CriterionVerdict {
  criterion: string
  score: number
  passed: boolean
  evidence: Evidence
}

export type ParsedVerdict = { ok: true; verdicts: CriterionVerdict[] } | { ok: false; problem: string }

const criterionVerdictSchema = z.object({
  reasoning: z.string(),
  quotes: z.array(z.string()),
  score: z
    .number()
    .min(minScore, `the score is below ${minScore}`)
    .max(maxScore, `the score is above ${maxScore}`)
    // Whole points are asked for. Halves occur in practice and are unambiguous, so they are kept as given.
    .multipleOf(0.5, 'the score is neither a whole nor a half point'),
  confidence: z.number().min(0, 'the confidence is below 0').max(1, 'the confidence is above 1'),
  suggestions: z.array(z.string()),
})

/**
 * Reads the judge's reply. Anything missing, out of range or unparsable is a problem, never a score.
 *
 * @param answer the judged answer: quotes that do not occur in it are dropped and counted
 */
export function parseVerdict(
  text: string,
  criteria: readonly Criterion[],
  answer: string,
  threshold: number,
): ParsedVerdict {
  const reply = parseJsonObject(text)
  if (!reply) return { ok: false, problem: 'it is not a JSON object.' }
  const normalizedAnswer = normalizeSpace(answer)
  const verdicts: CriterionVerdict[] = []
  for (const { id } of criteria) {
    if (!Object.hasOwn(reply, id)) return { ok: false, problem: `the criterion "${id}" is missing.` }
    const parsed = criterionVerdictSchema.safeParse(reply[id])
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const path = [id, ...(issue?.path ?? [])].join('.')
      return { ok: false, problem: `${path}: ${issue?.message ?? 'wrong shape'}.` }
    }
    const { score, quotes, ...rest } = parsed.data
    const real = quotes.filter((quote) => quote.trim() !== '' && normalizedAnswer.includes(normalizeSpace(quote)))
    verdicts.push({
      criterion: id,
      score,
      passed: score >= threshold,
      evidence: { ...rest, quotes: real, inventedQuotes: quotes.length - real.length },
    })
  }
  return { ok: true, verdicts }
}

/** Servers without structured output often wrap the object in a code fence or a sentence. */
function parseJsonObject(text: string): Record<string, unknown> | null {
  const candidate = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)
  try {
    const value: unknown = JSON.parse(candidate)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function normalizeSpace(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
