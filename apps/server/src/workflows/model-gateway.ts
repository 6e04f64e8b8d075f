import {
  costMicros,
  splitModelRef,
  type CallSettings,
  type ModelPrice,
  type ModelRef,
  type RemovePriceInput,
  type Usage,
} from '@proctor/schema'
import { UserError } from '../domain/errors.ts'
import type { ChatProvider, ChatRequest, Clock, PaceStore, PriceStore, Random } from '../domain/ports.ts'
import { worstCaseMicros } from '../domain/pricing/worst-case.ts'
import { callModel, type CompletedCall } from './call-model.ts'
import { ModelLimiter } from './model-limiter.ts'

const priceTtlMs = 10_000

/** A model that can be called: one limiter per model, and its price of the day. */
export interface CallableModel {
  ref: ModelRef
  /** Where its calls go. */
  host: string
  price: ModelPrice | null
  call(
    request: Omit<ChatRequest, 'model'>,
    settings: Pick<CallSettings, 'timeoutMs' | 'maxAttempts'>,
    signal: AbortSignal,
    onText?: (delta: string) => void,
  ): Promise<CompletedCall>
  /** Reasoning models refuse a temperature; noted once one has done so. */
  quirks: { refusesTemperature: boolean }
  /** Micro-dollars, or null where the price is unknown. */
  costOf(usage: Usage): number | null
  /** The most that the call can cost, 0 where the price is unknown (no budget is accepted then). */
  worstCaseOf(request: Omit<ChatRequest, 'model'>): number
}

/** Finds models by `provider:model` and calls them. */
export class ModelGateway {
  readonly #providers: readonly ChatProvider[]
  readonly #prices: PriceStore
  readonly #clock: Clock
  readonly #random: Random
  readonly #paces: PaceStore
  readonly #limiters = new Map<ModelRef, ModelLimiter>()
  readonly #quirks = new Map<ModelRef, CallableModel['quirks']>()
  #pricesOfDay: { readAtMs: number; prices: Promise<Map<string, ModelPrice>> } | null = null

  constructor(deps: {
    providers: readonly ChatProvider[]
    prices: PriceStore
    paces: PaceStore
    clock: Clock
    random: Random
  }) {
    this.#paces = deps.paces
    this.#providers = deps.providers
    this.#prices = deps.prices
    this.#clock = deps.clock
    this.#random = deps.random
  }

  get providers(): readonly ChatProvider[] {
    return this.#providers
  }

  /**
   * The provider of a model, ready to be called.
   * @param field the input field to name when it cannot be called
   * @throws UserError unknown-provider or missing-key
   */
  providerOf(ref: ModelRef, field: string): ChatProvider {
    const name = splitModelRef(ref).provider
    const provider = this.#providers.find((entry) => entry.name === name)
    if (!provider) {
      const known = this.#providers.map((entry) => entry.name).join(', ')
      throw new UserError('unknown-provider', {
        field,
        message: `There is no provider "${name}".`,
        mend: `Write the model as provider:model with one of the providers ${known}.`,
      })
    }
    if (provider.problem) throw new UserError('missing-key', { field, ...provider.problem })
    return provider
  }

  /** Prices of today; read again every few seconds, since users edit them. */
  async prices(): Promise<Map<string, ModelPrice>> {
    const nowMs = this.#clock.monotonicMs()
    if (!this.#pricesOfDay || nowMs - this.#pricesOfDay.readAtMs > priceTtlMs)
      this.#pricesOfDay = { readAtMs: nowMs, prices: this.#prices.pricesOn(this.#clock.now()) }
    return this.#pricesOfDay.prices
  }

  /** Sets a price; it counts from the next call on. */
  async savePrice(price: ModelPrice): Promise<ModelPrice> {
    await this.#prices.save(price)
    this.#pricesOfDay = null
    return price
  }

  /** Takes a price back; false when there is none of this model and day. */
  async removePrice(price: RemovePriceInput): Promise<boolean> {
    const isRemoved = await this.#prices.remove(price)
    this.#pricesOfDay = null
    return isRemoved
  }

  /** @throws UserError as providerOf */
  async model(ref: ModelRef, field: string): Promise<CallableModel> {
    const provider = this.providerOf(ref, field)
    const price = (await this.prices()).get(ref) ?? null
    const { model } = splitModelRef(ref)
    let limiter = this.#limiters.get(ref)
    if (!limiter) {
      limiter = new ModelLimiter({ model: ref, store: this.#paces, clock: this.#clock })
      this.#limiters.set(ref, limiter)
    }
    let quirks = this.#quirks.get(ref)
    if (!quirks) this.#quirks.set(ref, (quirks = { refusesTemperature: false }))
    const deps = { provider, limiter, clock: this.#clock, random: this.#random }
    return {
      ref,
      host: provider.server.host,
      price,
      quirks,
      call: (request, settings, signal, onText) => callModel(deps, { ...request, model }, settings, signal, onText),
      costOf: (usage) => costMicros(usage, price),
      worstCaseOf: (request) => (price ? worstCaseMicros({ ...request, model }, price) : 0),
    }
  }
}
