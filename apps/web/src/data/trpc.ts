import {
  createTRPCReact,
  type CreateTRPCReact,
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
} from '@trpc/react-query'
import type { AppRouter } from '@proctor/server/app-router'
import type { inferRouterInputs } from '@trpc/server'

const url = '/trpc'

/** Typed hooks for queries and mutations. */
export const trpc: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>()

/** One client for hooks and for code outside React (the live run); everything goes to the page's own origin. */
export const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url }),
      false: httpBatchLink({ url, maxURLLength: 8000 }),
    }),
  ],
})

export type Inputs = inferRouterInputs<AppRouter>
