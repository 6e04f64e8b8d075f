import { Select } from '@mantine/core'
import { useEffect } from 'react'
import { Link } from '@tanstack/react-router'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { formatQuantity } from '../../ui/count.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'

export function SuitePicker({
  value,
  onChange,
  error,
}: {
  value: string | null
  onChange: (versionId: string) => void
  error: string | null
}) {
  const query = trpc.batch.suites.list.useQuery({ limit: 500 })
  const suites = query.data?.items ?? []
  const options = suites.map((suite) => ({
    value: suite.versionId,
    label: `${suite.name} · ${formatQuantity(suite.caseCount, 'case')} · v${suite.version}`,
  }))
  // A cloned run may have used a version that is not the newest any more; it stays what it was.
  const isOlder = value !== null && query.isSuccess && !options.some((option) => option.value === value)
  if (isOlder) options.push({ value, label: 'The version of the cloned run (a newer one exists)' })
  // Where there is only one, there is nothing to choose.
  const only = value === null && query.isSuccess && suites.length === 1 ? suites[0]?.versionId : undefined
  useEffect(() => {
    if (only !== undefined) onChange(only)
  })
  const chosen = suites.find((suite) => suite.versionId === value)

  return (
    <>
      <Select
        label="Suite"
        placeholder={query.isPending ? 'Loading suites' : 'Choose a suite'}
        searchable
        allowDeselect={false}
        data={options}
        value={value}
        onChange={(next) => {
          if (next) onChange(next)
        }}
        error={error}
        {...(chosen && chosen.validatorCount > 0
          ? { description: `Checks each answer: ${formatQuantity(chosen.validatorCount, 'validator')} in all.` }
          : {})}
      />
      {query.isSuccess && suites.length === 0 && (
        <Notice tone="fair">
          There is no suite yet. <Link to="/suites">Import one</Link>; it shows up here then.
        </Notice>
      )}
      {query.error && <ErrorNotice error={readError(query.error)} />}
    </>
  )
}
