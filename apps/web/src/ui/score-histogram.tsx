import { maxScore, minScore } from '@proctor/schema'
import { useRef, type KeyboardEvent } from 'react'
import { formatQuantity } from './count.ts'
import { scoreTone } from './score.tsx'
import classes from './score-histogram.module.css'

interface Range {
  min?: number | undefined
  max?: number | undefined
}

/**
 * Items by score, 1 to 10, as a small table whose cells are bars. A click narrows down to one score, a click with
 * Shift widens the range up to it; the arrow keys go from bar to bar.
 * @param counts items with score 1, 2, ... 10
 * @param range the scores that are chosen now; null when all are
 */
export function ScoreHistogram({
  name,
  counts,
  range,
  onRange,
}: {
  name: string
  counts: readonly number[]
  range: Range | null
  onRange: (range: { min: number; max: number } | null) => void
}) {
  const table = useRef<HTMLTableElement>(null)
  const bars = counts.map((count, index) => ({ count, point: index + minScore }))
  const most = Math.max(1, ...counts)
  const [min, max] = [range?.min ?? minScore, range?.max ?? maxScore]
  const entry = range ? min : Math.max(minScore, counts.findIndex((count) => count > 0) + minScore)

  function choose(point: number, widens: boolean) {
    if (range && widens) onRange({ min: Math.min(min, point), max: Math.max(max, point) })
    else onRange(range && min === point && max === point ? null : { min: point, max: point })
  }

  function onKeyDown({ key, currentTarget }: KeyboardEvent) {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
    const buttons = [...(table.current?.querySelectorAll('button') ?? [])]
    buttons[buttons.findIndex((button) => button === currentTarget) + step]?.focus()
  }

  return (
    <table ref={table} className={classes['histogram']}>
      <caption className="visually-hidden">{name}: items by score</caption>
      <tbody>
        <tr>
          {bars.map(({ count, point }) => {
            const isChosen = range !== null && point >= min && point <= max
            return (
              <td key={point}>
                <button
                  type="button"
                  className={classes['bar']}
                  tabIndex={point === entry ? 0 : -1}
                  aria-pressed={isChosen}
                  aria-label={`${name} ${point}: ${formatQuantity(count, 'item')}`}
                  title={`${name} ${point}: ${formatQuantity(count, 'item')}`}
                  data-out={(range !== null && !isChosen) || undefined}
                  onClick={(event) => choose(point, event.shiftKey)}
                  onKeyDown={onKeyDown}
                >
                  <span
                    className={classes['fill']}
                    data-tone={scoreTone(point)}
                    data-empty={count === 0 || undefined}
                    style={{ height: `${(count / most) * 100}%` }}
                  />
                </button>
              </td>
            )
          })}
        </tr>
        <tr>
          {bars.map(({ point }) => (
            <th key={point} scope="col">
              {point}
            </th>
          ))}
        </tr>
      </tbody>
    </table>
  )
}
