import { LangfuseClient } from '@langfuse/client'
import { answer, begin, concurrency, end, isJudged, judge, prompts } from './work.js'

// No tracer is set up and nothing listens at this address: nothing is uploaded.
const langfuse = new LangfuseClient({ publicKey: 'bench', secretKey: 'bench', baseUrl: 'http://127.0.0.1:9' })
langfuse.score.create = () => {}
begin()
const result = await langfuse.experiment.run({
  name: 'bench',
  data: prompts.map((input) => ({ input })),
  task: ({ input }) => answer(input),
  evaluators: isJudged
    ? [async ({ input, output }) => (await judge(input, output)).map(({ name, score }) => ({ name, value: score }))]
    : [],
  maxConcurrency: concurrency,
})
end(result.itemResults.length)
process.exit(0)
