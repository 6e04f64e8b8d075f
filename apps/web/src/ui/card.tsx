import type { ReactNode } from 'react'
import classes from './card.module.css'

/** A titled block of a page; `aside` stands at the title's right. */
export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children?: ReactNode }) {
  return (
    <section className={classes['card']} aria-label={title}>
      <div className={classes['head']}>
        <h2 className={classes['title']}>{title}</h2>
        {aside}
      </div>
      {children && <div className={classes['body']}>{children}</div>}
    </section>
  )
}

/** Fields of a card side by side, as many as fit. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className={classes['fields']}>{children}</div>
}
