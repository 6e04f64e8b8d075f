/** Spacing and Markdown's marks. */
const ignored = /[\s*_`#|>~-]/g

/** A part of a text node, by offsets. */
export interface Range {
  node: number
  from: number
  to: number
}

/**
 * Where quotes stand in a list of adjoining text nodes. A judge quotes the raw answer while the page
 * shows its Markdown, so marks and spacing are left out of the comparison; a quote may span nodes.
 */
export function findQuotes(texts: readonly string[], quotes: readonly string[]): Range[] {
  let plain = ''
  const places: { node: number; offset: number }[] = []
  texts.forEach((text, node) => {
    for (let offset = 0; offset < text.length; offset++) {
      const character = text.charAt(offset)
      if (character.search(ignored) >= 0) continue
      plain += character.toLowerCase()
      // Lower-casing may lengthen a character; each unit points back to the same place.
      while (places.length < plain.length) places.push({ node, offset })
    }
  })

  const covered = new Set<number>()
  for (const quote of quotes) {
    const wanted = quote.replaceAll(ignored, '').toLowerCase()
    const at = wanted === '' ? -1 : plain.indexOf(wanted)
    if (at >= 0) for (let index = at; index < at + wanted.length; index++) covered.add(index)
  }
  return toRanges(covered, places)
}

function toRanges(covered: ReadonlySet<number>, places: readonly { node: number; offset: number }[]): Range[] {
  const ranges: Range[] = []
  let open: Range | null = null
  let lastIndex = -2
  for (const index of [...covered].toSorted((a, b) => a - b)) {
    const place = places[index]
    if (!place) continue
    if (open && lastIndex === index - 1 && open.node === place.node) open.to = place.offset + 1
    else {
      open = { node: place.node, from: place.offset, to: place.offset + 1 }
      ranges.push(open)
    }
    lastIndex = index
  }
  return ranges
}
