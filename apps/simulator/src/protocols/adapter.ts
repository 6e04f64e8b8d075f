import type { IncomingHttpHeaders } from 'node:http'
import type { ChatCall, Fault, Outcome } from '../call.ts'
import type { Admission } from '../limits.ts'

/** Header names and values in turn, the way node:http takes them fastest. */
export type FlatHeaders = string[]

/** An answer in events: what comes first, one event for each piece of text, and what comes last. */
export interface EventStream {
  head: string
  piece: (text: string) => string
  tail: string
}

/** Everything in which the two wire protocols differ. */
export interface ProtocolAdapter {
  requestIdHeader: string
  /** The API key that came with the request; empty when none did. */
  readKey(headers: IncomingHttpHeaders): string
  /** Read and check a chat request; throws a Fault. */
  readCall(body: unknown): ChatCall
  errorResponse(fault: Fault, requestId: string): { status: number; body: string }
  limitHeaders(admission: Admission): FlatHeaders
  retryHeaders(retryAfterMs: number): FlatHeaders
  /** The whole answer as one JSON text. */
  completion(call: ChatCall, outcome: Outcome, id: string): string
  eventStream(call: ChatCall, outcome: Outcome, id: string): EventStream
  modelList(ids: readonly string[]): string
  modelDetails(id: string): string
}

/** Text of a message's content: a string, or the text parts of an array joined. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  let text = ''
  for (const part of content as { text?: unknown }[]) {
    if (typeof part?.text === 'string') text += part.text
  }
  return text
}
