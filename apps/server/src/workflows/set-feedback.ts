import type { Feedback, SetFeedbackInput } from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { MessageStore } from '../domain/ports.ts'

/** Keeps what a person thinks of an answer, and gives it back as it stands now. */
export async function setFeedback(messages: MessageStore, input: SetFeedbackInput): Promise<Feedback | null> {
  if (!(await messages.setFeedback(input)))
    throw new UserError('not-found', {
      field: 'messageId',
      message: 'There is no such answer.',
      mend: 'Give the id of a message that an assistant wrote.',
    })
  return messages.feedbackOf(input.messageId)
}
