import { ActionIcon } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconMenu2, IconSearch, IconX } from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { ColorSchemeToggle } from './color-scheme-toggle.tsx'
import { Logo } from './logo.tsx'
import { NavLinks } from './nav-links.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import classes from './app-shell.module.css'

// Loaded when it is first asked for.
const CommandPalette = lazy(async () => ({ default: (await import('./command-palette.tsx')).CommandPalette }))

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Navigation beside the page; on a phone it folds into a bar on top. */
export function AppShell({ children }: { children: ReactNode }) {
  // Open on one page only: going to another one closes it.
  const [menuOpenAt, setMenuOpenAt] = useState<string | null>(null)
  const [helpOpen, help] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const menuOpen = menuOpenAt === path
  const [paletteOpen, palette] = useDisclosure(false)
  useShortcuts({ '?': help.open })
  // Works while typing, too.
  useHotkeys([['mod+K', palette.open]], [])

  return (
    <div className={classes['shell']}>
      <a href="#main" className={classes['skip']}>
        Skip to content
      </a>
      <div className={classes['nav']} data-open={menuOpen || undefined}>
        <div className={classes['top']}>
          <Link to="/runs" className={classes['brand']} aria-label="Proctor: runs">
            <Logo />
            Proctor
          </Link>
          <ActionIcon
            className={classes['burger'] ?? ''}
            variant="subtle"
            color="gray"
            size="lg"
            onClick={() => setMenuOpenAt(menuOpen ? null : path)}
            aria-expanded={menuOpen}
            aria-label={menuOpen ? 'Close navigation' : 'Open navigation'}
          >
            {menuOpen ? <IconX size={18} /> : <IconMenu2 size={18} />}
          </ActionIcon>
        </div>
        <div className={classes['menu']}>
          <div className={classes['links']}>
            <button type="button" className={classes['search']} onClick={palette.open}>
              <IconSearch size={15} aria-hidden /> Search <kbd>{isMac ? '⌘' : 'Ctrl'} K</kbd>
            </button>
            <NavLinks />
          </div>
          <div className={classes['bottom']}>
            <ColorSchemeToggle />
            <button type="button" className={classes['help']} onClick={help.open}>
              Shortcuts <kbd>?</kbd>
            </button>
          </div>
        </div>
      </div>
      <main key={path} id="main" className={classes['main']} tabIndex={-1}>
        {children}
      </main>
      {paletteOpen && (
        <Suspense fallback={null}>
          <CommandPalette onShowShortcuts={help.open} onClose={palette.close} />
        </Suspense>
      )}
      <ShortcutsDialog opened={helpOpen} onClose={help.close} />
    </div>
  )
}
