import { IconListCheck, IconListDetails, IconMessages, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import classes from './app-shell.module.css'

/** A further screen is one more link here. */
export function NavLinks() {
  const className = classes['link'] ?? ''
  return (
    <nav aria-label="Main" className={classes['links']}>
      <Link to="/runs" className={className} activeOptions={{ exact: true, includeSearch: false }}>
        <IconListDetails size={16} aria-hidden /> Runs
      </Link>
      <Link to="/runs/new" className={className} activeOptions={{ exact: true, includeSearch: false }}>
        <IconPlus size={16} aria-hidden /> New run
      </Link>
      <Link to="/suites" className={className}>
        <IconListCheck size={16} aria-hidden /> Suites
      </Link>
      <Link to="/sessions" className={className}>
        <IconMessages size={16} aria-hidden /> Sessions
      </Link>
    </nav>
  )
}
