import { FileInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { CreateSuiteRequest } from '@proctor/schema'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatQuantity } from '../../ui/count.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { caseFields, casesOf, guessMapping, type ColumnMapping, type Table } from './column-mapping.ts'
import { parseSuite } from './parse-suite.ts'
import { readTable } from './read-table.ts'
import classes from './import-dialog.module.css'

const maxFileBytes = 50 * 1024 * 1024
const previewedCases = 3

/** A file as it was read: a suite, a table whose columns are still to be named, or what is wrong with it. */
type Chosen =
  | { kind: 'suite'; request: CreateSuiteRequest }
  | { kind: 'table'; table: Table; mapping: ColumnMapping }
  | { kind: 'problems'; problems: string[] }

/** Reads a suite file, shows what is in it, and saves it only when told to. */
export function ImportDialog({
  opened,
  dropped,
  onClose,
}: {
  opened: boolean
  /** A file that was dropped on the page. */
  dropped: File | null
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [name, setName] = useState('')
  const [seenDrop, setSeenDrop] = useState<File | null>(null)
  const utils = trpc.useUtils()
  const suites = trpc.batch.suites.list.useQuery({ limit: 500 }).data?.items ?? []
  const save = trpc.batch.suites.create.useMutation({
    onSuccess: async () => {
      await utils.batch.suites.invalidate()
      setChosen(null)
      onClose()
    },
  })
  async function choose(file: File | null) {
    setChosen(file && (await readFile(file)))
    setName(file ? file.name.replace(/\.[^.]*$/, '') : '')
  }
  if (dropped !== seenDrop) {
    setSeenDrop(dropped)
    if (dropped) void choose(dropped)
  }

  const mapped = chosen?.kind === 'table' ? casesOf(chosen.table, chosen.mapping) : null
  const request = chosen?.kind === 'suite' ? chosen.request : mapped && { name: name.trim(), cases: mapped.cases }
  const problems = chosen?.kind === 'problems' ? chosen.problems : (mapped?.problems ?? [])
  const existing = request && suites.find((suite) => suite.name === request.name)

  return (
    <Dialog
      opened={opened}
      size="lg"
      title="Import a suite"
      confirm="Import"
      isBusy={save.isPending}
      error={save.error && readError(save.error)}
      onConfirm={() => {
        if (!chosen) setChosen({ kind: 'problems', problems: ['Choose a file first.'] })
        else if (request && problems.length === 0) save.mutate(request)
      }}
      onClose={onClose}
    >
      <FileInput
        label="File"
        description="JSON with name and cases, JSON Lines with a case a line, or a table (CSV, TSV) with a line that names its columns."
        placeholder="Choose a file, or drop one on the page"
        accept=".json,.jsonl,.ndjson,.csv,.tsv,.txt,application/json,text/csv"
        clearable
        onChange={(file) => void choose(file)}
      />
      {chosen?.kind === 'table' && (
        <>
          <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Mapping
            table={chosen.table}
            mapping={chosen.mapping}
            onChange={(mapping) => setChosen({ ...chosen, mapping })}
          />
        </>
      )}
      {problems.length > 0 && (
        <Notice tone="fair">
          <strong>Nothing can be imported yet.</strong>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {request && problems.length === 0 && (
        <>
          <Notice>
            <strong>{request.name}</strong>: {formatQuantity(request.cases.length, 'case')},{' '}
            {formatQuantity(
              request.cases.reduce((sum, entry) => sum + (entry.validators?.length ?? 0), 0),
              'validator',
            )}
            .{' '}
            {existing
              ? `A suite of this name is there: this becomes version ${existing.version + 1}, unless nothing changed.`
              : 'This is a new suite.'}
          </Notice>
          <Preview request={request} />
        </>
      )}
    </Dialog>
  )
}

async function readFile(file: File): Promise<Chosen> {
  if (file.size > maxFileBytes)
    return { kind: 'problems', problems: ['The file is larger than 50 MB. Split it into several suites.'] }
  const text = await file.text()
  if (/\.(csv|tsv|txt)$/i.test(file.name)) {
    const table = await readTable(text)
    return 'problems' in table
      ? { kind: 'problems', problems: table.problems }
      : { kind: 'table', table, mapping: guessMapping(table.columns) }
  }
  const parsed = parseSuite(text, file.name)
  return parsed.ok ? { kind: 'suite', request: parsed.request } : { kind: 'problems', problems: parsed.problems }
}

function Mapping({
  table,
  mapping,
  onChange,
}: {
  table: Table
  mapping: ColumnMapping
  onChange: (mapping: ColumnMapping) => void
}) {
  return (
    <fieldset className={classes['mapping']}>
      <legend>What the columns hold</legend>
      {table.columns.map((column, index) => (
        // Two columns may have one name; their places tell them apart.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={classes['column']}>
          <span className={classes['name']} title={column}>
            {column || `column ${index + 1}`}
          </span>
          <Select
            size="xs"
            aria-label={`Column ${column || index + 1}`}
            placeholder="left out"
            clearable
            clearButtonProps={{ 'aria-label': `Leave out ${column}` }}
            data={[...caseFields]}
            value={mapping[index] ?? null}
            onChange={(value) => {
              const field = caseFields.find((known) => known === value) ?? null
              // A field comes from one column: choosing it here takes it from the other.
              onChange(mapping.map((other, place) => (place === index ? field : other === field ? null : other)))
            }}
          />
          <span className={classes['sample']}>{table.rows[0]?.cells[index]}</span>
        </div>
      ))}
    </fieldset>
  )
}

function Preview({ request }: { request: CreateSuiteRequest }) {
  return (
    <table className={classes['preview']}>
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">Prompt</th>
          <th scope="col">Expected</th>
        </tr>
      </thead>
      <tbody>
        {request.cases.slice(0, previewedCases).map((entry) => (
          <tr key={entry.id}>
            <td>{entry.id}</td>
            <td>{entry.prompt ?? entry.turns?.[0]}</td>
            <td>{entry.expected}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
