import { IconPlugConnectedX } from '@tabler/icons-react'
import type { Connection } from '../../data/run-stream.ts'
import { formatDuration } from '../../ui/duration.ts'
import { useNow } from '../../ui/use-now.ts'
import classes from './connection-banner.module.css'

/** Says that what is shown may be old, and how old, while the event stream is down. */
export function ConnectionBanner({ connection }: { connection: Connection }) {
  return (
    <div aria-live="polite" className={classes['region']}>
      {connection.state === 'down' && (
        <div className={classes['banner']} data-testid="connection-banner">
          <IconPlugConnectedX size={15} aria-hidden />
          <span>
            Reconnecting, last update{' '}
            <span aria-hidden>
              <Age since={connection.lastUpdateAt} />
            </span>
          </span>
        </div>
      )}
    </div>
  )
}

function Age({ since }: { since: number }) {
  const now = useNow(1000)
  return <>{formatDuration((now - since) / 1000)} ago</>
}
