"""Distribution functions far into the tails: mpmath, scipy, and R for the noncentral t."""

import mpmath as mp
from scipy import special, stats

from common import r

mp.mp.dps = 40


def make(cases):
    for df in [1, 2.5, 3, 29, 79.3, 500, 99_999]:
        rows = []
        for t in [0, 1e-10, 1e-4, 0.1, 1, -2, 5, 11.9, 40]:
            x = mp.mpf(df) / (df + mp.mpf(t) ** 2)
            rows.append([t, df, float(mp.betainc(mp.mpf(df) / 2, 0.5, 0, x, regularized=True))])
        cases.add("tTwoSidedP", f"df {df}", rows, [row[-1] for row in rows], 1e-9)
        rows = [[c, df, stats.t.ppf((1 + c) / 2, df)] for c in [0.001, 0.5, 0.9, 0.95, 0.99, 0.9999]]
        cases.add("tCritical", f"df {df}", rows, [row[-1] for row in rows], 1e-9)
    rows = [[z, float(mp.ncdf(z))] for z in [-37, -20, -6, -1.96, -1e-9, 0, 1, 8]]
    cases.add("normalCdf", "tails", rows, [row[-1] for row in rows], 1e-9)
    rows = [[p, special.ndtri(p)] for p in [1e-300, 1e-20, 1e-5, 0.025, 0.4999999, 0.5, 0.7, 0.975]]
    cases.add("normalQuantile", "tails", rows, [row[-1] for row in rows], 1e-9)
    for dfs in [(1, 1), (2, 7), (79, 80), (9999, 30_000)]:
        rows = [[f, *dfs, stats.f.sf(f, *dfs)] for f in [1e-5, 0.1, 0.9, 1.3, 5, 50]]
        cases.add("fUpperP", f"{dfs}", rows, [row[-1] for row in rows], 1e-9)
        rows = [[p, *dfs, stats.f.ppf(p, *dfs)] for p in [1e-6, 0.025, 0.5, 0.975, 0.9999]]
        cases.add("fQuantile", f"{dfs}", rows, [row[-1] for row in rows], 1e-9)
    rows = [[k, n, 0.5, stats.binom.cdf(k, n, 0.5)] for k, n in [(0, 1), (5, 11), (152, 361), (79, 385), (3, 3), (0, 60)]]
    cases.add("binomialCdf", "half", rows, [row[-1] for row in rows], 1e-9)
    for df in [1, 4, 30, 1000]:
        rows = [[t, df, nc, r(f"pt({t}, {df}, {nc})")] for t in [-3, 0, 0.5, 2, 6] for nc in [-1.5, 0.3, 2.8, 9]]
        # R's own error here is about 1e-12 absolute, so values below 1e-4 are not compared.
        rows = [row for row in rows if row[-1] > 1e-4]
        cases.add("noncentralTCdf", f"df {df}", rows, [row[-1] for row in rows], 1e-7)
    # Beyond R's own range: E[Phi(t S - nc)] over S = sqrt(chi2 / df), by mpmath.
    rows = []
    for t, df, nc in [(12.7, 1, 40), (63.7, 1, 81), (30, 2, 38), (60, 30, 50), (40, 1000, 38)]:
        def integrand(s):
            log_density = mp.log(2) + mp.mpf(df) / 2 * mp.log(mp.mpf(df) / 2) - mp.loggamma(mp.mpf(df) / 2) + (df - 1) * mp.log(s) - df * s**2 / 2
            return mp.exp(log_density) * mp.ncdf(t * s - nc)
        points = sorted({mp.mpf("1e-30"), *[mp.mpf(i) * 10 / mp.sqrt(df) / 60 for i in range(1, 61)], mp.mpf(nc) / t, mp.mpf(1), mp.mpf(12)})
        rows.append([t, df, nc, float(mp.quad(integrand, points))])
    cases.add("noncentralTCdf", "large noncentrality", rows, [row[-1] for row in rows], 1e-6)
