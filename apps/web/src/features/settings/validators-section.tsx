import { Button, CopyButton, Textarea } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { validatorCatalogue, validatorSchema, type Validator } from '@proctor/schema'
import { useState } from 'react'
import { readError } from '../../data/errors.ts'
import { trpc } from '../../data/trpc.ts'
import { Card } from '../../ui/card.tsx'
import { fieldError } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import classes from './settings.module.css'

/** Every kind of check that a case can carry, each to be tried on a pasted answer. */
export function ValidatorsSection() {
  return (
    <>
      <Notice>
        Validators stand in the cases of a suite, under <code>validators</code>. They cost nothing and never change
        their mind.
      </Notice>
      <div className={classes['grid']}>
        {validatorCatalogue.map((entry) => (
          <Card key={entry.type} title={entry.type}>
            <p>{entry.checks}</p>
            <TryOut type={entry.type} example={entry.example} answer={entry.passes} />
          </Card>
        ))}
      </div>
    </>
  )
}

function TryOut({ type, example, answer: passing }: { type: string; example: Validator; answer: string }) {
  const [json, setJson] = useState(() => JSON.stringify(example, null, 2))
  const [answer, setAnswer] = useState(passing)
  const [asked, setAsked] = useState<{ validator: Validator; answer: string } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const query = trpc.batch.tryValidator.useQuery(asked ?? { validator: example, answer: '' }, {
    enabled: asked !== null,
    retry: false,
  })

  function tryIt() {
    const parsed = readValidator(json)
    setProblem(typeof parsed === 'string' ? parsed : null)
    setAsked(typeof parsed === 'string' ? null : { validator: parsed, answer })
  }
  const error = problem ?? fieldError(query.error ? readError(query.error) : null)
  return (
    <>
      <Textarea
        label="Validator"
        aria-label={`Validator ${type}`}
        autosize
        minRows={3}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: classes['code'] ?? '' }}
        value={json}
        onChange={(event) => setJson(event.currentTarget.value)}
        error={error}
      />
      <Textarea
        label="Answer"
        aria-label={`Answer for ${type}`}
        autosize
        minRows={1}
        maxRows={8}
        value={answer}
        onChange={(event) => setAnswer(event.currentTarget.value)}
      />
      <div className={classes['row']}>
        <Button onClick={tryIt} loading={query.isFetching}>
          Try it
        </Button>
        <CopyButton value={json}>
          {({ copied, copy }) => (
            <Button variant="subtle" color="gray" onClick={copy}>
              {copied ? 'Copied' : 'Copy the JSON'}
            </Button>
          )}
        </CopyButton>
        {asked && query.data && !query.error && (
          <span className={classes[query.data.passed ? 'passed' : 'failed']} role="status">
            <span className={classes['row']}>
              {query.data.passed ? <IconCircleCheck size={15} aria-hidden /> : <IconCircleX size={15} aria-hidden />}
              {query.data.passed ? 'Passed' : `Failed: ${query.data.explanation ?? ''}`}
            </span>
          </span>
        )}
      </div>
    </>
  )
}

/** The validator, or what is wrong with its text. */
function readValidator(json: string): Validator | string {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`
  }
  const parsed = validatorSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return issue ? `${issue.path.join('.') || 'validator'}: ${issue.message}` : 'This is no validator.'
}
