import type { Item } from '@proctor/schema'
import { LeaseLostError } from '../../domain/errors.ts'
import type { Outcome } from '../../domain/run-ports.ts'
import { foldOutcomes, type Fold, type ItemBody, type RunTotals } from '../../domain/scheduler/transitions.ts'
import type { Database } from '../database.ts'
import { lockDrivenRun, type LockedRun } from './locked-run.ts'
import { itemIdsOf, recordOutcomes } from './record-outcomes.ts'
import { toGroup, toJson } from './write-group.ts'

/** Rows beyond this many are forgotten, the oldest first: they are read again when they are needed. */
const maxRows = 16384

interface KnownRow {
  body: ItemBody
  /** The run's last event when the row was read or written. */
  asOfSeq: number
}

/**
 * Writes the outcomes of one drive. A driver is nearly always the only writer of its run, so it keeps the
 * counters and the rows that it works on, and a group is one statement that says as of which event it was
 * computed. When somebody else has written meanwhile (a user who pauses, retries or judges again), the
 * statement does nothing, and the group is computed anew from the rows under the run's lock.
 *
 * One call at a time: the recorder writes group after group.
 */
export class RunWriter {
  readonly #prisma: Database['prisma']
  readonly #runId: string
  /** The lease that it writes under. */
  readonly epoch: number
  #totals: RunTotals
  #seq: number
  /** Rows as of an earlier event are worth nothing: somebody else wrote after it. */
  #foreignSeq = 0
  readonly #rows = new Map<string, KnownRow>()

  /** @param start the run as it stands when its lease is taken */
  constructor(prisma: Database['prisma'], runId: string, start: LockedRun) {
    this.#prisma = prisma
    this.#runId = runId
    this.epoch = start.epoch
    this.#totals = start.totals
    this.#seq = start.lastSeq
  }

  /** The last event that this writer knows of; take it before reading rows, and give it to `remember`. */
  get seq(): number {
    return this.#seq
  }

  /** Rows that were read for the driver, and that it will write next. */
  remember(items: readonly Item[], asOfSeq: number): void {
    for (const { seq: _, ...body } of items) this.#keep({ body, asOfSeq })
  }

  /** @throws LeaseLostError when the run is driven by somebody else now */
  async record(outcomes: Outcome[]): Promise<void> {
    const fold = this.#foldKnown(outcomes)
    if (fold && (await this.#writeAt(fold))) return
    await this.#writeLocked(outcomes)
  }

  /** The group computed from what is known here; null where that may not be all. */
  #foldKnown(outcomes: readonly Outcome[]): Fold | null {
    const rows = new Map<string, ItemBody>()
    for (const outcome of outcomes) {
      const row = this.#rows.get(outcome.itemId ?? '')
      if (!row || row.asOfSeq < this.#foreignSeq) return null
      // A second verdict retires the first, which only the database knows.
      if (outcome.type === 'judged' && row.body.scores.length > 0) return null
      rows.set(row.body.id, row.body)
    }
    const fold = foldOutcomes(this.#totals, rows, [], outcomes)
    // What is dropped here may be legal as the rows really stand.
    return fold.applied.length === outcomes.length ? fold : null
  }

  async #writeAt(fold: Fold): Promise<boolean> {
    const seq = this.#seq
    const group = toGroup(seq, fold)
    const [row] = await this.#prisma.$queryRawUnsafe<{ result: 'written' | 'stale' | 'lost' }[]>(
      'SELECT proctor_write_group_at($1::uuid, $2::int, $3::bigint, $4::jsonb) AS result',
      this.#runId,
      this.epoch,
      seq,
      toJson(group),
    )
    if (row?.result === 'lost') throw new LeaseLostError(this.#runId)
    if (row?.result !== 'written') return false
    this.#learn(fold, group.lastSeq)
    return true
  }

  async #writeLocked(outcomes: Outcome[]): Promise<void> {
    const runId = this.#runId
    const { fold, seq, seenSeq } = await this.#prisma.$transaction(async (tx) => {
      const run = await lockDrivenRun(tx, runId, this.epoch, itemIdsOf(outcomes))
      return { ...(await recordOutcomes(tx, runId, run, outcomes)), seenSeq: run.lastSeq }
    })
    if (seenSeq !== this.#seq) this.#foreignSeq = seenSeq
    this.#learn(fold, seq)
  }

  #learn(fold: Fold, seq: number): void {
    this.#totals = fold.totals
    this.#seq = seq
    for (const body of fold.items) {
      const isWorkedOn = body.state === 'running' || (body.state === 'answered' && body.judgeWanted)
      if (isWorkedOn) this.#keep({ body, asOfSeq: seq })
      else this.#rows.delete(body.id)
    }
  }

  #keep(row: KnownRow): void {
    this.#rows.delete(row.body.id)
    this.#rows.set(row.body.id, row)
    const oldest = this.#rows.size > maxRows ? this.#rows.keys().next().value : undefined
    if (oldest !== undefined) this.#rows.delete(oldest)
  }
}
