import type { CreateSuiteResult, SaveAsCaseInput, SuiteCase } from '@proctor/schema'
import { UserError } from '../../domain/errors.ts'
import type { MessageStore, SuiteStore } from '../../domain/ports.ts'
import { allCases } from '../all-cases.ts'
import { mustFindNewest } from '../must-find.ts'

/** Adds an exchange, with the turns before it, as a case to a suite: a new version of it, or a new suite. */
export async function saveAsCase(
  { suites, messages }: { suites: SuiteStore; messages: MessageStore },
  { messageId, suite, expected }: SaveAsCaseInput,
): Promise<CreateSuiteResult> {
  const subject = await messages.judgeSubject(messageId)
  if (!subject)
    throw new UserError('not-found', {
      field: 'messageId',
      message: 'There is no such answer.',
      mend: 'Give the id of a message that an assistant wrote.',
    })
  const existing =
    'id' in suite ? await mustFindNewest(suites, suite.id, 'suite.id') : await suites.getByName(suite.name)
  const cases = existing ? await allCases(suites, existing.versionId) : []
  const entry: SuiteCase = {
    id: freeId(cases),
    turns: subject.conversation.filter(({ role }) => role === 'user').map(({ content }) => content),
    tags: ['chat'],
    validators: [],
    ...(expected === null || expected.trim() === '' ? {} : { expected }),
  }
  return suites.save({
    name: existing?.name ?? ('name' in suite ? suite.name : ''),
    description: existing?.description ?? '',
    cases: [...cases, entry],
  })
}

function freeId(cases: readonly SuiteCase[]): string {
  const taken = new Set(cases.map(({ id }) => id))
  let number = 1
  while (taken.has(`chat-${number}`)) number += 1
  return `chat-${number}`
}
