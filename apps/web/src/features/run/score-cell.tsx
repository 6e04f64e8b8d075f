import { IconX } from '@tabler/icons-react'
import type { Item } from '@proctor/schema'
import { Score } from '../../ui/score.tsx'
import classes from './item-table.module.css'

/** One criterion of one item: scored, failed, waiting for the judge, or not to be judged. */
export function ScoreCell({ item, criterion }: { item: Item; criterion: string }) {
  const scores = item.scores.filter((score) => score.criterion === criterion)
  const state = cellState(item, scores.length > 0)
  const isAgain = state === 'scored' && item.state === 'answered' && item.judgeWanted
  return (
    <span
      className={classes['score']}
      data-testid="score-cell"
      data-criterion={criterion}
      data-state={state}
      data-again={isAgain || undefined}
      title={isAgain ? 'Being judged again' : titles[state]}
    >
      {state === 'scored' && <Score score={scores.reduce((sum, { score }) => sum + score, 0) / scores.length} />}
      {state === 'failed' && <IconX size={14} aria-label="judge failed" />}
      {state === 'waiting' && <span className={classes['waiting']} role="img" aria-label="waiting for the judge" />}
    </span>
  )
}

type CellState = 'scored' | 'failed' | 'waiting' | 'none'

const titles: Record<CellState, string | undefined> = {
  scored: undefined,
  failed: 'The judge gave no verdict',
  waiting: 'Waiting for the judge',
  none: undefined,
}

function cellState(item: Item, isScored: boolean): CellState {
  if (isScored) return 'scored'
  if (item.state === 'judge_failed') return 'failed'
  return item.state === 'answered' && item.judgeWanted ? 'waiting' : 'none'
}
