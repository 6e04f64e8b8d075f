"""Trend and repeats: scipy, statsmodels, R (lme4, psych), exact fractions."""

from fractions import Fraction
from math import comb

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

from common import lcg, r, vector


def anova(groups, confidence=0.95):
    """Searle, Casella and McCulloch: mean squares from scipy's F, n0, and the F interval of McGraw and Wong."""
    groups = [np.array(group, float) for group in groups]
    sizes = np.array([len(group) for group in groups])
    n, k = sizes.sum(), len(groups)
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (n - k)
    f = stats.f_oneway(*groups).statistic
    n0 = (n - (sizes**2).sum() / n) / (k - 1)
    between = max(0, (f * within - within) / n0)
    tail = (1 - confidence) / 2
    ends = [f / stats.f.isf(tail, k - 1, n - k), f * stats.f.isf(tail, n - k, k - 1)]
    low, high = [max(0, (end - 1) / (end + n0 - 1)) for end in ends]
    return {"cases": k, "observations": n, "repeats": n0, "betweenVariance": between, "withinVariance": within,
            "icc": between / (between + within), "iccInterval": {"lower": low, "upper": high}}


def flat(groups):
    return {"caseOf": [i for i, group in enumerate(groups) for _ in group], "scores": [v for group in groups for v in group]}


def step(values, clusters, confidence):
    if clusters is None:
        test = stats.ttest_1samp(values, 0)
        interval = test.confidence_interval(confidence)
        return test.pvalue, interval.low, interval.high
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    return fit.pvalues[0], *fit.conf_int(1 - confidence)[0]


def make(cases):
    u = lcg(41)
    balanced = [[min(10, max(1, base + int(4 * next(u)) - 1)) for _ in range(3)] for base in [2, 5, 8, 9, 4, 6, 7, 3]]
    unbalanced = [group[: 1 + i % 3] for i, group in enumerate(balanced)]
    sets = {"three repeats": balanced, "one to three repeats": unbalanced, "two cases": [[1, 2, 4], [6, 7, 9]],
            "noise only": [[1, 9], [9, 1], [2, 8], [8, 3]], "passes": [[1, 1, 0, 1], [0, 0, 0, 1], [1, 1, 1, 1], [0, 0, 0, 0]]}
    for name, groups in sets.items():
        for confidence in [0.95, 0.9]:
            cases.add("estimateComponents", f"{name}, {confidence}", {**flat(groups), "confidence": confidence}, anova(groups, confidence))
    code = (f"suppressMessages(library(lme4)); y <- {vector(flat(balanced)['scores'])}; g <- factor({vector(flat(balanced)['caseOf'])});"
            "m <- lmer(y ~ 1 + (1 | g), control=lmerControl(optCtrl=list(xtol_abs=1e-14, ftol_abs=1e-14))); v <- as.data.frame(VarCorr(m))$vcov; c(v[1], v[2])")
    between, within = r(code)
    cases.add("estimateComponents", "lme4 of R", flat(balanced), {"betweenVariance": between, "withinVariance": within}, 1e-5)
    code = (f"suppressMessages(library(psych)); m <- matrix({vector(flat(balanced)['scores'])}, ncol=3, byrow=TRUE);"
            "i <- ICC(m, lmer=FALSE)$results; c(i$ICC[1], i$`lower bound`[1], i$`upper bound`[1])")
    icc, low, high = r(code)
    cases.add("estimateComponents", "psych of R", flat(balanced), {"icc": icc, "iccInterval": {"lower": low, "upper": high}})

    for between, within, n, now in [(2.0, 1.0, 80, 1), (0.0, 3.0, 20, 3), (1.5, 0.0, 10, 2), (0.3, 4.2, 1000, 1)]:
        options = [1, 2, 5, 100]
        se = [np.sqrt((between + within / k) / n) for k in options]
        base = np.sqrt((between + within / now) / n)
        cases.add("planRepeats", f"{between} and {within}", {"betweenVariance": between, "withinVariance": within, "cases": n, "from": now, "options": options},
                  {"plans": [{"repeats": k, "standardError": s, "relative": s / base, "noiseShare": within / k / (between + within / k)} for k, s in zip(options, se)],
                   "floor": {"standardError": np.sqrt(between / n)}})

    for passes, repeats, k in [(0, 10, 1), (10, 10, 10), (1, 10, 5), (3, 10, 10), (50, 200, 100), (1, 1, 1), (199, 200, 3), (2, 1000, 999), (7, 10, 3)]:
        every = Fraction(comb(passes, k), comb(repeats, k))
        none = Fraction(comb(repeats - passes, k), comb(repeats, k))
        given = {"passes": passes, "repeats": repeats, "k": k}
        cases.add("passAtK", f"{passes} of {repeats}, k {k}", given, {"share": float(1 - none)})
        cases.add("passAllK", f"{passes} of {repeats}, k {k}", given, {"share": float(every)})
    counts = [(1, 4), (0, 4), (4, 4), (2, 5), (3, 3), (1, 1)]
    for rule, share in [("at-least-one", lambda c, n: 1 - comb(n - c, 2) / comb(n, 2)), ("all", lambda c, n: comb(c, 2) / comb(n, 2))]:
        shares = [share(c, n) for c, n in counts if n >= 2]
        test = stats.ttest_1samp(shares, 0).confidence_interval()
        cases.add("averagePasses", rule, {"counts": [{"passes": c, "repeats": n} for c, n in counts], "k": 2, "rule": rule},
                  {"n": 5, "mean": np.mean(shares), "test": {"interval": {"lower": test.low, "upper": test.high}}})

    ids = [f"c{i}" for i in range(24)]
    groups = [None if i < 6 else f"g{i % 5}" for i in range(24)]
    first = [4 + int(6 * next(u)) for _ in ids]
    shifts = [0.2, -2.5, -1, 2.2]
    sessions = [first] + [[min(10, max(1, v + shift + int(3 * next(u)) - 1)) for v in first] for shift in shifts]
    for name, with_groups in [("independent cases", False), ("groups", True)]:
        clusters = np.array([i if g is None else 100 + int(g[1]) for i, g in enumerate(groups)]) if with_groups else None
        adjusted = 1 - 0.05 / len(shifts)
        expected = {}
        for key, others in {"toBaseline": [0] * 4, "toPrevious": [0, 1, 2, 3]}.items():
            steps = [np.array(sessions[i + 1]) - np.array(sessions[j]) for i, j in enumerate(others)]
            tests = [step(d, clusters, adjusted) for d in steps]
            holm = multipletests([t[0] for t in tests], method="holm")[1]
            expected[key] = [{"difference": {"mean": d.mean(), "test": {"pValue": p}}, "adjustedInterval": {"lower": low, "upper": high}, "adjustedP": h,
                              "isRegression": bool(high < -0.5), "isImprovement": bool(low > 0.5)}
                             for d, (p, low, high), h in zip(steps, tests, holm)]
        cases.add("followSessions", name, {"ids": ids, "groups": groups if with_groups else None, "sessions": sessions, "margin": 0.5}, expected)

    series = [7.1, 7.3, 6.9, 7.0, 7.2, 6.4, 6.2, 6.5, 6.1, 6.3, 6.0]
    high = low = 0
    highs, lows = [], []
    for value in series:
        z = (value - 7.1) / 0.2
        high, low = max(0, z - 0.5 + high), max(0, -0.5 - z + low)
        highs.append(high)
        lows.append(low)
    cases.add("tabularCusum", "a fall", {"values": series, "target": 7.1, "sd": 0.2}, {"high": highs, "low": lows, "alarm": {"index": next(i for i, v in enumerate(lows) if v > 5), "side": "low"}})
    # Montgomery, Introduction to Statistical Quality Control, example 9.1: mean 10, sd 1, K 0.5, H 5; alarm at period 29.
    montgomery = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84,
                  10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52]
    cases.add("tabularCusum", "Montgomery, table 9.2", {"values": montgomery, "target": 10, "sd": 1}, {"alarm": {"index": 28, "side": "high", "since": 22}})
