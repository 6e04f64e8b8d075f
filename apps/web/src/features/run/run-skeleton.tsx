import { Skeleton } from '@mantine/core'

export function RunSkeleton() {
  return (
    <div aria-busy aria-label="Loading the run" style={{ display: 'grid', gap: 14 }}>
      <Skeleton height={48} width={360} />
      <Skeleton height={110} />
      <Skeleton height={380} />
    </div>
  )
}
