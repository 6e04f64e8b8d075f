import type { Estimate, EstimateInput, SuiteCase } from '@proctor/schema'
import { maxPageSize } from '@proctor/schema'
import type { CriterionStore, SuiteStore } from '../domain/ports.ts'
import type { RunStore } from '../domain/run-ports.ts'
import { estimateRun as estimate } from '../domain/pricing/estimate.ts'
import { resolveCriteria } from './resolve-criteria.ts'
import { mustFindSuite } from './must-find.ts'
import type { ModelGateway } from './model-gateway.ts'

/** Counting tokens costs about 1 ms per 1,000; a page of cases tells enough of a large suite. */
const maxCountedCases = maxPageSize

/** The cost and duration of a run before it starts. Unknown prices stay unknown; nothing is written. */
export async function estimateRun(
  deps: { runs: RunStore; suites: SuiteStore; criteria: CriterionStore; gateway: ModelGateway },
  input: EstimateInput,
): Promise<Estimate> {
  const { runs, suites, gateway } = deps
  const suite = await mustFindSuite(suites, input.suiteVersionId)
  gateway.providerOf(input.model, 'model')
  if (input.judge) gateway.providerOf(input.judge.model, 'judge.model')
  // Its vocabulary takes 60 MB: a process that never estimates does without.
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
  const prices = await gateway.prices()
  const page = await suites.listCases(suite.versionId, { limit: maxCountedCases })
  const cases: SuiteCase[] = page.items
  return estimate({
    cases,
    weight: suite.caseCount / cases.length,
    repeats: input.repeats,
    concurrency: input.concurrency,
    systemPrompt: input.call.systemPrompt ?? null,
    maxOutputTokens: input.call.maxOutputTokens,
    price: prices.get(input.model) ?? null,
    history: await runs.modelHistory(input.model),
    judge: input.judge && {
      criteria: await resolveCriteria(deps.criteria, input.judge.criteria, 'judge.criteria'),
      sampleShare: input.judge.sampleShare,
      price: prices.get(input.judge.model) ?? null,
    },
    countTokens,
  })
}
