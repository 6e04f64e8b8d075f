"""Agreement and judge correction: scikit-learn, scipy, statsmodels, R; alpha, PPI++ and Lang-Reiczigel by their formulas."""

import itertools

import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, to_table
from statsmodels.stats.proportion import proportion_confint

from common import draws, lcg, r, vector

NONE = None
# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]


def alpha(units, level):
    """Observed and expected disagreement as plain averages over pairs of ratings."""
    units = [[v for v in unit if v is not None] for unit in units]
    units = [unit for unit in units if len(unit) > 1]
    pool = [v for unit in units for v in unit]
    values = sorted(set(pool))
    n_of = {v: pool.count(v) for v in values}

    def distance(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        return (sum(n_of[v] for v in values if low <= v <= high) - (n_of[a] + n_of[b]) / 2) ** 2 if a != b else 0.0

    n = len(pool)
    observed = sum(sum(distance(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    expected = sum(n_of[a] * n_of[b] * distance(a, b) for a in values for b in values) / (n * (n - 1))
    return 1 - observed / expected


def powered_mean(human, judge, rest, confidence=0.95):
    n, more = len(human), len(rest)
    lam = np.cov(human, judge)[0, 1] / ((1 + n / more) * np.var(np.concatenate([judge, rest]), ddof=1))
    lam = min(1, max(0, lam))
    mean = lam * rest.mean() + (human - lam * judge).mean()
    se = np.sqrt(np.var(lam * rest, ddof=1) / more + np.var(human - lam * judge, ddof=1) / n)
    low, high = stats.norm.interval(confidence, mean, se)
    return {"mean": mean, "lambda": lam, "standardError": se, "interval": {"lower": low, "upper": high}}


def lang_reiczigel(k, n, tp, pos, tn, neg, confidence):
    """Lang and Reiczigel 2014, equations 2, 6, 7, 16, 17."""
    z = stats.norm.ppf((1 + confidence) / 2)
    ap, n1 = (k + z**2 / 2) / (n + z**2), n + z**2
    se, n2, sp, n3 = (tp + 1) / (pos + 2), pos + 2, (tn + 1) / (neg + 2), neg + 2
    p = (ap + sp - 1) / (se + sp - 1)
    dp = 2 * z**2 * (p * se * (1 - se) / n2 - (1 - p) * sp * (1 - sp) / n3)
    var = (ap * (1 - ap) / n1 + p**2 * se * (1 - se) / n2 + (1 - p) ** 2 * sp * (1 - sp) / n3) / (se + sp - 1) ** 2
    rate = (k / n + tn / neg - 1) / (tp / pos + tn / neg - 1)
    return {"rate": min(1, max(0, rate)), "interval": {"lower": min(1, max(0, p + dp - z * np.sqrt(var))), "upper": min(1, max(0, p + dp + z * np.sqrt(var)))}}


def make(cases):
    u = lcg(31)
    truth = [1 + int(10 * next(u)) for _ in range(90)]
    near = [min(10, max(1, t + int(5 * next(u)) - 2)) for t in truth]
    ratings = {
        "scores that agree roughly": (truth, near), "perfect": (truth[:10], truth[:10]), "two units": ([1, 2], [2, 2]),
        "worse than chance": ([1, 1, 10, 10, 5], [10, 10, 1, 1, 5]), "passes": ([1, 0, 1, 1, 0, 1, 1, 0], [1, 0, 0, 1, 0, 1, 1, 1]),
        "one rater constant": ([5, 5, 5, 5], [5, 6, 4, 5]),
    }
    for name, (a, b) in ratings.items():
        labels = list(range(0, 11))
        expected = {"exact": {"rate": np.mean(np.array(a) == np.array(b))},
                    "kappa": {"value": cohen_kappa_score(a, b)},
                    "quadraticKappa": {"value": cohen_kappa_score(a, b, labels=labels, weights="quadratic")}}
        cases.add("measureAgreement", name, {"first": a, "second": b}, expected)
        table = to_table(np.column_stack([a, b]), bins=np.arange(-0.5, 11))[0]
        cases.add("measureAgreement", f"{name}, statsmodels", {"first": a, "second": b},
                  {"quadraticKappa": {"value": cohens_kappa(table, wt="fc").kappa}})
    a, b = np.array(truth), np.array(near)
    rows = draws(3, len(a), 400)
    kappas = [cohen_kappa_score(a[row], b[row]) for row in rows]
    quadratic = [cohen_kappa_score(a[row], b[row], labels=list(range(1, 11)), weights="quadratic") for row in rows]
    cases.add("measureAgreement", "bootstrap", {"first": a, "second": b, "bootstrap": {"seed": 3, "resamples": 400}}, {
        "kappa": {"interval": dict(zip(["lower", "upper"], np.quantile(kappas, [0.025, 0.975])))},
        "quadraticKappa": {"interval": dict(zip(["lower", "upper"], np.quantile(quadratic, [0.025, 0.975])))},
    })
    d = a - b
    cases.add("measureTestRetest", "scores", {"first": a, "second": b}, {
        "withinOne": {"rate": np.mean(abs(d) <= 1), "interval": dict(zip(["lower", "upper"], proportion_confint((abs(d) <= 1).sum(), len(d), method="wilson")))},
        "meanAbsoluteDifference": abs(d).mean(), "noiseSd": np.sqrt((d**2).sum() / 2 / len(d)),
    })

    published = [list(unit) for unit in zip(*PUBLISHED)]
    two = [[x, y] for x, y in zip(truth[:25], near[:25])]
    holes = [[x, y, None if i % 3 else (x + y) / 2] for i, (x, y) in enumerate(two)] + [[7, None, None], [None, None, None]]
    for name, units in {"Krippendorff 2011": published, "two raters": two, "halves and holes": holes, "one unit": [[1, 2]], "all apart": [[1, 2], [3, 4], [5, 6]]}.items():
        for level in ["nominal", "ordinal", "interval"]:
            cases.add("krippendorffAlpha", f"{name}, {level}", {"ratings": units, "level": level}, {"alpha": {"value": alpha(units, level)}})
    for level in ["nominal", "ordinal", "interval"]:
        rows = draws(8, len(two), 300)
        resampled = [alpha([two[i] for i in row], level) for row in rows]
        cases.add("krippendorffAlpha", f"bootstrap, {level}", {"ratings": two, "level": level, "bootstrap": {"seed": 8, "resamples": 300}},
                  {"alpha": {"interval": dict(zip(["lower", "upper"], np.quantile(resampled, [0.025, 0.975])))}})

    human = np.array([float(t) for t in truth[:40]])
    judge = np.array([float(t) for t in near[:40]])
    rest = np.array([min(10.0, max(1.0, 4 + int(5 * next(u)))) for _ in range(300)])
    noise = np.array([float(1 + int(10 * next(u))) for _ in range(40)])
    for name, (h, j, more) in {"a good judge": (human, judge, rest), "a random judge": (human, noise, rest), "an opposite judge": (human, 11 - judge, rest),
                               "few labels": (human[:3], judge[:3], rest[:5]), "few others": (human, judge, rest[:10])}.items():
        cases.add("predictionPoweredMean", name, {"human": h, "judge": j, "unlabelled": more}, powered_mean(h, j, more))

    for k, n, tp, pos, tn, neg in [(60, 100, 45, 50, 40, 50), (0, 80, 19, 20, 20, 20), (80, 80, 19, 20, 20, 20), (5, 100, 28, 30, 24, 30), (700, 1000, 90, 100, 95, 100), (50, 100, 12, 20, 11, 20), (1, 1, 2, 2, 2, 2)]:
        for confidence in [0.95, 0.9]:
            cases.add("correctRate", f"{k} of {n}, {tp}/{pos}, {tn}/{neg}, {confidence}",
                      {"passes": k, "n": n, "calibration": {"positives": pos, "truePositives": tp, "negatives": neg, "trueNegatives": tn}, "confidence": confidence},
                      lang_reiczigel(k, n, tp, pos, tn, neg, confidence))

    lengths = [int(50 + 3000 * next(u) ** 2) for _ in range(60)]
    scores = [min(10, max(1, 2 + int(np.log(length) + 3 * next(u) - 1.5))) for length in lengths]
    for name, (x, y) in {"scores and lengths": (np.log(lengths), scores), "three points": ([1, 2, 4], [1, 3, 2]), "two points": ([1, 2], [5, 3])}.items():
        line = stats.linregress(x, y)
        expected = {"slope": line.slope, "intercept": line.intercept}
        if len(x) > 2:
            half = stats.t.ppf(0.975, len(x) - 2) * line.stderr
            expected.update(slopeStandardError=line.stderr, rSquared=line.rvalue**2, test={"pValue": line.pvalue, "interval": {"lower": line.slope - half, "upper": line.slope + half}})
        cases.add("fitLine", name, {"x": x, "y": y}, expected)
    slope, error = r(f"summary(lm({vector(scores)} ~ log({vector(lengths)})))$coefficients[2, 1:2]")
    cases.add("measureLengthBias", "lm of R", {"scores": scores, "lengths": lengths}, {"slope": slope, "slopeStandardError": error, "pointsPerDoubling": slope * np.log(2)})

    letters = ["a", "b", "tie"]
    a_first = [letters[int(3 * next(u))] for _ in range(70)]
    b_first = [w if next(u) < 0.6 else letters[int(3 * next(u))] for w in a_first]
    first = sum(x == "a" and y == "b" for x, y in zip(a_first, b_first))
    second = sum(x == "b" and y == "a" for x, y in zip(a_first, b_first))
    cases.add("measureOrderSwap", "verdicts", {"aFirst": a_first, "bFirst": b_first}, {
        "consistent": {"rate": np.mean([x == y for x, y in zip(a_first, b_first)])}, "firstAlways": first, "secondAlways": second,
        "positionBiasP": stats.binomtest(first, first + second).pvalue})
