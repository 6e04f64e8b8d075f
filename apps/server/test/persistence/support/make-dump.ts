import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openEmbedded } from '../../../src/persistence/embedded/open-embedded.ts'

/** A migrated, empty embedded database as a tar file: opening it is much quicker than migrating anew. */
export async function makeEmbeddedDump(workFolder: string): Promise<Blob> {
  const root = await mkdtemp(join(workFolder, 'dump-'))
  const folder = join(root, 'data')
  const database = await openEmbedded(folder)
  await database.close()
  const pglite = await PGlite.create(folder)
  try {
    return await pglite.dumpDataDir('none')
  } finally {
    await pglite.close()
    await rm(root, { recursive: true, force: true })
  }
}
