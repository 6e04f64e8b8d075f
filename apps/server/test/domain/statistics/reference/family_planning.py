"""Power and numbers of cases: statsmodels (noncentral t), R's power.prop.test, Connor's formula."""

import math

import numpy as np
from scipy import integrate, optimize, stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from common import r


def connor(discordant, size, alpha, power):
    top = stats.norm.isf(alpha / 2) * np.sqrt(discordant) + stats.norm.ppf(power) * np.sqrt(discordant - size**2)
    return (top / size) ** 2


def power_by_integration(design, n, effect, alpha):
    """scipy's noncentral t gives NaN at some of these places; here the mean over the density of chi instead."""
    df, shift = (n - 1, effect * np.sqrt(n)) if design == "paired" else (2 * n - 2, effect * np.sqrt(n / 2))
    critical = stats.t.isf(alpha / 2, df)

    def miss(s):
        return (stats.norm.cdf(critical * s - shift) - stats.norm.cdf(-critical * s - shift)) * stats.chi.pdf(s * np.sqrt(df), df) * np.sqrt(df)

    reach = 12 / np.sqrt(2 * df)
    low, high = max(0, 1 - reach), 1 + reach
    middle = min(high, max(low, shift / critical))
    return 1 - integrate.quad(miss, low, high, limit=500, epsabs=1e-13, epsrel=1e-12, points=[middle, 1])[0]


def make(cases):
    engines = {"paired": TTestPower(), "unpaired": TTestIndPower()}
    for design, engine in engines.items():
        for n, effect, alpha in [(2, 1.0, 0.05), (3, 0.8, 0.05), (20, 0.5, 0.05), (80, 0.3, 0.01), (500, 0.1, 0.05), (10_000, 0.02, 0.05), (30, 0, 0.05), (30, 5, 0.05)]:
            power = engine.power(effect, n, alpha)
            cases.add("powerOfMeans", f"{design}, n {n}, effect {effect}",
                      {"design": {"design": design, "sd": 2}, "cases": n, "difference": 2 * effect, "alpha": alpha}, {"power": power}, 1e-7)
        for n, power, alpha in [(2, 0.8, 0.05), (10, 0.8, 0.05), (80, 0.9, 0.05), (1319, 0.8, 0.01), (10_000, 0.95, 0.05)]:
            solve = lambda d: power_by_integration(design, n, d, alpha) - power
            effect = optimize.brentq(solve, 1e-9, 14 if n == 2 else 9 / np.sqrt(n), xtol=1e-14, rtol=1e-14)
            cases.add("detectableDifference", f"{design}, n {n}, power {power}",
                      {"design": {"design": design, "sd": 1.5}, "cases": n, "goal": {"alpha": alpha, "power": power}},
                      {"difference": 1.5 * effect}, 1e-6)
        for effect, power in [(2, 0.8), (0.5, 0.8), (0.2, 0.9), (0.05, 0.8), (0.013, 0.8)]:
            n = engine.solve_power(effect_size=effect, alpha=0.05, power=power)
            cases.add("neededCases", f"{design}, effect {effect}, power {power}",
                      {"design": {"design": design, "sd": 2}, "difference": -2 * effect, "goal": {"power": power}}, {"cases": math.ceil(n)})
    cases.add("neededCases", "power.t.test of R", {"design": {"design": "paired", "sd": 1.4}, "difference": 0.4, "goal": {}},
              {"cases": math.ceil(r("power.t.test(delta=0.4, sd=1.4, power=0.8, type='paired', strict=TRUE)$n"))})
    for p1, p2, power in [(0.5, 0.6, 0.8), (0.9, 0.95, 0.9), (0.01, 0.03, 0.8), (0.7, 0.3, 0.8)]:
        n = r(f"power.prop.test(p1={p1}, p2={p2}, power={power}, tol=1e-10)$n")
        cases.add("neededCasesForRates", f"{p1} against {p2}", {"baseline": p1, "candidate": p2, "goal": {"power": power}}, {"cases": math.ceil(n)})
    for p, n in [(0.5, 100), (0.8, 400), (0.3, 1319)]:
        above = r(f"power.prop.test(n={n}, p1={p}, power=0.8, tol=1e-12)$p2")
        cases.add("detectableRates", f"{p} with {n}", {"baseline": p, "cases": n}, {"above": above}, 1e-6)
    for discordant, size, power in [(0.3, 0.1, 0.8), (0.1, 0.05, 0.9), (0.05, 0.05, 0.8), (0.274, 0.0432, 0.8)]:
        cases.add("neededPairsForRates", f"{size} of {discordant}", {"discordant": discordant, "difference": size, "goal": {"power": power}},
                  {"cases": math.ceil(connor(discordant, size, 0.05, power))})
        n = 3 * math.ceil(connor(discordant, size, 0.05, power))
        small = optimize.brentq(lambda s: connor(discordant, s, 0.05, power) - n, 1e-6, discordant, xtol=1e-15)
        cases.add("detectablePairedRates", f"{n} of {discordant}", {"discordant": discordant, "cases": n, "goal": {"power": power}}, {"difference": small}, 1e-7)
