import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { RootRoute, RouteError, RouteNotFound, RoutePending } from './routes/root.tsx'
import { parseItemSearch, parseRunSearch } from './routes/run-search.ts'
import {
  parseAnalyticsSearch,
  parseChatSearch,
  parseNewRunSearch,
  parseRunsSearch,
  parseSessionSearch,
  parseSessionsSearch,
  parseSuiteSearch,
} from './routes/search.ts'

const rootRoute = createRootRoute({ component: RootRoute, notFoundComponent: RouteNotFound })

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/runs', replace: true })
  },
})

const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: parseRunsSearch,
  component: lazyRouteComponent(() => import('./routes/runs.tsx'), 'RunsRoute'),
})

const newRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/new',
  validateSearch: parseNewRunSearch,
  component: lazyRouteComponent(() => import('./routes/new-run.tsx'), 'NewRunRoute'),
})

const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$runId',
  validateSearch: parseRunSearch,
  component: lazyRouteComponent(() => import('./routes/run.tsx'), 'RunRoute'),
})

const itemRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$runId/items/$itemId',
  validateSearch: parseItemSearch,
  component: lazyRouteComponent(() => import('./routes/item.tsx'), 'ItemRoute'),
})

const observerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$runId/observer',
  component: lazyRouteComponent(() => import('./routes/observer.tsx'), 'ObserverRoute'),
})

const messageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages/$messageId',
  component: lazyRouteComponent(() => import('./routes/message.tsx'), 'MessageRoute'),
})

const suitesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/suites',
  component: lazyRouteComponent(() => import('./routes/suites.tsx'), 'SuitesRoute'),
})

const suiteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/suites/$versionId',
  validateSearch: parseSuiteSearch,
  component: lazyRouteComponent(() => import('./routes/suites.tsx'), 'SuiteRoute'),
})

const analyticsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/analytics',
  validateSearch: parseAnalyticsSearch,
  component: lazyRouteComponent(() => import('./routes/analytics.tsx'), 'AnalyticsRoute'),
})

const settingsIndexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'providers' }, replace: true })
  },
})

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/$section',
  component: lazyRouteComponent(() => import('./routes/settings.tsx'), 'SettingsRoute'),
})

const newChatRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/chat',
  component: lazyRouteComponent(() => import('./routes/chat.tsx'), 'NewChatRoute'),
})

const chatRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/chat/$conversationId',
  validateSearch: parseChatSearch,
  component: lazyRouteComponent(() => import('./routes/chat.tsx'), 'ChatRoute'),
})

const sessionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$sessionId',
  validateSearch: parseSessionSearch,
  component: lazyRouteComponent(() => import('./routes/sessions.tsx'), 'SessionRoute'),
})

const sessionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions',
  validateSearch: parseSessionsSearch,
  component: lazyRouteComponent(() => import('./routes/sessions.tsx'), 'SessionsRoute'),
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    runsRoute,
    newRunRoute,
    runRoute,
    itemRoute,
    observerRoute,
    messageRoute,
    suitesRoute,
    suiteRoute,
    sessionsRoute,
    analyticsRoute,
    newChatRoute,
    chatRoute,
    settingsIndexRoute,
    settingsRoute,
    sessionRoute,
  ]),
  // A page opens at its top; going back returns to where one was.
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultPendingComponent: RoutePending,
  defaultErrorComponent: RouteError,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
