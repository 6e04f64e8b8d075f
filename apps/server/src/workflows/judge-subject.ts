import type { Criterion, Failure, Usage } from '@proctor/schema'
import type { ChatRequest, JudgeSubject, NewId, Random } from '../domain/ports.ts'
import type { JudgeCallRecord } from '../domain/run-ports.ts'
import { buildJudgeRequest, buildRepairRequest, judgePromptVersion } from '../domain/judge/prompt.ts'
import { parseVerdict, type ParsedVerdict } from '../domain/judge/verdict.ts'
import { CallFailedError, type CompletedCall } from './call-model.ts'
import type { CallableModel } from './model-gateway.ts'

export const judgeCallSettings = { timeoutMs: 120_000, maxAttempts: 5 }

export interface JudgeTask {
  subject: JudgeSubject
  criteria: readonly Criterion[]
  threshold: number
}

/**
 * One verdict: a call for all criteria and, when its reply cannot be used, one attempt to repair it.
 * A failure of the judge is a record of its own kind, never a score.
 *
 * @throws AbortedError when the signal fired
 */
export async function judgeSubject(
  deps: { judge: CallableModel; newId: NewId; random: Random },
  { subject, criteria, threshold }: JudgeTask,
  signal: AbortSignal,
): Promise<JudgeCallRecord> {
  const { judge, newId } = deps
  const answer = subject.conversation.at(-1)?.content ?? ''
  const usage: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 }
  let latencyMs = 0
  let calls = 0
  let rawText: string | null = null

  const ask = async (request: ChatRequest): Promise<ParsedVerdict> => {
    const { result } = await callWithTemperature(judge, request, signal)
    calls += 1
    usage.inputTokens += result.usage.inputTokens
    usage.outputTokens += result.usage.outputTokens
    usage.cachedInputTokens += result.usage.cachedInputTokens
    latencyMs += result.latencyMs
    rawText = result.text
    return parseVerdict(result.text, criteria, answer, threshold)
  }

  const record = (outcome: JudgeCallRecord['outcome']): JudgeCallRecord => ({
    id: newId(),
    messageId: subject.messageId,
    judgeModel: judge.ref,
    promptVersion: judgePromptVersion,
    usage: calls === 0 ? null : usage,
    costMicros: calls === 0 ? null : judge.costOf(usage),
    latencyMs: calls === 0 ? null : latencyMs,
    outcome,
  })

  try {
    const request = buildJudgeRequest(subject, criteria, judge.ref, makeNonce(deps.random))
    let verdict = await ask(request)
    if (!verdict.ok) verdict = await ask(buildRepairRequest(request, rawText ?? '', verdict.problem))
    if (verdict.ok)
      return record({
        ok: true,
        judgments: verdict.verdicts.map((entry) => ({ ...entry, id: newId(), threshold })),
      })
    return record({ ok: false, failure: unusableVerdict(verdict.problem), rawText })
  } catch (error) {
    if (error instanceof CallFailedError) return record({ ok: false, failure: error.failure, rawText })
    throw error
  }
}

/** At temperature 0 where the model takes one: reasoning models take none, and judge as steadily without. */
async function callWithTemperature(
  judge: CallableModel,
  { temperature, ...request }: ChatRequest,
  signal: AbortSignal,
): Promise<CompletedCall> {
  const bare = () => judge.call(request, judgeCallSettings, signal)
  if (temperature === undefined || judge.quirks.refusesTemperature) return bare()
  try {
    return await judge.call({ ...request, temperature }, judgeCallSettings, signal)
  } catch (error) {
    if (!(error instanceof CallFailedError) || !isAboutTemperature(error.failure)) throw error
    judge.quirks.refusesTemperature = true
    return bare()
  }
}

function isAboutTemperature({ kind, message }: Failure): boolean {
  return kind === 'invalid-request' && /temperature/i.test(message)
}

function unusableVerdict(problem: string): Failure {
  return {
    kind: 'unknown',
    message: `The judge's verdict could not be used: ${problem}`,
    retryable: true,
    httpStatus: null,
    providerRequestId: null,
  }
}

function makeNonce(random: Random): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
