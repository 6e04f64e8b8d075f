import type { ToolUse } from './tool-use.ts'

export type JsonSchema = { readonly [key: string]: unknown }

export type Protocol = 'openai' | 'anthropic'

export interface ChatMessage {
  role: string
  text: string
}

/** A chat call in the terms that both protocols share. */
export interface ChatCall {
  protocol: Protocol
  model: string
  messages: ChatMessage[]
  /** Texts of the messages with role "user", in order; tool results do not count. */
  userTexts: string[]
  promptTokens: number
  /** The schema that the answer must follow: of the structured output, or of the forced tool. */
  schema: JsonSchema | null
  /** The tool that must be called. */
  forcedTool: string | null
  /** Tools that may be called, and what they have said; null when none are offered. */
  toolUse: ToolUse | null
  stream: boolean
  includeUsage: boolean
  maxTokens: number | null
  /** False when the protocol caches only what the caller marks, and nothing was marked. */
  cacheable: boolean
}

export type ReplyKind =
  | 'recorded answer'
  | 'made-up answer'
  | 'recorded verdict'
  | 'made-up verdict'
  | 'schema'
  | 'tool call'
  | 'scripted'

/** What a responder answers. */
export interface Reply {
  kind: ReplyKind
  text: string
  /** The text ends because the token limit was reached. */
  truncated?: boolean
  /** Tools that are called after the text, all at once. */
  toolCalls?: ToolCall[]
}

export interface ToolCall {
  name: string
  input: unknown
}

/** What is sent: the reply after faults, with its usage. */
export interface Outcome {
  text: string
  tool: string | null
  /** Tools that are called after the text. */
  toolCalls: ToolCall[]
  refused: boolean
  truncated: boolean
  usage: Usage
}

interface Usage {
  promptTokens: number
  /** Part of promptTokens that was read from the cache. */
  cachedTokens: number
  /** Part of promptTokens that was written to the cache. */
  cacheWriteTokens: number
  completionTokens: number
}

/** Why a request gets no answer, in terms that both protocols can express. */
type FaultKind =
  | 'authentication'
  | 'invalid'
  | 'model not found'
  | 'not found'
  | 'too large'
  | 'rate limit'
  | 'server'
  | 'overloaded'

/** A request that is answered with an error in the shape of its provider. */
export class Fault extends Error {
  readonly kind: FaultKind
  readonly param: string | null
  constructor(kind: FaultKind, message: string, param: string | null = null) {
    super(message)
    this.kind = kind
    this.param = param
  }
}
