import type { ReactNode } from 'react'
import { Page, PageHeader } from '../../ui/page.tsx'
import classes from './settings.module.css'

export interface SettingsSection {
  id: string
  name: string
  content: ReactNode
}

/** One section of the settings, with the way to the others. */
export function SettingsPage({
  sections,
  current,
  renderLink,
}: {
  sections: readonly SettingsSection[]
  current: SettingsSection
  renderLink: (section: SettingsSection, className: string) => ReactNode
}) {
  return (
    <Page>
      <PageHeader crumbs="Settings" title={current.name} />
      <nav className={classes['tabs']} aria-label="Settings">
        {sections.map((section) => renderLink(section, classes['tab'] ?? ''))}
      </nav>
      <div key={current.id} className={classes['section']}>
        {current.content}
      </div>
    </Page>
  )
}
