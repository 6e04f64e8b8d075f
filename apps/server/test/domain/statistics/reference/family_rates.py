"""Rates, ratios, quantiles and adjusted p-values: statsmodels, scipy, R; Newcombe's paired interval by its formula."""

from fractions import Fraction
from math import comb

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from common import draws, lcg, r, vector, xoshiro


def newcombe_paired(a, b, c, d, confidence):
    """The steps of Altman et al., Statistics with Confidence, 2nd ed., section 6; p1 - p2 with r=a s=b t=c u=d."""
    n = a + b + c + d
    p1, p2 = (a + b) / n, (a + c) / n
    l1, u1 = proportion_confint(a + b, n, 1 - confidence, "wilson")
    l2, u2 = proportion_confint(a + c, n, 1 - confidence, "wilson")
    big_a = (a + b) * (c + d) * (a + c) * (b + d)
    big_b = a * d - b * c
    big_c = big_b - n / 2 if big_b > n / 2 else (0 if big_b >= 0 else big_b)
    phi = 0 if big_a == 0 else big_c / np.sqrt(big_a)
    low = p1 - p2 - np.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
    high = p1 - p2 + np.sqrt((p2 - l2) ** 2 - 2 * phi * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2)
    return p1 - p2, low, high


def mid_p(b, c):
    """With exact fractions: 2 P(X <= min) - P(X = min)."""
    n, k = b + c, min(b, c)
    both = 2 * sum(comb(n, i) for i in range(k + 1)) - comb(n, k)
    return float(min(Fraction(1), Fraction(both, 2**n)))


def make(cases):
    for successes, n in [(0, 1), (1, 1), (0, 10), (10, 10), (1, 2), (7, 9), (81, 263), (1, 100_000), (99_999, 100_000)]:
        for confidence in [0.95, 0.99]:
            low, high = proportion_confint(successes, n, 1 - confidence, "wilson")
            cases.add("passRate", f"{successes} of {n}, {confidence}",
                      {"successes": successes, "n": n, "confidence": confidence},
                      {"rate": successes / n, "interval": {"lower": low if successes else 0, "upper": high if successes < n else 1}})
    for x1, n1, x2, n2 in [(48, 80, 56, 70), (0, 20, 10, 10), (9, 10, 3, 10), (6, 7, 2, 7), (0, 29, 5, 56), (0, 10, 0, 20), (10, 10, 20, 20)]:
        low, high = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", alpha=0.05)
        cases.add("compareRates", f"{x1} of {n1} against {x2} of {n2}",
                  {"baseline": {"successes": x1, "n": n1}, "candidate": {"successes": x2, "n": n2}},
                  {"difference": x2 / n2 - x1 / n1, "interval": {"lower": max(-1, low), "upper": min(1, high)}})
    for b, c in [(0, 1), (1, 0), (3, 3), (5, 2), (0, 12), (209, 152), (306, 79), (10, 90), (1000, 1100)]:
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
        cases.add("testMcNemar", f"{b} and {c}", {"onlyBaseline": b, "onlyCandidate": c},
                  {"discordant": b + c, "exactP": exact, "midP": mid_p(b, c)})
    tables = [(36, 12, 2, 0), (14, 5, 0, 22), (19, 1, 1, 0), (0, 0, 0, 5), (5, 0, 0, 0), (1, 0, 0, 1), (2, 6, 0, 2),
              (0, 3, 4, 0), (500, 152, 209, 458), (54, 0, 2, 0), (30, 4, 6, 2)]
    for a, b, c, d in tables:
        for confidence in [0.95, 0.9]:
            gap, low, high = newcombe_paired(a, c, b, d, confidence)
            cases.add("comparePairedRates", f"{a} {b} {c} {d}, {confidence}",
                      {"counts": {"both": a, "onlyBaseline": b, "onlyCandidate": c, "neither": d}, "confidence": confidence},
                      {"difference": gap, "interval": {"lower": max(-1, low), "upper": min(1, high)}})

    u = lcg(11)
    slow = np.array([round(np.exp(6 + 2 * next(u)) * 10) / 10 for _ in range(40)])
    fast = np.array([round(value * (0.7 + 0.4 * next(u)) * 10) / 10 for value in slow])
    for name, (first, second) in {"latencies": (slow, fast), "three": (slow[:3], fast[:3]), "costs in micros": (np.array([120, 5, 9000, 77]), np.array([130, 6, 8000, 70]))}.items():
        test = stats.ttest_rel(np.log(second), np.log(first))
        interval = test.confidence_interval()
        cases.add("pairedRatio", name, {"baseline": first, "candidate": second},
                  {"ratio": stats.gmean(second / first), "pValue": test.pvalue,
                   "interval": {"lower": np.exp(interval.low), "upper": np.exp(interval.high)}})
    for share in [0.5, 0.9, 0.95]:
        for n in [2, 7, 40]:
            first, second = slow[:n], fast[:n]
            rows = draws(9, n, 500)
            paired = np.quantile(second[rows], share, axis=1) - np.quantile(first[rows], share, axis=1)
            source = xoshiro(10)
            unpaired = []
            for _ in range(500):
                left = [int(next(source) * n) for _ in range(n)]
                right = [int(next(source) * n) for _ in range(n)]
                unpaired.append(np.quantile(second[right], share) - np.quantile(first[left], share))
            for design, seed, values in [("paired", 9, paired), ("unpaired", 10, unpaired)]:
                low, high = np.quantile(values, [0.025, 0.975])
                cases.add("compareQuantiles", f"p{share * 100:g} of {n}, {design}",
                          {"baseline": first, "candidate": second, "options": {"share": share, "design": design, "seed": seed, "resamples": 500}},
                          {"difference": np.quantile(second, share) - np.quantile(first, share), "interval": {"lower": low, "upper": high}})

    for name, p in {"mixed": [0.01, 0.04, 0.03, 0.005, 0.2, 1, 0.0001], "one": [0.04], "ties": [0.02, 0.02, 0.02, 0.5],
                    "tiny": [1e-300, 1e-12, 0.049, 0.051, 0], "all one": [1, 1, 1]}.items():
        cases.add("adjustHolm", name, p, {"adjusted": multipletests(p, method="holm")[1]})
        cases.add("adjustBenjaminiHochberg", name, p, {"adjusted": multipletests(p, method="fdr_bh")[1]})
        cases.add("adjustHolm", f"{name}, R", p, {"adjusted": np.atleast_1d(r(f"p.adjust({vector(p)}, 'holm')"))})
