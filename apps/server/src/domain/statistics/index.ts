export { bootstrapMean, type BcaInterval, type BootstrapOptions } from './bootstrap.ts'
export {
  compareCases,
  comparePaired,
  type CompareOptions,
  type Comparison,
  type DesignReason,
  type PairedComparison,
  type PairedOptions,
  type UnpairedComparison,
} from './compare.ts'
export { cliffsDelta, pairedEffect, type CliffsDelta, type PairedEffect } from './effect-size.ts'
export { testRankSums, type RankSumOptions, type RankSumTest } from './mann-whitney.ts'
export { estimateMean, indexClusters, type MeanEstimate, type MeanOptions, type MeanTest } from './mean.ts'
export { averageByCase, pairByCase, type CaseMeans, type CaseScores, type Pairs } from './pairing.ts'
export { createRandom, type Random } from './random.ts'
export type { Failure, Interval, Numbers, Outcome, Warning } from './result.ts'
export { compareUnpairedMeans, type UnpairedMeans, type UnpairedOptions } from './unpaired.ts'
export { testSignedRanks, type SignedRankOptions, type SignedRankTest } from './wilcoxon.ts'
export { adjustBenjaminiHochberg, adjustHolm, type AdjustedPValues } from './multiplicity.ts'
export {
  detectableDifference,
  detectablePairedRates,
  detectableRates,
  neededCases,
  neededCasesForRates,
  neededPairsForRates,
  powerOfMeans,
  type MeanDesign,
  type PowerGoal,
} from './power.ts'
export {
  comparePairedRates,
  compareRates,
  countPairs,
  passRate,
  testMcNemar,
  type McNemarTest,
  type PairedCounts,
  type PairedRateDifference,
  type Rate,
  type RateDifference,
} from './rates.ts'
export { compareQuantiles, pairedRatio, type QuantileDifference, type QuantileOptions, type Ratio } from './ratios.ts'
export {
  createBettingSequence,
  createEmpiricalBernstein,
  type ConfidenceSequence,
  type SequenceOptions,
  type SequenceState,
} from './confidence-sequence.ts'
export {
  measureAgreement,
  measureOrderSwap,
  measureTestRetest,
  type Agreement,
  type AgreementOptions,
  type Coefficient,
  type OrderSwap,
  type TestRetest,
  type Winner,
} from './agreement.ts'
export {
  correctRate,
  predictionPoweredMean,
  type Calibration,
  type CorrectedRate,
  type LabelledScores,
  type PoweredMean,
} from './judge-correction.ts'
export { krippendorffAlpha, type Alpha, type Level } from './krippendorff.ts'
export { fitLine, measureLengthBias, type LengthBias, type Line } from './regression.ts'
export {
  averagePasses,
  estimateComponents,
  passAllK,
  passAtK,
  planRepeats,
  type RepeatPlan,
  type VarianceComponents,
} from './repeats.ts'
export {
  followSessions,
  tabularCusum,
  type Cusum,
  type CusumOptions,
  type TrendOptions,
  type TrendPoint,
  type TrendStep,
} from './trend.ts'
