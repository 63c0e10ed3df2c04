#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads and writes numbers beside Python, whose float() and repr() are exact: test-number-witness.py PROGRAM [COUNT]"""
import array
import fractions
import math
import random
import re
import subprocess
import sys


def run(program, mode, data):
    return subprocess.run([program, mode], input=data, stdout=subprocess.PIPE, check=True).stdout


def digits(text):
    """The significant digits of a number, and the power of ten that they count in."""
    sign, whole, fraction, power = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?", text).groups()
    fraction = fraction or ""
    number = int(whole + fraction)
    power = int(power or 0) - len(fraction)
    while number and number % 10 == 0:
        number, power = number // 10, power + 1
    return sign, number, power


def halfway(value):
    """The text in the middle between a double and the next, and texts a little below and above."""
    middle = (fractions.Fraction(value) + fractions.Fraction(math.nextafter(value, math.inf))) / 2
    scale = 10 ** 1100
    number = str(middle.numerator * scale // middle.denominator).rstrip("0")
    power = len(str(middle.numerator * scale // middle.denominator)) - len(number) - 1100
    return [f"{number}e{power}", f"{number}1e{power - 1}", f"{int(number) - 1}e{power}"]


def texts_for(values, chance):
    for value in values:
        yield repr(value)
        yield f"{value:.16e}"
        yield f"{value:.{chance.randrange(1, 40)}e}"
    for _ in range(len(values)):
        yield f"{chance.randrange(10 ** chance.randrange(1, 30))}e{chance.randrange(-345, 312)}"
    for value in values[:2000]:
        if 0 < value < 1e300:
            yield from halfway(value)


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    chance = random.Random(20)
    values = array.array("d", chance.randbytes(8 * count))
    values = [value for value in values if math.isfinite(value)] + [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]
    written = run(program, "write", array.array("d", values).tobytes()).decode("ascii").split("\n")[:-1]
    assert len(written) == len(values)
    for value, text in zip(values, written):
        assert float(text) == value and (digits(text) == digits(repr(value))), (value, text)
    texts = list(texts_for(values[:count // 4] + values[-3:], chance))
    read = array.array("d", run(program, "read", "".join(text + "\n" for text in texts).encode("ascii")))
    expected = array.array("d", (float(text) + 0.0 for text in texts))
    assert len(read) == len(texts)
    if read.tobytes() != expected.tobytes():
        print([(text, ours, theirs) for text, ours, theirs in zip(texts, read, expected) if ours != theirs][:10])
        return 1
    print(f"{len(written)} written, {len(texts)} read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
