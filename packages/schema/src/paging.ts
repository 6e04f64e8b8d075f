import { z } from 'zod'
import { maxPageSize } from './constants.ts'

/** Input shared by every list: an opaque cursor from the page before, and a page size. */
export const pageInputSchema = z.object({
  cursor: z.string().max(200).nullish(),
  limit: z.number().int().min(1).max(maxPageSize).default(50),
})

/** A page of `item`, with the cursor of the next page or null at the end. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
