import type { JudgeMessageInput, MessageJudgments } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { CriterionStore, MessageStore, NewId, Random } from '../domain/ports.ts'
import type { RunStore } from '../domain/run-ports.ts'
import { resolveCriteria } from './resolve-criteria.ts'
import { judgeSubject } from './judge-subject.ts'
import { checkModelIsOffered } from './list-models.ts'
import type { ModelGateway } from './model-gateway.ts'

/** Judges one message now, and gives all the verdicts that it has. Verdicts of other judges stay beside it. */
export async function judgeMessage(
  deps: {
    gateway: ModelGateway
    runs: RunStore
    messages: MessageStore
    criteria: CriterionStore
    newId: NewId
    random: Random
  },
  input: JudgeMessageInput,
  signal: AbortSignal,
): Promise<MessageJudgments> {
  const { gateway, runs, messages, newId, random } = deps
  const criteria = await resolveCriteria(deps.criteria, input.criteria, 'criteria')
  const subject = await messages.judgeSubject(input.messageId)
  if (!subject)
    throw new UserError('not-found', {
      field: 'messageId',
      message: 'There is no such answer.',
      mend: 'Give the id of a message that an assistant wrote.',
    })
  await checkModelIsOffered(gateway, input.model, 'model')
  const judge = await gateway.model(input.model, 'model')
  const call = await judgeSubject({ judge, newId, random }, { subject, criteria, threshold: input.threshold }, signal)
  await runs.recordJudgeCall(subject, call)
  return messages.judgmentsOf(input.messageId)
}
