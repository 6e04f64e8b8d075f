import { Button, Checkbox, Popover } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { columnChoices, type CriterionColumn } from './item-columns.tsx'
import classes from './menus.module.css'

/** Which columns the table shows. */
export function ColumnsMenu({
  criteria,
  chosen,
  onChoose,
}: {
  criteria: readonly CriterionColumn[]
  /** Null shows all. */
  chosen: readonly string[] | null
  onChoose: (columns: readonly string[] | null) => void
}) {
  const choices = columnChoices(criteria)
  const isShown = (name: string) => chosen === null || chosen.includes(name)

  function toggle(name: string) {
    const shown = choices.filter((choice) => isShown(choice.name) !== (choice.name === name))
    // The case always stays: an address without any name would show them all.
    onChoose(shown.length === choices.length ? null : ['case', ...shown.map((choice) => choice.name)])
  }

  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button leftSection={<IconColumns3 size={14} aria-hidden />} aria-haspopup="dialog">
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes['menu'] ?? ''} aria-label="Columns">
        {choices.map(({ name, label }) => (
          <Checkbox key={name} size="xs" label={label} checked={isShown(name)} onChange={() => toggle(name)} />
        ))}
        <Button variant="subtle" disabled={chosen === null} onClick={() => onChoose(null)}>
          Show all
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
