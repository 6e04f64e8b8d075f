"""Data and random numbers that both sides can make, so that large inputs need not be stored."""

import json
import subprocess

import numpy as np

MASK = 0xFFFFFFFF


def lcg(seed):
    """x -> 1664525 x + 1013904223 mod 2^32 (Numerical Recipes), as x / 2^32; in TypeScript: `lcg` of data.ts."""
    x = seed & MASK
    while True:
        x = (1664525 * x + 1013904223) & MASK
        yield x / 2**32


def score_pairs(seed, n, groups):
    """n pairs of scores 1-10 that go together, in clusters of very different sizes; four draws a pair."""
    u = lcg(seed)
    baseline, candidate, clusters = [], [], []
    for _ in range(n):
        first = 1 + int(10 * next(u))
        step = int(5 * next(u)) - 2
        lift = 1 if next(u) < 0.3 else 0
        baseline.append(first)
        candidate.append(min(10, max(1, first + step + lift)))
        clusters.append(int(next(u) ** 2 * groups))
    return np.array(baseline, float), np.array(candidate, float), np.array(clusters)


def xoshiro(seed):
    """xoshiro128** filled by splitmix32: the generator of random.ts."""
    filler = seed & MASK
    state = []
    for _ in range(4):
        filler = (filler + 0x9E3779B9) & MASK
        z = filler ^ (filler >> 16)
        z = (z * 0x21F0AAAD) & MASK
        z ^= z >> 15
        z = (z * 0x735A2D97) & MASK
        state.append(z ^ (z >> 15))
    a, b, c, d = state

    def rotl(x, k):
        return ((x << k) | (x >> (32 - k))) & MASK

    while True:
        result = (rotl((b * 5) & MASK, 7) * 9) & MASK
        t = (b << 9) & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        d = rotl(d, 11)
        yield result / 2**32


def draws(seed, units, resamples):
    """The unit numbers that a bootstrap with this seed draws, one row a resample."""
    source = xoshiro(seed)
    return np.array([[int(next(source) * units) for _ in range(units)] for _ in range(resamples)])


def r(code):
    """The numbers that a piece of R gives; its last value must be a list or a vector of numbers."""
    script = f"options(digits=17); suppressMessages(library(jsonlite)); result <- {{ {code} }}; cat(toJSON(result, digits=NA, auto_unbox=TRUE))"
    return json.loads(subprocess.run(["Rscript", "-e", script], check=True, capture_output=True, text=True).stdout)


def vector(values):
    """A vector in R."""
    return "c(" + ",".join(repr(float(value)) for value in values) + ")"


def plain(value):
    """numpy to JSON."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(inner) for inner in value]
    if isinstance(value, (np.floating, np.integer, np.bool_)):
        return value.item()
    return value


class Cases:
    """Reference cases of one family: what goes in, and what independent software makes of it."""

    def __init__(self):
        self.cases = []

    def add(self, method, name, given, expected, tolerance=None):
        case = {"method": method, "name": name, "given": plain(given), "expected": plain(expected)}
        if tolerance is not None:
            case["tolerance"] = tolerance
        self.cases.append(case)
