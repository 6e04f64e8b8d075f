import { Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { useJudgeCatalogue } from '../../data/use-judge-catalogue.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page, PageHeader } from '../../ui/page.tsx'
import { emptyForm, formFromRun, type NewRunForm } from './form.ts'
import { NewRunFormView } from './new-run-form.tsx'

/** Everything needed to start a run; `cloneOf` prefills it from an earlier one, `suite` with a suite's version. */
export function NewRunPage({ cloneOf, suite }: { cloneOf: string | null; suite: string | null }) {
  const catalogue = useJudgeCatalogue()
  const original = trpc.batch.get.useQuery({ runId: cloneOf ?? '' }, { enabled: cloneOf !== null })
  const isWaiting = cloneOf !== null && ((original.isPending && !original.error) || catalogue.criteria.length === 0)
  const initial: NewRunForm = original.data
    ? formFromRun(original.data, catalogue.criteria)
    : { ...emptyForm, suiteVersionId: suite }

  return (
    <Page>
      <PageHeader crumbs={<Link to="/runs">Runs</Link>} title={cloneOf ? 'Clone a run' : 'New run'} />
      {original.error && <ErrorNotice error={readError(original.error)} />}
      {catalogue.error && <ErrorNotice error={readError(catalogue.error)} />}
      {isWaiting ? <Skeleton height={400} /> : <NewRunFormView key={cloneOf} initial={initial} catalogue={catalogue} />}
    </Page>
  )
}
