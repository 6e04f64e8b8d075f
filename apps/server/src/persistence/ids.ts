import { v7 } from 'uuid'

/** A new UUID v7: ordered by time, so that rows of one run lie together and cursors can be ids. */
export function uuidv7(): string {
  return v7()
}
