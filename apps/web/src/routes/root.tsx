import { Button, Loader } from '@mantine/core'
import { Link, Outlet, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import type { ErrorBody } from '@proctor/schema'
import { AppShell } from '../features/shell/app-shell.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'

export function RootRoute() {
  return (
    <AppShell>
      <Outlet />
    </AppShell>
  )
}

export function RoutePending() {
  return (
    <Page>
      <EmptyState title="Loading" icon={<Loader size={18} color="gray" />} />
    </Page>
  )
}

export function RouteNotFound() {
  return (
    <Page>
      <EmptyState
        title="There is no such page"
        action={
          <Button component={Link} to="/runs">
            Go to the runs
          </Button>
        }
      >
        The address may have been typed or copied wrong.
      </EmptyState>
    </Page>
  )
}

export function RouteError({ error }: ErrorComponentProps) {
  const router = useRouter()
  const message = error instanceof Error ? error.message : 'The page could not be shown.'
  const body: ErrorBody = { code: 'internal', field: null, message, mend: 'Load the page again.', requestId: 'none' }
  return (
    <Page>
      <ErrorNotice error={body} action={<Button onClick={() => void router.invalidate()}>Try again</Button>} />
    </Page>
  )
}
