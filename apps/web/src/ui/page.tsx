import type { ReactNode } from 'react'
import classes from './page.module.css'

/** The frame of a page; `fill` makes it exactly as high as the window, so that a table can scroll inside. */
export function Page({ fill = false, children }: { fill?: boolean; children: ReactNode }) {
  return (
    <div className={classes['page']} data-fill={fill || undefined}>
      {children}
    </div>
  )
}

/** Top of a page: the way here, its title, and its actions (the primary one last). */
export function PageHeader({
  crumbs,
  title,
  badge,
  actions,
  children,
}: {
  crumbs?: ReactNode
  title: string
  badge?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className={classes['header']}>
      <title>{`${title} · Proctor`}</title>
      <div className={classes['heading']}>
        {crumbs && (
          <nav aria-label="Breadcrumb" className={classes['crumbs']}>
            {crumbs}
          </nav>
        )}
        <div className={classes['titles']}>
          <h1 className={classes['title']}>{title}</h1>
          {badge}
        </div>
      </div>
      {actions && <div className={classes['actions']}>{actions}</div>}
      {children && <div className={classes['more']}>{children}</div>}
    </header>
  )
}
