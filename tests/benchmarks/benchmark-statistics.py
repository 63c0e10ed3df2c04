#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics side by side with statsmodels, lifelines and NumPy, in one run on the same data.

usage: benchmark-statistics.py PROGRAM [rates|survival|reciprocity]...    PROGRAM: the built benchmark-statistics

Needs statsmodels and lifelines from PyPI. Best of seven; of NumPy's fixed-point iteration one run, which ends after MOST_SECONDS, with the residual
that it has come to.
"""
import subprocess
import sys
import tempfile
import time

import numpy as np

ROWS = 1_000_000
PARTIES = 10_000
MOST_SECONDS = 45
rng = np.random.default_rng(1)


def ours(program, what, *columns):
    with tempfile.NamedTemporaryFile() as file:
        for column in columns:
            np.asarray(column).tofile(file)
        file.flush()
        words = subprocess.run([program, what, file.name], capture_output=True, text=True, check=True).stdout.split()
    return {name: float(value) for name, value in zip(words[::2], words[1::2])}


def best_of_seven(function):
    seconds = []
    for _ in range(7):
        begin = time.perf_counter()
        answer = function()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), answer


def tell(what, found, seconds, note=""):
    print(f"{what:12} ours {found['seconds']:8.4f} s   theirs {seconds:8.4f} s   {seconds / found['seconds']:7.1f} times{note}", flush=True)


def rates(program):
    """Both sides' Wilson limits and Newcombe's of the difference."""
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    all_a, all_b = rng.integers(1, 50, ROWS), rng.integers(1, 50, ROWS)
    kept_a, kept_b = rng.binomial(all_a, 0.8), rng.binomial(all_b, 0.7)
    columns = [column.astype(float) for column in (kept_a, all_a - kept_a, kept_b, all_b - kept_b)]

    def theirs():
        low_a, high_a = proportion_confint(kept_a, all_a, method="wilson")
        low_b, high_b = proportion_confint(kept_b, all_b, method="wilson")
        a, b = kept_a / all_a, kept_b / all_b
        return a - b - np.hypot(a - low_a, high_b - b), a - b + np.hypot(high_a - a, b - low_b)

    found = ours(program, "rates", np.uint64(ROWS), *columns)
    seconds, (low, high) = best_of_seven(theirs)
    assert np.allclose([found["low"], found["high"]], [low[0], high[0]], rtol=1e-12)
    tell("rates", found, seconds)
    seconds, (low, high) = best_of_seven(lambda: confint_proportions_2indep(kept_a, all_a, kept_b, all_b, method="newcomb"))
    assert np.allclose([found["low"], found["high"]], [low[0], high[0]], rtol=1e-12)
    tell("", found, seconds, " (their own difference, without the rates)")


def survival(program):
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    times, ends = rng.exponential(30, ROWS), rng.random(ROWS) < 0.7
    found = ours(program, "survival", np.uint64(ROWS), times, ends.astype(np.uint8))
    seconds, fitter = best_of_seven(lambda: KaplanMeierFitter().fit(times, ends))
    limits = median_survival_times(fitter.confidence_interval_).to_numpy()[0]
    assert np.allclose([found["value"], found["low"], found["high"]], [fitter.median_survival_time_, *limits], rtol=1e-12)
    tell("survival", found, seconds, f"; limits of all steps {found['limits']:.4f} s more of ours, within theirs")


def sum_rows(x, y, rows=64):
    """sum_j w and sum_j w (1 + w), w = x_i y_j / (1 - x_i y_j), over j != i, in blocks that stay in the cache."""
    sums, slopes = np.empty(len(x)), np.empty(len(x))
    for begin in range(0, len(x), rows):
        part = np.arange(begin, min(begin + rows, len(x)))
        terms = x[part, None] * y[None, :]
        np.divide(terms, 1 - terms, out=terms)
        terms[np.arange(len(part)), part] = 0
        sums[part] = terms.sum(axis=1)
        slopes[part] = sums[part] + np.einsum("ij,ij->i", terms, terms)
    return sums, slopes


def next_step(x, y, given):
    """log x_i += log (s_i / sum w) sum w / sum w (1 + w): undamped, x_i = s_i / sum_j y_j / (1 - x_i y_j) does not converge. No more than half the way
    to the next pole. Answers how far off x was, too."""
    sums, slopes = sum_rows(x, y)
    heaviest = np.partition(y, -2)[-2:]
    pole = 1 / np.where(y == heaviest[1], heaviest[0], heaviest[1])
    return np.minimum(x * (given / sums) ** (sums / slopes), (x + pole) / 2), np.abs(sums / given - 1).max()


def fixed_point(sent, received):
    total = sent.sum()
    x, y = sent / np.sqrt(total), received / np.sqrt(total)
    most = max(1, x.max() * y.max() / 0.5)
    x, y = x / np.sqrt(most), y / np.sqrt(most)
    begin, residual, iterations = time.perf_counter(), np.inf, 0
    while residual > 1e-10 and time.perf_counter() - begin < MOST_SECONDS:
        x, off_x = next_step(x, y, sent)
        y, off_y = next_step(y, x, received)
        residual = max(off_x, off_y)
        iterations += 1
    return time.perf_counter() - begin, residual, iterations


def reciprocity(program):
    weight_out, weight_in = rng.lognormal(0, 1, PARTIES), rng.lognormal(0, 1, PARTIES)
    src = rng.choice(PARTIES, ROWS, p=weight_out / weight_out.sum())
    dst = rng.choice(PARTIES, ROWS, p=weight_in / weight_in.sum())
    keep = src != dst
    src, dst = np.r_[src[keep], np.arange(PARTIES)], np.r_[dst[keep], (np.arange(PARTIES) + 1) % PARTIES]
    amount = rng.geometric(0.2, len(src)).astype(float)
    found = ours(program, "reciprocity", np.array([PARTIES, len(src)], np.uint64), src.astype(np.int32), dst.astype(np.int32), amount)
    sent, received = np.bincount(src, amount, PARTIES), np.bincount(dst, amount, PARTIES)
    seconds, residual, iterations = fixed_point(sent, received)
    tell("reciprocity", found, seconds,
         f"; residuals {found['residual']:.1e}, {residual:.1e} after {found['iterations']:.0f}, {iterations} iterations")


def main():
    for what in sys.argv[2:] or ("rates", "survival", "reciprocity"):
        {"rates": rates, "survival": survival, "reciprocity": reciprocity}[what](sys.argv[1])


if __name__ == "__main__":
    main()
