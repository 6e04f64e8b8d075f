import { Autocomplete, Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconPlugConnected } from '@tabler/icons-react'
import type { ModelInfo, ProviderStatus, TestCallResult } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Card } from '../../ui/card.tsx'
import { formatCount, formatQuantity } from '../../ui/count.ts'
import { formatLatency } from '../../ui/duration.ts'
import { ErrorNotice, fieldError } from '../../ui/error-notice.tsx'
import { ListSkeleton } from '../../ui/list-table.tsx'
import { formatMoney } from '../../ui/money.ts'
import classes from './settings.module.css'

/** The providers: what sets them up, whether they answer, and which models they have. */
export function ProvidersSection() {
  const query = trpc.judge.models.useQuery()
  if (query.error)
    return (
      <ErrorNotice
        error={readError(query.error)}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    )
  if (!query.data) return <ListSkeleton label="Loading providers" />
  const { providers, models } = query.data
  return (
    <>
      {providers.map((provider) => (
        <Provider
          key={provider.provider}
          provider={provider}
          models={models.filter((model) => model.provider === provider.provider)}
        />
      ))}
      <Card title="Servers that speak the same protocol">
        <p className={classes['quiet']}>
          vLLM, Ollama, LM Studio, OpenRouter, LiteLLM and others work as <code>openai</code>. Set the address, and a
          key where the server wants one, before Proctor is started:
        </p>
        <pre className={classes['code']}>OPENAI_BASE_URL=http://localhost:11434/v1 npm start</pre>
      </Card>
    </>
  )
}

function Provider({ provider, models }: { provider: ProviderStatus; models: readonly ModelInfo[] }) {
  const priced = models.filter((model) => model.price !== null).length
  return (
    <Card
      title={provider.provider}
      aside={
        <span className={classes['state']} data-ready={provider.ready}>
          {provider.ready ? <IconCircleCheck size={15} aria-hidden /> : <IconAlertTriangle size={15} aria-hidden />}
          {provider.ready ? 'Ready' : 'Cannot be called'}
        </span>
      }
    >
      <dl className={classes['facts']}>
        <dt>Key</dt>
        <dd>
          {provider.hasKey ? 'set' : 'not set'}, from <code>{provider.keyVariable}</code> in the environment
        </dd>
        <dt>Server</dt>
        <dd>
          {provider.host}, from <code>{provider.baseUrlVariable}</code> where that is set
        </dd>
        <dt>Models</dt>
        <dd>
          {models.length === 0
            ? 'none listed'
            : `${formatQuantity(models.length, 'model')}, ${formatCount(priced)} with a known price`}
        </dd>
      </dl>
      {provider.problem !== null && <p className={classes['failed']}>{provider.problem}</p>}
      {models.length > 0 && (
        <details>
          <summary>All models</summary>
          <ul>
            {models.map(({ ref, price }) => (
              <li key={ref}>
                <code>{ref}</code>
                {price === null && <span className={classes['quiet']}> no price</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
      {provider.ready && <TestCall provider={provider} models={models} />}
    </Card>
  )
}

function TestCall({ provider, models }: { provider: ProviderStatus; models: readonly ModelInfo[] }) {
  const [model, setModel] = useState(models[0]?.ref ?? `${provider.provider}:`)
  const test = trpc.judge.testCall.useMutation()
  const error = test.error ? readError(test.error) : null
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        test.mutate({ model: model.trim() })
      }}
    >
      <div className={classes['test']}>
        <Autocomplete
          label="Test call"
          description="One small call, which costs what a few words cost."
          className={classes['testModel'] ?? ''}
          data={models.map(({ ref }) => ref)}
          limit={100}
          value={model}
          onChange={setModel}
          error={fieldError(error)}
        />
        <Button type="submit" loading={test.isPending} leftSection={<IconPlugConnected size={15} aria-hidden />}>
          Call
        </Button>
      </div>
      {test.data && <Outcome result={test.data} />}
    </form>
  )
}

function Outcome({ result }: { result: TestCallResult }) {
  if (!result.ok)
    return (
      <ErrorNotice
        error={{
          code: 'internal',
          field: null,
          message: `The call failed: ${result.failure.kind}`,
          mend: result.failure.message,
          requestId: result.failure.providerRequestId ?? 'none',
        }}
      />
    )
  const { latencyMs, timeToFirstTokenMs, usage, costMicros, rateLimit } = result
  const parts = [
    `Answered in ${formatLatency(latencyMs)}`,
    timeToFirstTokenMs !== null && `first token after ${formatLatency(timeToFirstTokenMs)}`,
    `${formatCount(usage.inputTokens)} tokens in, ${formatCount(usage.outputTokens)} out`,
    costMicros === null ? 'unknown price' : formatMoney(costMicros),
    rateLimit.remainingRequests !== null && `${formatCount(rateLimit.remainingRequests)} requests left`,
    rateLimit.remainingTokens !== null && `${formatCount(rateLimit.remainingTokens)} tokens left`,
  ]
  return (
    <p className={classes['result']} role="status">
      {parts.filter((part) => part !== false).join(' · ')}
    </p>
  )
}
