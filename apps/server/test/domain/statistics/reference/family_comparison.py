"""Paired and unpaired comparison: scipy, statsmodels, R."""

import itertools

import numpy as np
import statsmodels.api as sm
from scipy import special, stats

from common import draws, r, score_pairs, vector

PAIRS = {
    "halves and ties": ([7, 8.5, 6, 9, 7, 5, 8, 6.5], [8, 8.5, 7, 9, 6, 7, 9, 6]),
    "two pairs": ([5, 6], [7, 9]),
    "three pairs": ([5, 6, 9], [7, 6.5, 8]),
    "all at the ceiling but one": ([10] * 12 + [9], [10] * 12 + [1]),
    "one heavy outlier": (list(range(1, 11)), [2, 3, 4, 5, 6, 7, 8, 9, 10, 1]),
    "tiny shift, no ties": ([1.1, 2.3, 3.2, 4.8, 5.1, 6.7, 7.4], [1.13, 2.38, 3.19, 4.91, 5.23, 6.72, 7.61]),
    "clear shift, tiny p": ([1 + i / 40 for i in range(60)], [9 - (i * 7 % 13) / 20 for i in range(60)]),
    "no difference on average": ([1, 2, 3, 4], [2, 1, 4, 3]),
}


def mean_test(values, confidence=0.95):
    test = stats.ttest_1samp(values, 0)
    interval = test.confidence_interval(confidence)
    return {
        "statistic": test.statistic,
        "df": test.df,
        "pValue": test.pvalue,
        "interval": {"lower": interval.low, "upper": interval.high, "confidence": confidence},
    }


def clustered(values, clusters, confidence=0.95):
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    low, high = fit.conf_int(1 - confidence)[0]
    return {
        "mean": fit.params[0],
        "standardError": fit.bse[0],
        "clusters": len(set(clusters)),
        "test": {
            "statistic": fit.tvalues[0],
            "pValue": fit.pvalues[0],
            "interval": {"lower": low, "upper": high, "confidence": confidence},
        },
    }


def miller(values, clusters):
    """The clustered standard error of arXiv 2411.00640, double sum as printed."""
    n, mean = len(values), np.mean(values)
    total = np.var(values, ddof=1) / n
    for i, j in itertools.permutations(range(n), 2):
        if clusters[i] == clusters[j]:
            total += (values[i] - mean) * (values[j] - mean) / n**2
    return np.sqrt(total)


def signed_ranks(values, **options):
    test = stats.wilcoxon(values, **options)
    return test.pvalue


def bca(values, seed, resamples, confidence=0.95, clusters=None):
    """scipy's own BCa on resamples drawn with our generator; with clusters the formula on cluster sums."""
    values = np.asarray(values, float)
    if clusters is None:
        rows = draws(seed, len(values), resamples)

        class Earlier:
            bootstrap_distribution = values[rows].mean(axis=1)

        done = stats.bootstrap(
            (values,), np.mean, n_resamples=0, bootstrap_result=Earlier, method="BCa", confidence_level=confidence
        ).confidence_interval
        return done.low, done.high
    order = list(dict.fromkeys(clusters))
    sums = np.array([values[clusters == c].sum() for c in order])
    sizes = np.array([(clusters == c).sum() for c in order])
    rows = draws(seed, len(order), resamples)
    means = sums[rows].sum(axis=1) / sizes[rows].sum(axis=1)
    mean = values.mean()
    left = (sums.sum() - sums) / (sizes.sum() - sizes)
    u = left.mean() - left
    a = (u**3).sum() / (6 * (u**2).sum() ** 1.5)
    z0 = special.ndtri(((means < mean).mean() + (means <= mean).mean()) / 2)
    z = special.ndtri([(1 - confidence) / 2, 1 - (1 - confidence) / 2])
    return np.quantile(means, special.ndtr(z0 + (z0 + z) / (1 - a * (z0 + z))))


def make(cases):
    for name, (baseline, candidate) in PAIRS.items():
        d = np.array(candidate, float) - np.array(baseline, float)
        given = {"baseline": baseline, "candidate": candidate}
        cases.add("pairedMean", name, given, {
            "n": len(d), "mean": d.mean(), "sd": d.std(ddof=1), "standardError": stats.sem(d),
            "test": mean_test(d),
        })
        cases.add("pairedEffect", name, given, {
            "dz": d.mean() / d.std(ddof=1), "wins": (d > 0).sum(), "losses": (d < 0).sum(), "ties": (d == 0).sum(),
        })
        grid = np.sign(np.subtract.outer(np.array(candidate), np.array(baseline)))
        cases.add("cliffsDelta", name, given, {"delta": grid.mean()})
        for zeros, scipy_name in [("pratt", "pratt"), ("drop", "wilcox")]:
            for continuity in [False, True]:
                p = signed_ranks(d, zero_method=scipy_name, method="asymptotic", correction=continuity)
                options = {"zeros": zeros, "method": "normal", "continuity": continuity}
                cases.add("signedRanks", f"{name}, {zeros}, normal, continuity {continuity}",
                          {**given, "options": options}, {"pValue": p, "method": "normal"})
            every_sign = stats.PermutationMethod(n_resamples=np.inf)
            if len(d) <= 13:
                p = signed_ranks(d, zero_method=scipy_name, method=every_sign)
            elif len(set(abs(d))) == len(d):
                p = signed_ranks(d, zero_method=scipy_name, method="exact")
            elif (d == 0).sum() == 0:
                p = r(f"suppressMessages(library(exactRankTests)); wilcox.exact({vector(d)})$p.value")
            else:
                continue
            cases.add("signedRanks", f"{name}, {zeros}, exact", {**given, "options": {"zeros": zeros, "method": "exact"}},
                      {"pValue": p, "method": "exact"})
        welch = stats.ttest_ind(candidate, baseline, equal_var=False)
        interval = welch.confidence_interval(0.9)
        cases.add("welch", name, {**given, "options": {"confidence": 0.9}}, {
            "meanDifference": d.mean(),
            "test": {"statistic": welch.statistic, "df": welch.df, "pValue": welch.pvalue,
                     "interval": {"lower": interval.low, "upper": interval.high, "confidence": 0.9}},
        })
        for continuity in [True, False]:
            test = stats.mannwhitneyu(candidate, baseline, method="asymptotic", use_continuity=continuity)
            cases.add("rankSums", f"{name}, normal, continuity {continuity}",
                      {**given, "options": {"method": "normal", "continuity": continuity}},
                      {"u": test.statistic, "pValue": test.pvalue, "method": "normal"})

    # Exact signed ranks with ties against two implementations in R (these drop zeros, or keep them as Pratt).
    tied = np.array([1, 1, -1, 2, 2, 2, -2, 3, 3, 1, 1, -3, 4, 2, 1, 1, 2, -1, 1, 5], float)
    cases.add("signedRanks", "ties, exactRankTests of R", {"differences": tied, "options": {"zeros": "drop"}},
              {"pValue": r(f"suppressMessages(library(exactRankTests)); wilcox.exact({vector(tied)})$p.value"), "method": "exact"})
    zeros = np.concatenate([tied, np.zeros(6)])
    code = (f"suppressMessages(library(coin)); d <- {vector(zeros)}; e <- rep(0, length(d));"
            "as.numeric(pvalue(wilcoxsign_test(d ~ e, distribution='exact', zero.method='Pratt')))")
    cases.add("signedRanks", "ties and zeros, coin of R", {"differences": zeros, "options": {"zeros": "pratt"}},
              {"pValue": r(code), "method": "exact"})
    for n in [1, 2, 3, 10, 25, 50]:
        d = np.array([(i + 1) * (-1 if (i * 7) % 5 == 1 else 1) for i in range(n)], float)
        cases.add("signedRanks", f"no ties, n = {n}, R exact", {"differences": d, "options": {}},
                  {"pValue": r(f"wilcox.test({vector(d)}, exact=TRUE)$p.value"), "method": "exact"})

    for m, n in [(1, 1), (1, 5), (3, 4), (8, 8), (20, 31), (49, 49)]:
        a = np.array([i * 1.37 + 0.5 for i in range(m)])
        b = np.array([i * 1.01 + (i % 3) * 0.11 - 3 for i in range(n)])
        given = {"baseline": b, "candidate": a, "options": {}}
        test = stats.mannwhitneyu(a, b, method="exact")
        cases.add("rankSums", f"{m} against {n}, exact", given,
                  {"u": test.statistic, "pValue": test.pvalue, "method": "exact"})
        cases.add("rankSums", f"{m} against {n}, R exact", given,
                  {"pValue": r(f"wilcox.test({vector(a)}, {vector(b)}, exact=TRUE)$p.value")})

    groups = {
        "three clusters": [0, 0, 0, 1, 1, 1, 2, 2], "singletons": list(range(8)),
        "one heavy cluster": [0, 0, 0, 0, 0, 0, 1, 2], "two clusters": [0, 0, 0, 0, 1, 1, 1, 1],
        "numbers with gaps": [7, 7, 3, 3, 3, 9, 9, 9],
    }
    baseline, candidate = PAIRS["halves and ties"]
    d = np.array(candidate) - np.array(baseline)
    for name, clusters in groups.items():
        given = {"baseline": baseline, "candidate": candidate, "options": {"clusters": clusters}}
        cases.add("pairedMean", f"clusters: {name}", given, clustered(d, np.array(clusters)))
        cases.add("pairedMean", f"clusters after Miller: {name}",
                  {**given, "options": {"clusters": clusters, "clusterCorrection": "miller"}},
                  {"standardError": miller(d, clusters)})

    left, right = np.array([3, 4, 4, 5, 6, 7, 7, 8.0]), np.array([5, 5, 6, 7, 9, 9.0])
    lc, rc = np.array([0, 0, 1, 1, 2, 2, 3, 3]), np.array([0, 0, 1, 1, 2, 3])
    sides = [clustered(left, lc), clustered(right, rc)]
    v = [side["standardError"] ** 2 for side in sides]
    df = sum(v) ** 2 / (v[0] ** 2 / 3 + v[1] ** 2 / 3)
    t = (right.mean() - left.mean()) / np.sqrt(sum(v))
    half = stats.t.ppf(0.975, df) * np.sqrt(sum(v))
    gap = right.mean() - left.mean()
    cases.add("welch", "clusters on both sides",
              {"baseline": left, "candidate": right, "options": {"baselineClusters": lc, "candidateClusters": rc}},
              {"meanDifference": gap, "standardError": np.sqrt(sum(v)), "test": {
                  "statistic": t, "df": df, "pValue": 2 * stats.t.sf(abs(t), df),
                  "interval": {"lower": gap - half, "upper": gap + half, "confidence": 0.95}}})

    for seed, n, count in [(1, 10_000, 300), (2, 10_000, 12), (3, 501, 500)]:
        baseline, candidate, clusters = score_pairs(seed, n, count)
        d = candidate - baseline
        given = {"generate": {"seed": seed, "n": n, "groups": count}}
        cases.add("pairedMean", f"generated, seed {seed}", given,
                  {"n": n, "mean": d.mean(), "sd": d.std(ddof=1), "test": mean_test(d)})
        cases.add("pairedMean", f"generated and clustered, seed {seed}", {**given, "clustered": True}, clustered(d, clusters))
        cases.add("signedRanks", f"generated, seed {seed}", {**given, "options": {}},
                  {"pValue": signed_ranks(d, zero_method="pratt", method="asymptotic"), "method": "normal"})
        test = stats.mannwhitneyu(candidate, baseline, method="asymptotic")
        cases.add("rankSums", f"generated, seed {seed}", {**given, "options": {}},
                  {"u": test.statistic, "pValue": test.pvalue})
        delta = np.sign(np.subtract.outer(candidate, baseline)).mean()
        cases.add("cliffsDelta", f"generated, seed {seed}", given, {"delta": delta})

    for name in ["halves and ties", "one heavy outlier", "tiny shift, no ties"]:
        baseline, candidate = PAIRS[name]
        d = np.array(candidate, float) - np.array(baseline, float)
        for confidence in [0.9, 0.95]:
            low, high = bca(d, 42, 1000, confidence)
            cases.add("bootstrapMean", f"{name}, {confidence}",
                      {"values": d, "options": {"seed": 42, "resamples": 1000, "confidence": confidence}},
                      {"mean": d.mean(), "interval": {"lower": low, "upper": high}})
    baseline, candidate, clusters = score_pairs(5, 120, 15)
    d = candidate - baseline
    low, high = bca(d, 7, 1000, clusters=clusters)
    cases.add("bootstrapMean", "generated and clustered",
              {"values": d, "options": {"seed": 7, "resamples": 1000, "confidence": 0.95, "clusters": clusters}},
              {"mean": d.mean(), "interval": {"lower": low, "upper": high}})
