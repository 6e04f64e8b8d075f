import { createHash } from 'node:crypto'

/**
 * Whether an item is in the judged sample. A hash decides, so that a resumed run picks the same items,
 * and it leaves the run out, so that two runs of a suite judge the same cases and stay comparable.
 *
 * @param share fraction of the items, in (0, 1]
 */
export function isSampled(caseId: string, repeat: number, share: number): boolean {
  if (share >= 1) return true
  const digest = createHash('sha256')
    .update(JSON.stringify([caseId, repeat]))
    .digest()
  return digest.readUInt32BE(0) / 2 ** 32 < share
}
