import type { ModelPrice } from '@proctor/schema'
import type { PriceStore } from '../domain/ports.ts'
import type { Database } from './database.ts'
import { uuidv7 } from './ids.ts'
import { vendorPrices } from './vendor-prices.ts'

interface PriceRow extends Omit<ModelPrice, 'effectiveFrom'> {
  effectiveFrom: Date
}

/** Dated prices: the vendors' list to begin with, edited by users. */
export async function createPriceStore({ prisma }: Database): Promise<PriceStore> {
  // A day and model that is there already stays: a user may have corrected it.
  await prisma.modelPrice.createMany({ data: vendorPrices.map(toRow), skipDuplicates: true })

  return {
    async pricesOn(day) {
      const rows = await prisma.$queryRawUnsafe<PriceRow[]>(
        `SELECT DISTINCT ON (model) model, effective_from AS "effectiveFrom",
           input_micros_per_million::float8 AS "inputMicrosPerMillion",
           output_micros_per_million::float8 AS "outputMicrosPerMillion",
           cached_input_micros_per_million::float8 AS "cachedInputMicrosPerMillion", source
         FROM model_prices WHERE effective_from <= $1::date ORDER BY model, effective_from DESC`,
        isoDay(day),
      )
      return new Map(rows.map((row) => [row.model, { ...row, effectiveFrom: isoDay(row.effectiveFrom) }]))
    },

    async listAll() {
      const rows = await prisma.$queryRawUnsafe<PriceRow[]>(
        `SELECT model, effective_from AS "effectiveFrom",
           input_micros_per_million::float8 AS "inputMicrosPerMillion",
           output_micros_per_million::float8 AS "outputMicrosPerMillion",
           cached_input_micros_per_million::float8 AS "cachedInputMicrosPerMillion", source
         FROM model_prices ORDER BY model, effective_from DESC`,
      )
      return rows.map((row) => {
        const price = { ...row, effectiveFrom: isoDay(row.effectiveFrom) }
        return { ...price, fromList: isSame(price, listed(price)) }
      })
    },

    async remove({ model, effectiveFrom }) {
      const vendor = listed({ model, effectiveFrom })
      const where = { model, effectiveFrom: new Date(`${effectiveFrom}T00:00:00Z`) }
      if (!vendor) return (await prisma.modelPrice.deleteMany({ where })).count > 0
      const { id: _, ...data } = toRow(vendor)
      return (await prisma.modelPrice.updateMany({ where, data })).count > 0
    },

    async unpricedModels() {
      const rows = await prisma.$queryRawUnsafe<{ model: string }[]>(
        `SELECT DISTINCT u.model FROM (SELECT model FROM batch_test_runs
           UNION SELECT judge_settings->>'model' FROM batch_test_runs WHERE judge_settings IS NOT NULL) u
         WHERE NOT EXISTS (SELECT 1 FROM model_prices p WHERE p.model = u.model) ORDER BY u.model LIMIT 200`,
      )
      return rows.map(({ model }) => model)
    },

    async save(price) {
      const data = toRow(price)
      const { id: _, ...update } = data
      await prisma.modelPrice.upsert({
        where: { model_effectiveFrom: { model: data.model, effectiveFrom: data.effectiveFrom } },
        create: data,
        update,
      })
    },
  }
}

function listed({ model, effectiveFrom }: Pick<ModelPrice, 'model' | 'effectiveFrom'>): ModelPrice | undefined {
  return vendorPrices.find((entry) => entry.model === model && entry.effectiveFrom === effectiveFrom)
}

function isSame(price: ModelPrice, other: ModelPrice | undefined): boolean {
  return (
    price.inputMicrosPerMillion === other?.inputMicrosPerMillion &&
    price.outputMicrosPerMillion === other.outputMicrosPerMillion &&
    price.cachedInputMicrosPerMillion === other.cachedInputMicrosPerMillion
  )
}

function toRow(price: ModelPrice) {
  return { ...price, id: uuidv7(), effectiveFrom: new Date(`${price.effectiveFrom}T00:00:00Z`) }
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}
