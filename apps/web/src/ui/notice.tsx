import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './notice.module.css'

/** A remark beside a control: quiet by default, `fair` when it needs a look. */
export function Notice({ tone = 'quiet', children }: { tone?: 'quiet' | 'fair'; children: ReactNode }) {
  return (
    <div className={classes['notice']} data-tone={tone} role="status">
      <IconInfoCircle size={16} aria-hidden />
      <div className={classes['body']}>{children}</div>
    </div>
  )
}
