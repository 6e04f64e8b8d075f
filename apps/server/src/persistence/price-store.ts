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

function toRow(price: ModelPrice) {
  return { ...price, id: uuidv7(), effectiveFrom: new Date(`${price.effectiveFrom}T00:00:00Z`) }
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}
