import type OpenAI from 'openai'
import type { ToolCall } from '../../domain/ports.ts'
import { parseArguments } from '../tool-arguments.ts'

type Delta = OpenAI.Chat.Completions.ChatCompletionChunk.Choice.Delta.ToolCall

interface Piece {
  index: number
  id: string
  name: string
  text: string
}

/**
 * Puts tool calls together from their pieces. OpenAI tells parallel calls apart by index; some compatible
 * servers give all of them index 0 or none, so a new id under a used index starts a new call as well.
 */
export class ToolCallCollector {
  readonly #pieces: Piece[] = []

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  add(deltas: readonly Delta[]): void {
    for (const { index = 0, id, function: part } of deltas) {
      let piece = this.#pieces.findLast((entry) => entry.index === index)
      if (!piece || (id && piece.id && id !== piece.id)) {
        piece = { index, id: '', name: '', text: '' }
        this.#pieces.push(piece)
      }
      if (id) piece.id = id
      if (part?.name) piece.name = part.name
      piece.text += part?.arguments ?? ''
    }
  }

  finish(): ToolCall[] {
    return this.#pieces.map(({ id, name, text }, position) => ({
      // The answer to a call must name it.
      id: id || `call_${position}`,
      name,
      arguments: parseArguments(text),
    }))
  }
}
