import { getRouteApi, Link } from '@tanstack/react-router'
import { CriteriaSection } from '../features/settings/criteria-section.tsx'
import { PricesSection } from '../features/settings/prices-section.tsx'
import { ProvidersSection } from '../features/settings/providers-section.tsx'
import { SettingsPage, type SettingsSection } from '../features/settings/settings-page.tsx'
import { ValidatorsSection } from '../features/settings/validators-section.tsx'
import { RouteNotFound } from './root.tsx'

const route = getRouteApi('/settings/$section')

/** A further section is one more line here. */
const sections: readonly SettingsSection[] = [
  { id: 'providers', name: 'Providers', content: <ProvidersSection /> },
  { id: 'prices', name: 'Prices', content: <PricesSection /> },
  { id: 'criteria', name: 'Criteria', content: <CriteriaSection /> },
  { id: 'validators', name: 'Validators', content: <ValidatorsSection /> },
]

export function SettingsRoute() {
  const { section } = route.useParams()
  const current = sections.find(({ id }) => id === section)
  if (!current) return <RouteNotFound />
  return (
    <SettingsPage
      sections={sections}
      current={current}
      renderLink={({ id, name }, className) => (
        <Link key={id} to="/settings/$section" params={{ section: id }} className={className}>
          {name}
        </Link>
      )}
    />
  )
}
