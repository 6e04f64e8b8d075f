import { openDatabase } from '../../../src/persistence/database.ts'
import { uuidv7 } from '../../../src/persistence/ids.ts'

/**
 * A process of its own on an embedded folder: inserts suites and prints each id once it is stored.
 * Without a second argument it goes on until it is killed.
 */
const [folder = '', count = 'Infinity'] = process.argv.slice(2)
const database = await openDatabase({ kind: 'embedded', dataDir: folder })
process.stdout.write('open\n')
for (let index = 0; index < Number(count); index++) {
  const id = uuidv7()
  await database.prisma.suite.create({ data: { id, name: id } })
  process.stdout.write(`${id}\n`)
}
await database.close()
// The job queue leaves a timer behind that would hold the process for some seconds.
process.exit(0)
