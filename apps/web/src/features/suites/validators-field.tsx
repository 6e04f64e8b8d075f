import { Menu, Button, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { validatorCatalogue } from '@proctor/schema'
import classes from './suite-page.module.css'

/** The checks of a case as JSON; a new one begins as the catalogue's example of its kind. */
export function ValidatorsField({
  value,
  readOnly,
  error,
  onChange,
}: {
  value: string
  readOnly: boolean
  error: string | null
  onChange: (value: string) => void
}) {
  function add(example: unknown) {
    let list: unknown
    try {
      list = value.trim() === '' ? [] : JSON.parse(value)
    } catch {
      // The field says that it is not JSON; there is nothing to add to.
      return
    }
    if (Array.isArray(list)) onChange(JSON.stringify([...(list as unknown[]), example], null, 2))
  }
  return (
    <>
      <Textarea
        label="Validators"
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: classes['code'] ?? '' }}
        readOnly={readOnly}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {!readOnly && (
        <Menu position="top-start">
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              className={classes['start'] ?? ''}
              leftSection={<IconPlus size={14} aria-hidden />}
            >
              Add a validator
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {validatorCatalogue.map(({ type, checks, example }) => (
              <Menu.Item key={type} onClick={() => add(example)}>
                {type}
                <div className={classes['quiet']}>{checks}</div>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}
