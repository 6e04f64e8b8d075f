import { anchorsSchema, type SavedCriterion } from '@proctor/schema'
import type { CriterionStore } from '../domain/ports.ts'
import type { Database } from './database.ts'
import type { Criterion as Row } from './prisma-client/client.ts'
import { storable } from './runs/write-group.ts'

/** Criteria of the user's own. */
export function createCriterionStore({ prisma }: Database): CriterionStore {
  return {
    async list(archived) {
      const rows = await prisma.criterion.findMany({
        where: archived ? {} : { archivedAt: null },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      })
      return rows.map(toCriterion)
    },

    async save(criterion) {
      const { id, name, description, anchors } = storable(criterion)
      const wording = { name, description, anchors: { ...anchors }, archivedAt: null }
      return toCriterion(await prisma.criterion.upsert({ where: { id }, create: { id, ...wording }, update: wording }))
    },

    async setArchived(id, archived) {
      const { count } = await prisma.criterion.updateMany({
        where: { id },
        data: { archivedAt: archived ? new Date() : null },
      })
      return count > 0
    },
  }
}

function toCriterion({ id, name, description, anchors, archivedAt }: Row): SavedCriterion {
  return {
    id,
    name,
    description,
    anchors: anchorsSchema.parse(anchors),
    builtIn: false,
    archivedAt: archivedAt?.toISOString() ?? null,
  }
}
