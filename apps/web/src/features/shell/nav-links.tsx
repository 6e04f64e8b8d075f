import { Link } from '@tanstack/react-router'
import { screens } from './screens.ts'
import classes from './app-shell.module.css'

export function NavLinks() {
  return (
    <nav aria-label="Main" className={classes['links']}>
      {screens.map(({ to, name, icon: ScreenIcon, isExact = false }) => (
        <Link
          key={to}
          to={to}
          className={classes['link'] ?? ''}
          activeOptions={{ exact: isExact, includeSearch: false }}
        >
          <ScreenIcon size={16} aria-hidden /> {name}
        </Link>
      ))}
    </nav>
  )
}
