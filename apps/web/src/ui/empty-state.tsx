import type { ReactNode } from 'react'
import classes from './empty-state.module.css'

/** An empty place: what would be here, and the one next action. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={classes['empty']}>
      {icon && <span className={classes['icon']}>{icon}</span>}
      <h2 className={classes['title']}>{title}</h2>
      {children && <p className={classes['text']}>{children}</p>}
      {action}
    </div>
  )
}
