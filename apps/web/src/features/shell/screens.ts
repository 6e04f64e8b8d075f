import {
  IconChartDots,
  IconListCheck,
  IconListDetails,
  IconMessage,
  IconMessages,
  IconPlus,
  IconSettings,
  type Icon,
} from '@tabler/icons-react'
import type { LinkProps } from '@tanstack/react-router'

export interface Screen {
  to: NonNullable<LinkProps['to']>
  name: string
  icon: Icon
}

/** Every screen that the navigation and the command palette lead to, in their order. */
export const screens: readonly Screen[] = [
  { to: '/runs', name: 'Runs', icon: IconListDetails },
  { to: '/runs/new', name: 'New run', icon: IconPlus },
  { to: '/suites', name: 'Suites', icon: IconListCheck },
  { to: '/sessions', name: 'Sessions', icon: IconMessages },
  { to: '/chat', name: 'Chat', icon: IconMessage },
  { to: '/analytics', name: 'Analytics', icon: IconChartDots },
  { to: '/settings', name: 'Settings', icon: IconSettings },
]
