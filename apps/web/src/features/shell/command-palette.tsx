import { Combobox, Modal, TextInput, useCombobox, useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconKeyboard, IconMoon, IconSearch, IconSun } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { readError } from '../../data/errors.ts'
import { screens } from './screens.ts'
import { useFound } from './use-found.ts'
import classes from './command-palette.module.css'

interface Command {
  id: string
  name: string
  detail?: string
  icon: ReactNode
  run: () => void
}

/** Goes anywhere and finds any run, suite or session by a part of its name. */
export function CommandPalette({ onShowShortcuts, onClose }: { onShowShortcuts: () => void; onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [searched] = useDebouncedValue(query.trim(), 150)
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const found = useFound(searched)
  const combobox = useCombobox({ opened: true, onDropdownClose: onClose })
  const other = colorScheme === 'dark' ? 'light' : 'dark'

  const fixed: Command[] = [
    ...screens.map(({ to, name, icon: ScreenIcon }) => ({
      id: to,
      name: `Go to ${name}`,
      icon: <ScreenIcon size={16} aria-hidden />,
      run: () => void navigate({ to }),
    })),
    {
      id: 'scheme',
      name: `Switch to ${other} colours`,
      icon: other === 'dark' ? <IconMoon size={16} aria-hidden /> : <IconSun size={16} aria-hidden />,
      run: () => setColorScheme(other),
    },
    {
      id: 'shortcuts',
      name: 'Keyboard shortcuts',
      icon: <IconKeyboard size={16} aria-hidden />,
      run: onShowShortcuts,
    },
  ]
  const groups = [
    { label: 'Commands', commands: fixed },
    ...found.groups.map(({ label, icon: GroupIcon, entries }) => ({
      label,
      commands: entries.map(({ id, name, detail, link }) => ({
        id,
        name,
        detail,
        icon: <GroupIcon size={16} aria-hidden />,
        run: () => void navigate(link),
      })),
    })),
  ]
    // What was found for the text of a moment ago is not to be opened by a quick Enter.
    .map(({ label, commands }) => ({ label, commands: commands.filter((command) => matches(command, query)) }))
    .filter(({ commands }) => commands.length > 0)
  const commands = groups.flatMap((group) => group.commands)
  // The best match is chosen at once, also when it arrives after the typing.
  const ids = commands.map(({ id }) => id).join(' ')
  const { selectFirstOption } = combobox
  useEffect(() => {
    if (ids !== '') selectFirstOption()
  }, [ids, selectFirstOption])
  // While the answer is on its way, "nothing" would be a lie.
  const isSearching = found.isSearching || query.trim() !== searched

  function choose(id: string) {
    onClose()
    commands.find((command) => command.id === id)?.run()
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      size={600}
      padding={0}
      radius="md"
      aria-label="Search and commands"
      transitionProps={{ duration: 0 }}
    >
      <Combobox store={combobox} withinPortal={false} onOptionSubmit={choose}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            size="md"
            variant="unstyled"
            className={classes['search'] ?? ''}
            aria-label="Search runs, suites, sessions and commands"
            placeholder="Search runs, suites, sessions and commands"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </Combobox.EventsTarget>
        <Combobox.Options className={classes['options'] ?? ''} aria-label="Commands and what was found">
          {groups.map((group) => (
            <Combobox.Group key={group.label} label={group.label}>
              {group.commands.map(({ id, name, detail, icon }) => (
                <Combobox.Option key={id} value={id} className={classes['option'] ?? ''}>
                  {icon}
                  <span className={classes['name']}>{name}</span>
                  {detail && <span className={classes['detail']}>{detail}</span>}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {commands.length === 0 && (
            <Combobox.Empty>{isSearching ? 'Searching' : `Nothing is called "${query.trim()}"`}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox>
      {found.error !== null && (
        <p className={classes['error']} role="alert">
          {readError(found.error).message} {readError(found.error).mend}
        </p>
      )}
    </Modal>
  )
}

function matches({ name, detail = '' }: Command, query: string): boolean {
  return `${name} ${detail}`.toLowerCase().includes(query.trim().toLowerCase())
}
