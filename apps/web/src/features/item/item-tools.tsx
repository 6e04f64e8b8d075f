import { Button, SegmentedControl } from '@mantine/core'
import { IconGavel } from '@tabler/icons-react'
import type { Item, RunDetail } from '@proctor/schema'
import { useState } from 'react'
import { JudgeAnswer } from '../../ui/judge-answer.tsx'
import classes from './item-panel.module.css'

export type TextView = 'markdown' | 'raw'

/** How the texts are shown, and judging this one answer now. */
export function ItemTools({
  run,
  item,
  view,
  onView,
  onJudged,
}: {
  run: RunDetail
  item: Item
  view: TextView
  onView: (view: TextView) => void
  onJudged: () => void
}) {
  const [judging, setJudging] = useState(false)
  return (
    <div className={classes['tools']}>
      <SegmentedControl
        size="xs"
        aria-label="How texts are shown"
        data={[
          { value: 'markdown', label: 'Markdown' },
          { value: 'raw', label: 'Raw' },
        ]}
        value={view}
        onChange={(value) => onView(value === 'raw' ? 'raw' : 'markdown')}
      />
      {item.messageId && (
        <Button leftSection={<IconGavel size={14} aria-hidden />} onClick={() => setJudging(true)}>
          Judge this answer
        </Button>
      )}
      {judging && item.messageId && (
        <JudgeAnswer
          settings={run.judge}
          messageId={item.messageId}
          onClose={() => {
            setJudging(false)
            onJudged()
          }}
        />
      )}
    </div>
  )
}
