# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics of rates and times as they are defined, slowly: in fractions, with roots and logarithms of 50 digits."""
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 50
CENSORED, EVENT, COMPETING = range(3)


def decimal(number):
    number = Fraction(number)
    return Decimal(number.numerator) / Decimal(number.denominator)


def wilson(kept, broken, z, n=None):
    """Both roots of (p - kept / n)^2 = z^2 p (1 - p) / n."""
    rate = Fraction(kept) / (Fraction(kept) + Fraction(broken))
    n = decimal(n if n is not None else Fraction(kept) + Fraction(broken))
    p, z = decimal(rate), decimal(z)
    centre, width = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    return p, (centre - width) / (1 + z * z / n), (centre + width) / (1 + z * z / n)


def newcombe(first, second, correlation=Decimal(0)):
    p, low_p, high_p = first
    q, low_q, high_q = second

    def distance(a, b):
        return max(a * a - 2 * correlation * a * b + b * b, Decimal(0)).sqrt()
    return p - q, p - q - distance(p - low_p, high_q - q), p - q + distance(high_p - p, q - low_q)


def newcombe_paired(both, first, second, neither, z):
    n = both + first + second + neither
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    product = Fraction(both * neither - first * second)
    if product > 0:
        product = max(product - Fraction(n, 2), Fraction(0))
    correlation = decimal(product) / decimal(margins).sqrt() if margins else Decimal(0)
    return newcombe(wilson(both + first, second + neither, z), wilson(both + second, first + neither, z), correlation)


def steps_of(rows):
    """(time, at risk, Kish's number of it, events, competing) of each time at which something ended, from rows (time, end, weight)."""
    for now in sorted({time for time, end, weight in rows if end != CENSORED and weight > 0}):
        weights = [weight for time, _, weight in rows if time >= now]
        ended = [sum((weight for time, end, weight in rows if time == now and end == kind), Fraction(0)) for kind in (EVENT, COMPETING)]
        yield now, sum(weights), sum(weights) ** 2 / sum(weight * weight for weight in weights), *ended


def survival(rows):
    """(time, 1 - Aalen-Johansen's estimate, Greenwood's variance) by the double sum over pairs of times: cumulative incidence is a sum of S(t-) h(t), and
    its variance that of a function of independent multinomials, by first-order differences of all of them."""
    steps, found = list(steps_of(rows)), []
    for last in range(len(steps)):
        left, incidence = [Fraction(1)], Fraction(0)
        for _, at_risk, _, events, competing in steps[:last + 1]:
            incidence += left[-1] * events / at_risk
            left.append(left[-1] * (1 - (events + competing) / at_risk))
        variance = Fraction(0)
        for i, (_, at_risk, alike, events, competing) in enumerate(steps[:last + 1]):
            h1, h2 = events / at_risk, competing / at_risk
            later, product = Fraction(0), Fraction(1)  # incidence after this time, of what is left then
            for _, risk, _, some, others in steps[i + 1:last + 1]:
                later += product * some / risk
                product *= 1 - (some + others) / risk
            to_event, to_competing = left[i] * (1 - later), -left[i] * later
            variance += (to_event ** 2 * h1 * (1 - h1) + to_competing ** 2 * h2 * (1 - h2) - 2 * to_event * to_competing * h1 * h2) / alike
        found.append((steps[last][0], 1 - incidence, variance))
    return found


def limits(value, variance, z):
    if not 0 < value < 1:
        return None, None
    depth = decimal(value).ln()
    spread = (decimal(z) * decimal(variance).sqrt() / (decimal(value) * -depth)).exp()
    return (depth * spread).exp(), (depth / spread).exp()


def median(found, z):
    """Value and limits; None where there is none."""
    value = low = high = None
    for i, (time, share, variance) in enumerate(found):
        lower, upper = limits(share, variance, z)
        if value is None and share <= Fraction(1, 2):
            value = time
            later = [other for other, less, _ in found[i + 1:] if less < share]
            if share == Fraction(1, 2) and later:
                value = Fraction(time + later[0]) / 2
        low = time if low is None and lower is not None and lower <= Decimal("0.5") else low
        high = time if high is None and upper is not None and upper <= Decimal("0.5") else high
    return value, Fraction(0) if low is None else low, high


def mean(found, until):
    """The area below the estimate; its variance has a witness of its own where nothing competes."""
    area, before, share = Fraction(0), Fraction(0), Fraction(1)
    for time, value, _ in found:
        if time >= until:
            break
        area, before, share = area + (time - before) * share, time, value
    return area + (until - before) * share


def mean_variance(rows, until):
    """Sum over times of (area to come)^2 d / (n (n - d)), for events alone."""
    found, steps = survival(rows), list(steps_of(rows))
    total = Fraction(0)
    for time, at_risk, alike, events, _ in steps:
        if time < until and events < at_risk:
            total += (mean(found, until) - mean(found, time)) ** 2 * events / (at_risk - events) / alike
    return total


def log_rank(samples):
    """(observed, expected, variance) of the first sample."""
    samples = [[row for row in sample if row[2] > 0] for sample in samples]
    observed = expected = variance = Fraction(0)
    for now in sorted({time for sample in samples for time, end, _ in sample if end == EVENT}):
        risk = [[row for row in sample if row[0] >= now] for sample in samples]
        weight = [sum(row[2] for row in rows) for rows in risk]
        events = [[row[2] for row in rows if row[0] == now and row[1] == EVENT] for rows in risk]
        n, d, share = len(risk[0] + risk[1]), len(events[0] + events[1]), Fraction(weight[0]) / sum(weight)
        observed += sum(events[0])
        expected += sum(events[0] + events[1]) * share
        if n > 1:
            spread = sum(row[2] ** 2 for row in risk[0]) * (1 - share) ** 2 + sum(row[2] ** 2 for row in risk[1]) * share ** 2
            variance += Fraction(d * (n - d), n * (n - 1)) * spread
    return observed, expected, variance
