#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics beside their definitions in fractions, and beside SciPy: test-statistics-witness.py PROGRAM [COUNT]"""
import math
import pathlib
import random
import subprocess
import sys
from fractions import Fraction

from scipy import special

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
import statistics_twin as twin  # noqa: E402

Z = float(special.ndtri(0.975))


ANY = object()  # no witness


def close(found, expected, tolerance):
    if expected is None:
        return not math.isfinite(found)
    return abs(found - float(expected)) <= tolerance * max(1, abs(float(expected)))


def words(*numbers):
    return " ".join(repr(float(number)) for number in numbers)


def rate_cases(dice):
    kept, broken = dice.randint(0, 50), dice.randint(0, 50) + 1
    n = Fraction(dice.randint(1, 40), 4)
    yield f"wilson {words(kept, broken, (kept + broken) ** 2 / n)}", twin.wilson(kept, broken, Z, n)
    other = dice.randint(0, 9), dice.randint(0, 9) + 1
    yield f"newcombe {words(kept, broken, *other)}", twin.newcombe(twin.wilson(kept, broken, Z), twin.wilson(*other, Z))
    cells = [dice.choice((0, 1, 5, dice.randint(0, 60))) for _ in range(4)]
    if any(cells):
        yield f"paired {words(*cells)}", twin.newcombe_paired(*cells, Z)


def beta_case(dice):
    a, b, p = dice.choice((0.5, 1, 3, 80.25, 2000.5)), 10 ** dice.uniform(-1, 4), dice.choice((0.025, 0.975, 0.5))
    return f"beta {words(a, b, p)}", [special.betaincinv(a, b, p)]


def spells(dice):
    ends = dice.choice(((0, 1), (1,), (0, 1, 2), (0, 2)))
    weights = dice.choice(((1,), (1,), (0, 1, 2), (0.25, 1.5)))
    return [(Fraction(dice.randint(0, 12)), dice.choice(ends), Fraction(dice.choice(weights))) for _ in range(dice.randint(1, 25))]


def survival_case(dice):
    rows = spells(dice)
    found = twin.survival(rows)
    seen = [time for time, _, weight in rows if weight > 0]
    until = max(seen, default=Fraction(0))
    value = mean = mean_low = mean_high = None
    if seen:
        value, low, high = twin.median(found, Z)
        mean, mean_low, mean_high = twin.mean(found, until), ANY, ANY
        if all(end != twin.COMPETING for _, end, _ in rows):
            error = Z * math.sqrt(twin.mean_variance(rows, until))
            mean_low, mean_high = mean - Fraction(error), mean + Fraction(error)
    else:
        low, high = 0, None
    expected = [value, low, high, mean, mean_low, mean_high]
    for time, share, variance in found:
        expected += [time, share, variance, *twin.limits(share, variance, Z)]
    return f"survival {words(until)} " + " ".join(words(time) + f" {end} " + words(weight) for time, end, weight in rows), expected


def log_rank_case(dice):
    samples = spells(dice), spells(dice)
    observed, expected, variance = twin.log_rank(samples)
    line = "log-rank " + " ".join(f"{k} {words(time)} {end} {words(weight)}"
                                  for k, sample in enumerate(samples) for time, end, weight in sample)
    if variance == 0 or any(all(weight == 0 for _, _, weight in sample) for sample in samples):
        return line, [0]
    chi_square = (observed - expected) ** 2 / variance
    return line, [1, observed, expected, variance, chi_square, math.erfc(math.sqrt(chi_square / 2))]


def agrees(found, expected):
    return all(other is ANY or close(one, other, 1e-10) for one, other in zip(found, expected)) and (len(found) == len(expected) or expected == [0])


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 400
    dice = random.Random(12)
    cases = []
    for _ in range(count):
        cases += [*rate_cases(dice), beta_case(dice), survival_case(dice), log_rank_case(dice)]
    answers = subprocess.run([program], input="".join(line + "\n" for line, _ in cases), capture_output=True, text=True,
                             check=True).stdout.splitlines()
    assert len(answers) == len(cases)
    wrong = [(line, answer, [str(number) for number in expected]) for (line, expected), answer in zip(cases, answers)
             if not agrees([float(word) for word in answer.split()], list(expected))]
    for case in wrong[:3]:
        print(*case, sep="\n")
    print(f"{len(cases) - len(wrong)} of {len(cases)} agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
