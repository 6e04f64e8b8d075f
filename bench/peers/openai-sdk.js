import { answer, begin, concurrency, end, isJudged, judge, prompts } from './work.js'

// The floor: nothing but the SDK's calls in a bounded loop. It keeps nothing.
begin()
let next = 0
let done = 0
const worker = async () => {
  while (next < prompts.length) {
    const prompt = prompts[next++]
    const given = await answer(prompt)
    if (isJudged) await judge(prompt, given)
    done += 1
  }
}
await Promise.all(Array.from({ length: concurrency }, worker))
end(done)
