import { evalite } from 'evalite'
import { answer, isJudged, judge, prompts } from './work.js'

evalite('bench', {
  data: async () => prompts.map((input) => ({ input })),
  task: answer,
  scorers: isJudged
    ? ['helpfulness', 'accuracy', 'clarity'].slice(0, 1).map((name) => ({
        name,
        scorer: async ({ input, output }) =>
          ((await judge(input, output)).find((entry) => entry.name === name)?.score ?? 0) / 10,
      }))
    : [{ name: 'answered', scorer: () => 1 }],
})
