"""
Confidence sequences of Waudby-Smith and Ramdas (arXiv 2010.09686). No package with them can be installed
here, so this is the paper's notation with numpy: whole arrays and the full grid at once, where the TypeScript
goes step by step and forgets what is out.
"""

import numpy as np

from common import lcg


def bets(x, alpha):
    t = np.arange(1, len(x) + 1)
    mu = (0.5 + np.cumsum(x)) / (t + 1)
    var = (0.25 + np.cumsum((x - mu) ** 2)) / (t + 1)
    before_mu, before_var = np.append(0.5, mu[:-1]), np.append(0.25, var[:-1])
    return np.sqrt(2 * np.log(2 / alpha) / (before_var * t * np.log(1 + t))), before_mu


def running(low, high, x, population):
    if population:
        t = np.arange(1, len(x) + 1)
        low = np.maximum(low, np.cumsum(x) / population)
        high = np.minimum(high, (np.cumsum(x) + population - t) / population)
    return np.maximum(0, np.maximum.accumulate(low)), np.minimum(1, np.minimum.accumulate(high))


def bernstein(x, alpha, population=None):
    t = np.arange(1, len(x) + 1)
    lam, mu = bets(x, alpha)
    lam = np.minimum(lam, 0.5)
    v, psi = 4 * (x - mu) ** 2, (-np.log(1 - lam) - lam) / 4
    past = np.append(0, np.cumsum(x)[:-1])
    z, w = (past / (population - t + 1), (t - 1) / (population - t + 1)) if population else (0, 0)
    bottom = np.cumsum(lam * (1 + w))
    centre = np.cumsum(lam * (x + z)) / bottom
    half = (np.log(2 / alpha) + np.cumsum(v * psi)) / bottom
    return running(centre - half, centre + half, x, population)


def betting(x, alpha, steps, population=None):
    t = np.arange(1, len(x) + 1)
    lam, _ = bets(x, alpha)
    past = np.append(0, np.cumsum(x)[:-1])
    limit = np.log(2 / alpha)
    low, high = np.full(len(x), -1.0), np.full(len(x), 1 + 1 / steps)
    for j in range(steps + 1):
        m = np.full(len(x), j / steps) if not population else (population * (j / steps) - past) / (population - t + 1)
        possible = np.logical_and.accumulate((m >= 0) & (m <= 1))
        safe = np.where(possible, m, 0.5)
        with np.errstate(divide="ignore"):
            plus = np.cumsum(np.log(1 + np.minimum(lam, 0.5 / safe) * (x - safe)))
            minus = np.cumsum(np.log(1 - np.minimum(lam, 0.5 / (1 - safe)) * (x - safe)))
        too_low = np.logical_or.accumulate((m < 0) | (possible & (plus >= limit)))
        too_high = np.logical_or.accumulate((m > 1) | (possible & (minus >= limit)))
        low = np.where(too_low, np.maximum(low, j / steps), low)
        high = np.where(too_high, np.minimum(high, j / steps), high)
    return running(low, high, x, population)


def make(cases):
    u = lcg(21)
    streams = {
        "scores around 7": (np.array([min(10, max(1, 5 + int(5 * next(u)))) for _ in range(400)], float), 1, 10),
        "halves": (np.array([1 + int(19 * next(u)) / 2 for _ in range(300)]), 1, 10),
        "differences": (np.array([int(4 * next(u)) + int(4 * next(u)) - 3 for _ in range(400)], float), -9, 9),
        "all at the top": (np.full(60, 10.0), 1, 10),
        "passes, hardly any": (np.array([float(next(u) < 0.03) for _ in range(400)]), 0, 1),
        "one": (np.array([4.0]), 1, 10),
    }
    for name, (values, lower, upper) in streams.items():
        x = (values - lower) / (upper - lower)
        for population in [None, len(values), 3 * len(values)]:
            for confidence in [0.95, 0.99]:
                times = sorted({1, min(2, len(x)), min(10, len(x)), min(100, len(x)), len(x)})
                given = {"values": values, "lower": lower, "upper": upper, "confidence": confidence, "times": times}
                if population:
                    given["populationSize"] = population
                alpha = 1 - confidence
                for method, (low, high) in {
                    "bernstein": bernstein(x, alpha, population),
                    "betting": betting(x, alpha, 200, population),
                }.items():
                    if confidence == 0.99 and population:
                        continue
                    cases.add(method, f"{name}, {confidence}, population {population}", given,
                              [{"lower": lower + (upper - lower) * low[i - 1], "upper": lower + (upper - lower) * high[i - 1]} for i in times])
