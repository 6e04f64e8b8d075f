import { Button, Modal } from '@mantine/core'
import type { ErrorBody } from '@proctor/schema'
import type { ReactNode } from 'react'
import classes from './dialog.module.css'
import { ErrorNotice } from './error-notice.tsx'

/** Asks before something is done: what it means, one button that names it, and a way out. */
export function Dialog({
  opened,
  title,
  confirm,
  tone,
  isBusy,
  error,
  onConfirm,
  onClose,
  children,
  size = 'md',
}: {
  opened: boolean
  title: string
  confirm: string
  tone?: 'danger'
  isBusy: boolean
  error: ErrorBody | null
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
  size?: 'md' | 'lg'
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: classes['title'] ?? '' }}
    >
      <form
        className={classes['body']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm()
        }}
      >
        {children}
        {error && <ErrorNotice error={error} />}
        <div className={classes['buttons']}>
          <Button variant="subtle" color="gray" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" variant="filled" data-tone={tone} loading={isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
