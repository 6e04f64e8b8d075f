import { Eval } from 'braintrust'
import { answer, begin, concurrency, end, isJudged, judge, prompts } from './work.js'

begin()
const result = await Eval(
  'bench',
  {
    data: () => prompts.map((input) => ({ input })),
    task: answer,
    scores: isJudged
      ? [
          async ({ input, output }) =>
            (await judge(input, output)).map(({ name, score }) => ({ name, score: score / 10 })),
        ]
      : [() => ({ name: 'answered', score: 1 })],
    maxConcurrency: concurrency,
  },
  {
    noSendLogs: true,
    progress: { start() {}, increment() {}, stop() {} },
    reporter: { name: 'none', reportEval: () => true, reportRun: () => true },
  },
)
end(result.results.filter((entry) => entry.error === undefined).length)
