import { splitModelRef, type ModelInfo, type ModelRef, type ProviderStatus } from '@proctor/schema'
import { ProviderError, UserError } from '../domain/errors.ts'
import type { ChatProvider } from '../domain/ports.ts'
import type { ModelGateway } from './model-gateway.ts'

const listTimeoutMs = 5000

/** Every model on offer with its price, and the state of each provider. */
export async function listModels(
  gateway: ModelGateway,
  signal: AbortSignal,
): Promise<{ providers: ProviderStatus[]; models: ModelInfo[] }> {
  const prices = await gateway.prices()
  const listed = await Promise.all(gateway.providers.map((provider) => describeProvider(provider, signal)))
  const models = listed.flatMap(({ status, names }) =>
    names.map((model): ModelInfo => {
      const ref = `${status.provider}:${model}`
      return { ref, provider: status.provider, model, price: prices.get(ref) ?? null }
    }),
  )
  return {
    providers: listed.map((entry) => entry.status),
    models: models.toSorted((a, b) => a.ref.localeCompare(b.ref)),
  }
}

async function describeProvider(
  provider: ChatProvider,
  signal: AbortSignal,
): Promise<{ status: ProviderStatus; names: string[] }> {
  const { name, problem, server } = provider
  const status = (ready: boolean, what: string | null): ProviderStatus => ({
    provider: name,
    ready,
    problem: what,
    ...server,
  })
  if (problem) return { status: status(false, `${problem.message} ${problem.mend}`), names: [] }
  try {
    const names = await provider.listModels(AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]))
    return { status: status(true, null), names: names ?? [] }
  } catch (error) {
    // A provider that cannot be reached is a state to show, not a reason to show nothing.
    const reason = error instanceof Error ? error.message : String(error)
    return { status: status(false, `The models cannot be listed: ${reason}`), names: [] }
  }
}

/**
 * Refuses a model that the provider says it does not have. A provider that has no list, or that cannot
 * be reached right now, gets the benefit of the doubt: its items will fail with their kind.
 * @throws UserError unknown-provider, missing-key or unknown-model
 */
export async function checkModelIsOffered(gateway: ModelGateway, ref: ModelRef, field: string): Promise<void> {
  const provider = gateway.providerOf(ref, field)
  const { model } = splitModelRef(ref)
  let offered: string[] | null
  try {
    offered = await provider.listModels(AbortSignal.timeout(listTimeoutMs))
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'auth')
      throw new UserError('missing-key', {
        field,
        message: `${provider.name} refused the API key: ${error.message}`,
        mend: `Set a valid key for ${provider.name} and restart.`,
      })
    return
  }
  if (offered === null || offered.includes(model)) return
  const similar = offered.filter((name) => name.startsWith(model.slice(0, 4))).slice(0, 5)
  throw new UserError('unknown-model', {
    field,
    message: `${provider.name} has no model "${model}".`,
    mend: `Choose one of ${(similar.length > 0 ? similar : offered.slice(0, 5)).map((name) => `${provider.name}:${name}`).join(', ')}.`,
  })
}
