import { Button, NumberInput, Popover, Textarea } from '@mantine/core'
import { IconAdjustments, IconPlayerStop, IconSend } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { ChatSettings } from './settings.ts'
import classes from './chat.module.css'

/** Where one writes: Enter sends, Shift+Enter begins a new line, Esc stops the reply. */
export function Composer({
  settings,
  onSettings,
  isReplying,
  isSending,
  onSend,
  onStop,
  children,
}: {
  settings: ChatSettings
  onSettings: (settings: ChatSettings) => void
  isReplying: boolean
  isSending: boolean
  /** Resolves to true when the text was sent and can be cleared. */
  onSend: (text: string) => Promise<boolean>
  onStop: () => void
  children?: ReactNode
}) {
  const [text, setText] = useState('')
  const canSend = text.trim() !== '' && !isReplying && !isSending
  async function send() {
    if (canSend && (await onSend(text))) setText('')
  }
  return (
    <form
      className={classes['composer']}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {children}
      <Textarea
        data-autofocus
        aria-label="Message"
        placeholder="Write a message"
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isReplying) onStop()
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void send()
        }}
      />
      <div className={classes['composerRow']}>
        <SettingsPopover settings={settings} onSettings={onSettings} />
        <span className={classes['quiet']}>Enter sends, Shift+Enter begins a new line</span>
        {isReplying ? (
          <Button leftSection={<IconPlayerStop size={15} aria-hidden />} onClick={onStop} data-testid="stop">
            Stop
          </Button>
        ) : (
          <Button
            type="submit"
            variant="filled"
            disabled={!canSend}
            loading={isSending}
            leftSection={<IconSend size={15} aria-hidden />}
          >
            Send
          </Button>
        )}
      </div>
    </form>
  )
}

function SettingsPopover({
  settings,
  onSettings,
}: {
  settings: ChatSettings
  onSettings: (settings: ChatSettings) => void
}) {
  return (
    <Popover position="top-start" width={340} trapFocus>
      <Popover.Target>
        <Button variant="subtle" color="gray" leftSection={<IconAdjustments size={15} aria-hidden />}>
          Settings
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes['settings'] ?? ''}>
        <Textarea
          label="System prompt"
          autosize
          minRows={2}
          maxRows={8}
          value={settings.systemPrompt}
          onChange={(event) => onSettings({ ...settings, systemPrompt: event.currentTarget.value })}
        />
        <NumberInput
          label="Temperature"
          placeholder="the provider's default"
          min={0}
          max={2}
          step={0.1}
          value={settings.temperature}
          onChange={(temperature) => onSettings({ ...settings, temperature })}
        />
        <NumberInput
          label="Max output tokens"
          min={1}
          max={200_000}
          value={settings.maxOutputTokens}
          onChange={(maxOutputTokens) => onSettings({ ...settings, maxOutputTokens })}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
