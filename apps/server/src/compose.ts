import type { Server } from 'node:http'
import { pino, type Logger } from 'pino'
import { createApp } from './app.ts'
import { systemClock } from './clock.ts'
import type { ChatProvider } from './domain/ports.ts'
import type { Env } from './env.ts'
import { createAnswerCache } from './persistence/answer-cache.ts'
import { createChatStore } from './persistence/chat-store.ts'
import { createCriterionStore } from './persistence/criterion-store.ts'
import { openDatabase } from './persistence/database.ts'
import { uuidv7 } from './persistence/ids.ts'
import { createMessageStore } from './persistence/message-store.ts'
import { createPaceStore } from './persistence/pace-store.ts'
import { createObserverStore } from './persistence/observer/observer-store.ts'
import { createRunFactsStore } from './persistence/observer/run-facts.ts'
import { createPriceStore } from './persistence/price-store.ts'
import { createEventLog } from './persistence/runs/event-log.ts'
import { createJobQueue } from './persistence/runs/job-queue.ts'
import { createRunDriverStore } from './persistence/runs/run-driver-store.ts'
import { createRunStore } from './persistence/runs/run-store.ts'
import { createSessionStore } from './persistence/session-store.ts'
import { createSuiteStore } from './persistence/suite-store.ts'
import { createProviders } from './providers/index.ts'
import { cancelRun, judgeRun, pauseRun, resumeRun, retryFailed } from './workflows/control-run.ts'
import { ChatDesk } from './workflows/chat/chat-desk.ts'
import { saveAsCase } from './workflows/chat/save-as-case.ts'
import { createRun, createRuns } from './workflows/create-run.ts'
import { estimateRun } from './workflows/estimate-run.ts'
import { exportObserver, exportRun } from './workflows/export-run.ts'
import { judgeMessage } from './workflows/judge-message.ts'
import { listModels } from './workflows/list-models.ts'
import { Lookout } from './workflows/observer/lookout.ts'
import { ObserverDesk } from './workflows/observer/observer-desk.ts'
import { ModelGateway } from './workflows/model-gateway.ts'
import { Worker } from './workflows/run-batch/worker.ts'
import { listCriteria } from './workflows/resolve-criteria.ts'
import { retagSession } from './workflows/retag-session.ts'
import { archiveCriterion, saveCriterion } from './workflows/save-criterion.ts'
import { editSuite, saveSuite } from './workflows/save-suite.ts'
import type { Services } from './workflows/services.ts'
import { setFeedback } from './workflows/set-feedback.ts'
import { testCall } from './workflows/test-call.ts'
import { tryValidator } from './workflows/try-validator.ts'
import { watchRun } from './workflows/watch-run.ts'

export interface RunningServer {
  /** Where it listens, for example http://127.0.0.1:4000 */
  url: string
  services: Services
  logger: Logger
  /** Stops taking requests and calls, lets calls in flight end, closes the database. */
  close(): Promise<void>
}

export interface ComposeOptions {
  env: Env
  /** Keys and base URLs of the providers. */
  variables: Record<string, string | undefined>
  /** Built files of the dashboard; null serves the API alone. */
  webDir: string | null
}

/** Builds the whole server and starts it. The only place where things are put together. */
export async function startServer({ env, variables, webDir }: ComposeOptions): Promise<RunningServer> {
  const logger = pino({ level: env.PROCTOR_LOG_LEVEL })
  const database = await openDatabase(
    env.DATABASE_URL === undefined
      ? { kind: 'embedded', dataDir: env.PROCTOR_DATA_DIR }
      : { kind: 'postgresql', url: env.DATABASE_URL },
  )
  const providers: ChatProvider[] = createProviders(variables)
  const basics = { clock: systemClock, random: Math.random, newId: uuidv7 }
  const runs = createRunStore(database)
  const suites = createSuiteStore(database)
  const sessions = createSessionStore(database)
  const messages = createMessageStore(database)
  const criteria = createCriterionStore(database)
  const prices = await createPriceStore(database)
  const events = await createEventLog(database)
  const driverStore = await createRunDriverStore(database)
  const jobs = await createJobQueue(database)
  const gateway = new ModelGateway({ providers, prices, paces: createPaceStore(database), ...basics })

  const chats = createChatStore(database)
  const chatDesk = new ChatDesk({
    chats,
    gateway,
    newId: uuidv7,
    onError: (conversationId, error) => logger.error({ conversationId, err: error }, 'A reply broke.'),
  })

  const observers = createObserverStore(database)
  const observing = { observers, facts: createRunFactsStore(database), runs, gateway, ...basics }
  const observer = new ObserverDesk({
    ...observing,
    onError: (runId, error) => logger.error({ runId, err: error }, 'An answer of the observer broke.'),
  })
  const lookout = new Lookout({
    ...observing,
    onError: (runId, error) => logger.error({ runId, err: error }, 'The observer could not look at a run.'),
  })

  const services: Services = {
    runs,
    suites,
    sessions,
    messages,
    prices,
    listCriteria: (archived) => listCriteria(criteria, archived),
    saveCriterion: (criterion) => saveCriterion(criteria, criterion),
    archiveCriterion: (id, archived) => archiveCriterion(criteria, id, archived),
    testCall: (model, signal) => testCall(gateway, model, signal),
    tryValidator,
    listPrices: async () => [...(await gateway.prices()).values()],
    savePrice: (price) => gateway.savePrice(price),
    removePrice: (price) => gateway.removePrice(price),
    chats,
    chatDesk,
    observer,
    exportObserver: (runId) => exportObserver(runs, observers, runId),
    saveAsCase: (input) => saveAsCase({ suites, messages }, input),
    editSuite: (input) => editSuite(suites, input),
    saveSuite: (input) => saveSuite(suites, input),
    createRun: (input) => createRun({ runs, suites, sessions, criteria, gateway, ...basics }, input),
    createRuns: (input) => createRuns({ runs, suites, sessions, criteria, gateway, ...basics }, input),
    estimateRun: (input) => estimateRun({ runs, suites, criteria, gateway }, input),
    pauseRun: (runId) => pauseRun(runs, runId),
    resumeRun: (runId, budgetMicros) => resumeRun(runs, runId, budgetMicros),
    cancelRun: (runId) => cancelRun(runs, runId),
    retryFailed: (runId, kind) => retryFailed(runs, runId, kind),
    judgeRun: (input) => judgeRun({ runs, criteria, gateway }, input),
    setFeedback: (input) => setFeedback(messages, input),
    retagSession: (input) => retagSession(sessions, input),
    judgeMessage: (input, signal) => judgeMessage({ gateway, runs, messages, criteria, ...basics }, input, signal),
    exportRun: (runId, format) => exportRun(runs, runId, format),
    listModels: (signal) => listModels(gateway, signal),
    watchRun: (runId, afterSeq, signal) => watchRun({ runs, events }, runId, afterSeq, signal),
  }

  const worker = new Worker({
    store: driverStore,
    jobs,
    gateway,
    cache: createAnswerCache(database),
    workerId: uuidv7(),
    onError: (runId, error) => logger.error({ runId, err: error }, 'A drive broke; it is tried again.'),
    ...basics,
  })
  await worker.start()
  lookout.start()
  const http = await listen(createApp({ services, logger, webDir }), env.PROCTOR_HOST, env.PROCTOR_PORT)

  return {
    url: urlOf(http, env.PROCTOR_HOST),
    services,
    logger,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await Promise.all([
        closed,
        chatDesk.close(),
        observer.close(),
        lookout.close(),
        worker.stop(env.PROCTOR_DRAIN_SECONDS * 1000),
      ])
      await database.close()
    },
  }
}

function listen(app: ReturnType<typeof createApp>, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(server)))
  })
}

function urlOf(http: Server, host: string): string {
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
