import { findQuotes, type Range } from './highlight-quotes.ts'

/** The little of a HTML tree that is needed here. */
interface TreeNode {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: TreeNode[]
}

/** Wraps the judge's quotes in <mark>. Runs after sanitising, on text nodes alone. */
export function rehypeQuotes({ quotes }: { quotes: readonly string[] }) {
  return (tree: TreeNode): void => {
    if (quotes.length === 0) return
    const nodes: TreeNode[] = []
    collectText(tree, nodes)
    const ranges = findQuotes(
      nodes.map((node) => node.value ?? ''),
      quotes,
    )
    const byNode = new Map<TreeNode, Range[]>()
    for (const range of ranges) {
      const node = nodes[range.node]
      if (node) byNode.set(node, [...(byNode.get(node) ?? []), range])
    }
    wrap(tree, byNode)
  }
}

function collectText(node: TreeNode, into: TreeNode[]): void {
  if (node.type === 'text') into.push(node)
  for (const child of node.children ?? []) collectText(child, into)
}

function wrap(parent: TreeNode, byNode: ReadonlyMap<TreeNode, Range[]>): void {
  if (!parent.children) return
  parent.children = parent.children.flatMap((child) => {
    const ranges = byNode.get(child)
    if (!ranges) {
      wrap(child, byNode)
      return child
    }
    return splitText(child.value ?? '', ranges)
  })
}

function splitText(text: string, ranges: readonly Range[]): TreeNode[] {
  const parts: TreeNode[] = []
  let done = 0
  for (const { from, to } of ranges) {
    if (from > done) parts.push({ type: 'text', value: text.slice(done, from) })
    parts.push({
      type: 'element',
      tagName: 'mark',
      properties: {},
      children: [{ type: 'text', value: text.slice(from, to) }],
    })
    done = to
  }
  if (done < text.length) parts.push({ type: 'text', value: text.slice(done) })
  return parts
}
