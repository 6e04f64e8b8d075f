import { findFigures } from '@proctor/schema'

/** The little of a HTML tree that is needed here. */
interface TreeNode {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: TreeNode[]
}

/** `#item-182`: where a citation leads, until the page puts its own link there. */
export const citationHref = /^#item-(\d{1,7})$/

/**
 * Makes links of citations and marks what nothing backs. Runs after sanitising, on text nodes alone; figures are
 * read by the same code that checked them.
 */
export function rehypeEvidence({ unverified }: { unverified: readonly string[] }) {
  const suspects = new Set(unverified)
  return (tree: TreeNode): void => walk(tree, suspects)
}

function walk(parent: TreeNode, suspects: ReadonlySet<string>): void {
  if (!parent.children || parent.tagName === 'a') return
  parent.children = parent.children.flatMap((child) => {
    if (child.type === 'text') return splitText(child.value ?? '', suspects)
    walk(child, suspects)
    return child
  })
}

interface Part {
  start: number
  end: number
  node: TreeNode
}

function splitText(text: string, suspects: ReadonlySet<string>): TreeNode[] {
  const citations = [...text.matchAll(/\[#(\d{1,7})\]/g)].map((match): Part => {
    const [cited, number] = match
    const node = suspects.has(cited) ? marked(cited) : link(cited, Number(number))
    return { start: match.index, end: match.index + cited.length, node }
  })
  const figures = findFigures(text)
    .filter((figure) => suspects.has(figure.text))
    .map(({ start, end, text: figure }): Part => ({ start, end, node: marked(figure) }))
  const nodes: TreeNode[] = []
  let done = 0
  for (const { start, end, node } of [...citations, ...figures].toSorted((a, b) => a.start - b.start)) {
    if (start > done) nodes.push({ type: 'text', value: text.slice(done, start) })
    nodes.push(node)
    done = end
  }
  if (done < text.length) nodes.push({ type: 'text', value: text.slice(done) })
  return nodes
}

function marked(text: string): TreeNode {
  return {
    type: 'element',
    tagName: 'mark',
    properties: { 'data-unverified': '', title: 'Unverified: no look at the run gave this.' },
    children: [{ type: 'text', value: text }],
  }
}

function link(text: string, number: number): TreeNode {
  return {
    type: 'element',
    tagName: 'a',
    properties: { href: `#item-${number}` },
    children: [{ type: 'text', value: text }],
  }
}
