import { IconAlertTriangle } from '@tabler/icons-react'
import type { ErrorBody } from '@proctor/schema'
import type { ReactNode } from 'react'
import classes from './notice.module.css'

/** What went wrong, and what to do about it. */
export function ErrorNotice({ error, action }: { error: ErrorBody; action?: ReactNode }) {
  return (
    <div className={classes['notice']} data-tone="bad" role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div className={classes['body']}>
        <strong>{error.message}</strong>
        <span>{error.mend}</span>
        {error.requestId !== 'none' && <code className={classes['request']}>request {error.requestId}</code>}
      </div>
      {action}
    </div>
  )
}

/** An error as it stands under its input: message and mend in one, without the field's name, which the label says. */
export function fieldError(error: ErrorBody | null): string | null {
  if (!error) return null
  const prefix = `${error.field ?? ''}: `
  const message = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message
  return `${message} ${error.mend}`
}
