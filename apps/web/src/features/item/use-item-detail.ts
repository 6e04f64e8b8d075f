import type { Item } from '@proctor/schema'
import { useEffect, useRef } from 'react'
import { trpc } from '../../data/trpc.ts'

/** All about an item, read again whenever its row has changed. */
export function useItemDetail(item: Item) {
  const query = trpc.batch.item.useQuery({ itemId: item.id })
  const { refetch } = query
  // The row carries the number of its last change: another number means that there is more to read.
  const seenSeq = useRef(item.seq)
  useEffect(() => {
    if (seenSeq.current === item.seq) return
    seenSeq.current = item.seq
    void refetch()
  }, [item.seq, refetch])
  return query
}
