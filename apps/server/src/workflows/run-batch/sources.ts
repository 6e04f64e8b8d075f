import type { ItemToJudge, PendingItem } from '../../domain/run-ports.ts'

const pendingPageSize = 256
const judgePageSize = 512

/** Hands out a run's pending items in order, read page by page. Each call gets another item. */
export class PendingSource {
  readonly #load: (afterPosition: number, limit: number) => Promise<PendingItem[]>
  #page: PendingItem[] = []
  #lastPosition = -1
  #ended = false
  #loading: Promise<void> | null = null

  constructor(load: (afterPosition: number, limit: number) => Promise<PendingItem[]>) {
    this.#load = load
  }

  /** The next item, or null at the end. */
  async next(): Promise<PendingItem | null> {
    for (;;) {
      const item = this.#page.shift()
      if (item) return item
      if (this.#ended) return null
      this.#loading ??= this.#loadPage().finally(() => (this.#loading = null))
      await this.#loading
    }
  }

  async #loadPage(): Promise<void> {
    this.#page = await this.#load(this.#lastPosition, pendingPageSize)
    this.#lastPosition = this.#page.at(-1)?.position ?? this.#lastPosition
    this.#ended = this.#page.length === 0
  }
}

/**
 * Hands out the answers that wait for the judge. Fresh answers are pushed; when they come faster than
 * the judge works, the surplus is left in the database and read from there later, so memory stays
 * bounded and answering never waits for judging.
 */
export class JudgeSource {
  readonly #load: (afterPosition: number, limit: number) => Promise<ItemToJudge[]>
  #queue: ItemToJudge[] = []
  /** Handed out and not yet stored: the database still lists them as waiting. */
  readonly #claimed = new Set<string>()
  #releasedWhileScanning: string[] = []
  #mustScan = true
  #scanning: Promise<void> | null = null
  #closed = false
  #stopped = false
  #sleepers: (() => void)[] = []

  constructor(load: (afterPosition: number, limit: number) => Promise<ItemToJudge[]>) {
    this.#load = load
  }

  push(item: ItemToJudge): void {
    if (this.#mustScan || this.#scanning || this.#queue.length >= judgePageSize) this.#mustScan = true
    else this.#queue.push(item)
    this.#wake()
  }

  /** Look into the database again: somebody asked for more judging. */
  rescan(): void {
    this.#mustScan = true
    this.#wake()
  }

  /** No more pushes: `next` gives null once everything is handed out. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  /** Hand out nothing more, whatever is left: it stays in the database. */
  stop(): void {
    this.#queue = []
    this.#mustScan = false
    this.#stopped = true
    this.close()
  }

  /** The item's verdict is stored (or given up): it will not be listed any more, but by a scan under way. */
  release(itemId: string): void {
    if (this.#scanning) this.#releasedWhileScanning.push(itemId)
    else this.#claimed.delete(itemId)
  }

  /** The next answer to judge; waits for one, or gives null when the source is closed and empty. */
  async next(): Promise<ItemToJudge | null> {
    for (;;) {
      if (this.#stopped) return null
      const item = this.#queue.shift()
      if (item) {
        this.#claimed.add(item.id)
        return item
      }
      if (this.#scanning) await this.#scanning
      else if (this.#mustScan) {
        this.#scanning = this.#scan().finally(() => (this.#scanning = null))
        await this.#scanning
      } else if (this.#closed) return null
      else await new Promise<void>((resolve) => this.#sleepers.push(resolve))
    }
  }

  async #scan(): Promise<void> {
    this.#mustScan = false
    const page = await this.#load(-1, judgePageSize)
    this.#queue = page.filter((item) => !this.#claimed.has(item.id))
    for (const itemId of this.#releasedWhileScanning) this.#claimed.delete(itemId)
    this.#releasedWhileScanning = []
    if (page.length === judgePageSize) this.#mustScan = true
  }

  #wake(): void {
    const sleepers = this.#sleepers
    this.#sleepers = []
    for (const resolve of sleepers) resolve()
  }
}
