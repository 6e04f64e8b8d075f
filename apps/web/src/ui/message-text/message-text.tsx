import Markdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { findQuotes } from './highlight-quotes.ts'
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

/** Text of a model or a user: sanitised Markdown, or exactly as it came. */
export function MessageText({
  text,
  view,
  quotes = noQuotes,
}: {
  text: string
  view: 'markdown' | 'raw'
  quotes?: readonly string[]
}) {
  if (view === 'raw') return <pre className={classes['raw']}>{withMarks(text, quotes)}</pre>
  return (
    <div className={classes['markdown']}>
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize, [rehypeQuotes, { quotes }]]}
        components={components}
      >
        {text}
      </Markdown>
    </div>
  )
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
