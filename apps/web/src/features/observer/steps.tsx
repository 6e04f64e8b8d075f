import { IconAlertTriangle, IconEye } from '@tabler/icons-react'
import type { ObserverStep } from '@proctor/schema'
import classes from './observer.module.css'

/** What the assistant looked at; each look opens to what it saw. */
export function Steps({ steps, isOpen = false }: { steps: readonly ObserverStep[]; isOpen?: boolean }) {
  if (steps.length === 0) return null
  const failed = steps.filter(({ error }) => error !== null).length
  return (
    <details className={classes['steps']} open={isOpen} data-testid="observer-steps">
      <summary>
        {steps.length === 1 ? steps[0]?.label : `${steps.length} looks at the run`}
        {failed > 0 && `, ${failed} failed`}
      </summary>
      <ol>
        {steps.map((step, index) => (
          // Steps are only ever added at the end.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} data-failed={step.error !== null || undefined}>
            {step.error === null ? <IconEye size={13} aria-hidden /> : <IconAlertTriangle size={13} aria-hidden />}
            <details>
              <summary>{step.label}</summary>
              <pre tabIndex={0} aria-label={`What ${step.tool} said`}>
                {step.error ?? JSON.stringify(step.result, null, 1)}
              </pre>
            </details>
          </li>
        ))}
      </ol>
    </details>
  )
}
