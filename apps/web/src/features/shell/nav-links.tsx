import { Link, useRouterState } from '@tanstack/react-router'
import { screens } from './screens.ts'
import classes from './app-shell.module.css'

export function NavLinks() {
  const path = useRouterState({ select: (state) => state.location.pathname })
  // The longest one that fits: a run is one of the runs, and a new run is not.
  const [current] = screens
    .filter(({ to }) => path === to || path.startsWith(`${to}/`))
    .toSorted((a, b) => b.to.length - a.to.length)
  return (
    <nav aria-label="Main" className={classes['links']}>
      {screens.map((screen) => (
        <Link
          key={screen.to}
          to={screen.to}
          className={classes['link'] ?? ''}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={screen === current ? 'page' : undefined}
        >
          <screen.icon size={16} aria-hidden /> {screen.name}
        </Link>
      ))}
    </nav>
  )
}
