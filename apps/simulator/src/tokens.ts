const charactersPerToken = 4

/** A cheap estimate: four UTF-16 characters are a token; an empty text has none. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}

/** The beginning of a text that has at most this many estimated tokens, never ending in half a character. */
export function truncateToTokens(text: string, tokens: number): string {
  const end = tokens * charactersPerToken
  return text.length <= end ? text : text.slice(0, wholeCharacterEnd(text, end))
}

/** The pieces in which a text is streamed: about a token each, or bigger ones when they all go out at once. */
export function splitIntoPieces(text: string, tokensPerPiece: number): string[] {
  const size = tokensPerPiece * charactersPerToken
  const pieces: string[] = []
  for (let start = 0; start < text.length;) {
    const end = wholeCharacterEnd(text, start + size)
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

function wholeCharacterEnd(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1)
  const isHighSurrogate = unit >= 0xd800 && unit <= 0xdbff
  return isHighSurrogate ? end + 1 : end
}
