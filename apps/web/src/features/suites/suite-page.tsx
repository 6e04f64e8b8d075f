import { Button, Select } from '@mantine/core'
import { IconDownload, IconFilterOff, IconPlayerPlay, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { SuiteSummary } from '@proctor/schema'
import { useMemo, type ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatQuantity } from '../../ui/count.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { ListFilters, ListSkeleton } from '../../ui/list-table.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { CaseGrid } from './case-grid.tsx'
import { blankCase, CasePanel } from './case-panel.tsx'
import { downloadCases } from './download-cases.ts'
import { addCase, draftRows, freeId, putCase, removeCase, restoreCase, type DraftRow } from './draft.ts'
import { SaveBar } from './save-bar.tsx'
import { useCases } from './use-cases.ts'
import { useDraft } from './use-draft.tsx'
import classes from './suite-page.module.css'

/** One version of a suite: its cases, and on the newest version the form that makes the next. */
export function SuitePage({
  suite,
  text,
  onText,
  openKey,
  onOpen,
  onVersion,
}: {
  suite: SuiteSummary
  text: string
  onText: (text: string) => void
  openKey: string | null
  onOpen: (key: string | null) => void
  onVersion: (versionId: string) => void
}) {
  const { cases, isComplete, error, refetch } = useCases(suite.versionId)
  const versions = trpc.batch.suites.versions.useQuery({ suiteId: suite.id })
  const isNewest = versions.data?.[0]?.versionId === suite.versionId
  const { draft, setDraft, leaveDialog } = useDraft()
  const all = useMemo(() => draftRows(cases, draft), [cases, draft])
  const rows = useMemo(() => all.filter((row) => hasText(row, text)), [all, text])
  const open = all.find(({ key }) => key === openKey)
  const move = (by: 1 | -1) => {
    const index = rows.findIndex(({ key }) => key === openKey)
    const next = rows[index < 0 ? 0 : index + by]
    if (next) onOpen(next.key)
  }
  useShortcuts({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Escape: () => onOpen(null),
  })

  function add(entry: ReturnType<typeof blankCase>) {
    const added = addCase(draft, entry)
    setDraft(added.draft)
    onOpen(added.key)
  }
  return (
    <div className={classes['split']} data-open={open ? true : undefined}>
      <Page fill>
        <PageHeader
          crumbs={<Link to="/suites">Suites</Link>}
          title={suite.name}
          badge={<VersionPicker suite={suite} versions={versions.data ?? []} onVersion={onVersion} />}
          actions={
            <>
              <Button
                disabled={!isComplete}
                leftSection={<IconDownload size={15} aria-hidden />}
                onClick={() => downloadCases(suite, cases)}
              >
                Export
              </Button>
              <Button
                variant="filled"
                leftSection={<IconPlayerPlay size={14} aria-hidden />}
                renderRoot={(props) => <Link {...props} to="/runs/new" search={{ suite: suite.versionId }} />}
              >
                Run this suite
              </Button>
            </>
          }
        >
          {suite.description && <p className={classes['quiet']}>{suite.description}</p>}
        </PageHeader>
        {error && (
          <ErrorNotice error={readError(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
        )}
        <ListFilters>
          <FilterText label="Filter by id, text, tag or group" value={text} onChange={onText} />
          {isNewest && isComplete && (
            <Button
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => add(blankCase(freeId(all, `case-${all.length + 1}`)))}
            >
              Add a case
            </Button>
          )}
          <span className={classes['count']}>
            {text ? `${rows.length} of ` : ''}
            {formatQuantity(all.length, 'case')}
            {!isComplete && !error && ', loading'}
          </span>
        </ListFilters>
        {cases.length === 0 && !isComplete && !error && <ListSkeleton label="Loading cases" />}
        {rows.length > 0 && <CaseGrid rows={rows} currentKey={openKey} onOpen={onOpen} />}
        {isComplete && rows.length === 0 && text !== '' && (
          <EmptyState
            icon={<IconFilterOff size={20} aria-hidden />}
            title="No case fits the filter"
            action={<Button onClick={() => onText('')}>Clear the filter</Button>}
          />
        )}
        {isNewest && <SaveBar suite={suite} draft={draft} onDiscard={setDraft} onSaved={onVersion} />}
      </Page>
      {open && (
        <CasePanel
          key={open.key}
          row={open}
          isEditable={isNewest && isComplete}
          takenIds={new Set(all.filter(({ key }) => key !== open.key).map(({ entry }) => entry.id))}
          onChange={(entry) => setDraft(putCase(draft, cases, open.key, entry))}
          onRemove={() => {
            setDraft(removeCase(draft, open.key))
            if (open.state === 'new') onOpen(null)
          }}
          onRestore={() => setDraft(restoreCase(draft, open.key))}
          onDuplicate={() => add({ ...open.entry, id: freeId(all, `${open.entry.id}-copy`) })}
          onClose={() => onOpen(null)}
        />
      )}
      {leaveDialog}
    </div>
  )
}

function VersionPicker({
  suite,
  versions,
  onVersion,
}: {
  suite: SuiteSummary
  versions: readonly { versionId: string; version: number; caseCount: number; runCount: number; createdAt: string }[]
  onVersion: (versionId: string) => void
}): ReactNode {
  return (
    <Select
      size="xs"
      className={classes['versions'] ?? ''}
      aria-label="Version"
      allowDeselect={false}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      data={
        versions.length > 0
          ? versions.map(({ versionId, version }) => ({ value: versionId, label: `Version ${version}` }))
          : [{ value: suite.versionId, label: `Version ${suite.version}` }]
      }
      value={suite.versionId}
      onChange={(value) => value && onVersion(value)}
      renderOption={({ option }) => {
        const version = versions.find(({ versionId }) => versionId === option.value)
        return (
          <span>
            {option.label}
            {version && (
              <span className={classes['quiet']}>
                {' '}
                {formatQuantity(version.caseCount, 'case')}, {formatQuantity(version.runCount, 'run')},{' '}
                <RelativeTime at={version.createdAt} />
              </span>
            )}
          </span>
        )
      }}
    />
  )
}

function hasText({ entry }: DraftRow, text: string): boolean {
  const wanted = text.toLowerCase()
  return [entry.id, ...entry.turns, entry.expected, entry.group, ...entry.tags].some((part) =>
    part?.toLowerCase().includes(wanted),
  )
}
