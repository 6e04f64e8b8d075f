import type { ChatCall } from './call.ts'
import { hash } from './random.ts'
import { estimateTokens } from './tokens.ts'

const smallestPrefixTokens = 1024
const tokenStep = 128
const mostPrefixes = 10_000

/** Prompt caching as the providers bill it: a long prefix that was seen before is read from the cache. */
export class PromptCache {
  readonly #seen = new Set<string>()

  /** The tokens of this prompt that are read from the cache, and those that are written to it. */
  look(call: ChatCall): { cachedTokens: number; cacheWriteTokens: number } {
    if (!call.cacheable || call.promptTokens < smallestPrefixTokens) return nothing
    // The last message is what differs between the calls of a suite; the rest is their common prefix.
    const prefix = call.messages
      .slice(0, -1)
      .map((message) => `${message.role}:${message.text}`)
      .join('\n')
    const tokens = Math.floor(estimateTokens(prefix) / tokenStep) * tokenStep
    if (tokens < smallestPrefixTokens) return nothing
    const key = `${call.protocol}/${call.model}/${prefix.length}/${hash(prefix)}`
    if (this.#seen.has(key)) return { cachedTokens: tokens, cacheWriteTokens: 0 }
    if (this.#seen.size >= mostPrefixes) this.#seen.clear()
    this.#seen.add(key)
    return { cachedTokens: 0, cacheWriteTokens: tokens }
  }
}

const nothing = { cachedTokens: 0, cacheWriteTokens: 0 }
