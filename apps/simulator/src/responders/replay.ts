import type { ChatCall, Reply } from '../call.ts'
import type { RecordedTurn, Recordings } from '../recordings.ts'

/** The recorded answer to the last user message, byte for byte; null when nothing was recorded. */
export function replyFromRecording(call: ChatCall, recordings: Recordings): Reply | null {
  const lastText = call.userTexts[call.userTexts.length - 1]
  if (lastText === undefined) return null
  let best: RecordedTurn | null = null
  for (const turn of recordings.turnsAsking(lastText)) {
    if (!turn.answers.has(call.model)) continue
    if (turn.isMultiTurn && turn.turn !== call.userTexts.length) continue
    // Two conversations may ask the same in a later turn; the one with the same history is meant.
    if (
      turn.texts.length === call.userTexts.length &&
      turn.texts.every((text, index) => text === call.userTexts[index])
    ) {
      best = turn
      break
    }
    best ??= turn
  }
  const text = best?.answers.get(call.model)
  return text === undefined ? null : { kind: 'recorded answer', text }
}
