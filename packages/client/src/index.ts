import type { AppRouter } from '@proctor/server/app-router'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'

/** The shapes of everything that the client sends and receives. */
export type * from '@proctor/schema'

export type ProctorClient = TRPCClient<AppRouter>

export interface ClientOptions {
  /** Where the server listens, for example http://127.0.0.1:4000 */
  url: string
}

/** The typed client for scripts: queries and mutations over HTTP, subscriptions over server-sent events. */
export function createProctorClient({ url }: ClientOptions): ProctorClient {
  const endpoint = new URL('/trpc', url).href
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: endpoint, EventSource }),
        false: httpBatchLink({ url: endpoint }),
      }),
    ],
  })
}
