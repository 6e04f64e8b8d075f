import { Modal } from '@mantine/core'
import classes from './shortcuts-dialog.module.css'

const shortcuts: [keys: string[], meaning: string][] = [
  [['Ctrl/⌘ K'], 'Search and commands'],
  [['J', '↓'], 'Next row'],
  [['K', '↑'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close the panel, leave the filter'],
  [['/'], 'Filter the table'],
  [['X'], 'Runs: select the row'],
  [['1', '2'], 'An answer: thumb up or down'],
  [['N'], 'A run: take in the rows that wait'],
  [['I'], 'A run: show or hide the insights'],
  [['P'], 'A run: pause or resume'],
  [['?'], 'This list'],
]

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <dl className={classes['list']}>
        {shortcuts.map(([keys, meaning]) => (
          <div key={meaning} className={classes['row']}>
            <dt>{meaning}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} className={classes['key']}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
