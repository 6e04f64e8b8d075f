import { ActionIcon } from '@mantine/core'
import { IconArrowsMaximize, IconSparkles, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Conversation } from './conversation.tsx'
import type { RenderCitation } from './entry.tsx'
import classes from './observer.module.css'

/** The assistant beside a table: it stays open while one works there. */
export function ObserverDrawer({
  runId,
  subject,
  renderCitation,
  renderPageLink,
  onClose,
}: {
  runId: string
  /** The run, where the page beside it does not say which one is meant. */
  subject?: ReactNode
  renderCitation: RenderCitation
  /** Wraps the icon that leads to the conversation's own page. */
  renderPageLink: (icon: ReactNode, label: string) => ReactNode
  onClose: () => void
}) {
  return (
    <aside className={classes['drawer']} aria-label="Assistant" data-testid="observer">
      <header className={classes['head']}>
        <IconSparkles size={16} aria-hidden />
        <div className={classes['title']}>
          <h2>Assistant</h2>
          {subject}
        </div>
        {renderPageLink(<IconArrowsMaximize size={15} />, 'Open the conversation as a page')}
        <ActionIcon variant="subtle" color="gray" aria-label="Close the assistant" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <Conversation runId={runId} renderCitation={renderCitation} />
    </aside>
  )
}
