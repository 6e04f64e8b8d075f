import Markdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { findQuotes } from './highlight-quotes.ts'
import type { ReactNode } from 'react'
import { citationHref, rehypeEvidence } from './rehype-evidence.ts'
import { rehypeQuotes } from './rehype-quotes.ts'
import classes from './message-text.module.css'

const noQuotes: readonly string[] = []

/** Links of a model lead out of the page and tell the other side nothing; its images are not loaded at all. */
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener nofollow">
      {children}
    </a>
  ),
  img: ({ alt, src }) => <span className={classes['image']}>[image: {alt || String(src)}]</span>,
}

/** What a text rests on: `[#182]` leads somewhere, and what nothing backs is marked. */
export interface TextEvidence {
  /** Figures and citations, as they are written. */
  unverified: readonly string[]
  /** A link to an item by its number; null where there is none to lead to. */
  renderCitation: (number: number) => ReactNode
}

/** Text of a model or a user: sanitised Markdown, or exactly as it came. */
export function MessageText({
  text,
  view,
  quotes = noQuotes,
  evidence,
}: {
  text: string
  view: 'markdown' | 'raw'
  quotes?: readonly string[]
  evidence?: TextEvidence
}) {
  if (view === 'raw') return <pre className={classes['raw']}>{withMarks(text, quotes)}</pre>
  return (
    <div className={classes['markdown']}>
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={
          evidence
            ? [rehypeSanitize, [rehypeEvidence, { unverified: evidence.unverified }]]
            : [rehypeSanitize, [rehypeQuotes, { quotes }]]
        }
        components={evidence ? citing(evidence) : components}
      >
        {evidence ? withoutDefinitions(text) : text}
      </Markdown>
    </div>
  )
}

function citing({ renderCitation }: TextEvidence): Components {
  return {
    ...components,
    a: ({ href, children }) => {
      const number = citationHref.exec(href ?? '')?.[1]
      if (number !== undefined) return renderCitation(Number(number)) ?? <>{children}</>
      return (
        <a href={href} target="_blank" rel="noreferrer noopener nofollow">
          {children}
        </a>
      )
    },
  }
}

/** Else a text could say where its citations lead: `[#182]: https://somewhere.else`. */
function withoutDefinitions(text: string): string {
  return text.replaceAll(/\[#(\d+)\]:/g, String.raw`\[#$1]:`)
}

function withMarks(text: string, quotes: readonly string[]) {
  let done = 0
  const parts = findQuotes([text], quotes).map(({ from, to }) => {
    const before = text.slice(done, from)
    done = to
    return (
      <span key={from}>
        {before}
        <mark>{text.slice(from, to)}</mark>
      </span>
    )
  })
  return [...parts, text.slice(done)]
}
