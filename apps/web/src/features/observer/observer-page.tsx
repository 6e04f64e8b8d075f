import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { RunSummary } from '@proctor/schema'
import type { ReactNode } from 'react'
import { Page, PageHeader } from '../../ui/page.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Conversation } from './conversation.tsx'
import type { RenderCitation } from './entry.tsx'
import classes from './observer.module.css'

/** The conversation about a run with a page to itself. */
export function ObserverPage({
  run,
  crumbs,
  renderCitation,
}: {
  run: RunSummary
  crumbs: ReactNode
  renderCitation: RenderCitation
}) {
  return (
    <Page fill>
      <PageHeader
        crumbs={crumbs}
        title="Assistant"
        badge={<StatusBadge status={run.status} reason={run.statusReason} />}
        actions={
          <Button
            component="a"
            href={`/export/runs/${run.id}.observer`}
            download
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            Export
          </Button>
        }
      />
      <section className={classes['page']} aria-label="Assistant" data-testid="observer">
        <Conversation runId={run.id} renderCitation={renderCitation} />
      </section>
    </Page>
  )
}
