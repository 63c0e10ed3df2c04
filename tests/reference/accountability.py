# SPDX-License-Identifier: LGPL-2.1-or-later
"""The slow and obvious twin of the measure "accountability".

Weights, shares and times are fractions, roots and logarithms have 50 digits. Who reaches whom is found by trying; what is likeliest is found by
SciPy, from several starts. Nothing here is fast, and nothing is shared with the library.
"""
import itertools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import statistics_twin as statistics
from parties import Parties
from scipy import optimize, special, stats

DECIDED = ("kept", "late", "broken", "overdue")
CLOSED = ("kept", "late", "broken", "withdrawn")
ENDS = {"kept": statistics.EVENT, "late": statistics.EVENT, "broken": statistics.COMPETING, "withdrawn": statistics.COMPETING,
        "overdue": statistics.CENSORED, "open": statistics.CENSORED}
ANY = object()  # no witness


class Record:
    """A commitment: from, to, made, due, closed (days as fractions, or None), state, closed_by, reopened, weight."""

    def __init__(self, **fields):
        self.owes, self.owed = fields["from"], fields["to"]
        for name in ("made", "due", "closed", "state", "closed_by", "reopened"):
            setattr(self, name, fields.get(name))
        self.given = Fraction(fields.get("weight", 1))


class Chain(Parties):
    """Parties by id (dicts with kind, unit, manager) and records."""

    def __init__(self, parties, records):
        super().__init__(parties)
        self.records = records

    def units_of(self, party):
        """All that a party is in, itself first."""
        chain = [party]
        while not self.is_customer(chain[-1]) and self.parties[chain[-1]].get("unit"):
            chain.append(self.parties[chain[-1]]["unit"])
        return chain


class Run:
    """The records of a chain as they count at a time."""

    def __init__(self, chain, at=None, half_life=0, confidence=0.95, group_by="none"):
        self.chain, self.group_by, self.confidence = chain, group_by, confidence
        self.z = float(special.ndtri((1 + confidence) / 2))
        times = [time for record in chain.records for time in (record.made, record.closed) if time is not None]
        self.at = at if at is not None else max(times, default=None)
        self.records = []
        for record in chain.records:
            if record.owes == record.owed or (record.made is not None and self.at is not None and record.made > self.at):
                continue
            record.outcome = self.outcome(record)
            record.weight = record.given * self.share_left(record, half_life)
            self.records.append(record)

    def outcome(self, record):
        state = record.state or ("kept" if record.closed is not None else "open")
        if record.closed is not None and self.at is not None and record.closed > self.at:
            state = "open"
        if state == "kept":
            return "late" if None not in (record.closed, record.due) and record.closed > record.due else "kept"
        if state == "open":
            return "overdue" if None not in (record.due, self.at) and record.due < self.at else "open"
        return state

    def share_left(self, record, half_life):
        since = next((time for time in (record.made, record.closed, record.due) if time is not None), None)
        if half_life == 0 or since is None or self.at is None or since > self.at:
            return Fraction(1)
        return Fraction(Decimal(2) ** -(statistics.decimal(self.at - since) / statistics.decimal(half_life)))

    def spell(self, record):
        end = ENDS[record.outcome]
        ended = self.at if end == statistics.CENSORED else record.closed
        if ended is None and record.outcome == "broken" and record.due is not None and not (self.at is not None and record.due > self.at):
            ended = record.due
        if record.made is None or ended is None or ended < record.made:
            return None
        return ended - record.made, end, record.weight


def total(records):
    return sum((record.weight for record in records), Fraction(0))


def kish(weights):
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else Fraction(0)


def share(records, is_yes, z):
    """Value and limits of a share of weights, and its number; None where nothing weighs anything."""
    weights = [record.weight for record in records]
    if not sum(weights):
        return None, None, None, Fraction(0)
    yes = total(record for record in records if is_yes(record))
    return *statistics.wilson(yes, sum(weights) - yes, z, kish(weights)), kish(weights)


def decided(records):
    return [record for record in records if record.outcome in DECIDED]


def is_kept(record):
    return record.outcome == "kept"


def kept(records, z):
    return share(decided(records), is_kept, z)


def difference(first, second):
    n = first[3] + second[3]
    if first[0] is None or second[0] is None:
        return None, None, None, n, "EMPTY"
    return *statistics.newcombe(first[:3], second[:3]), n, "OK"


def quotient(part, whole):
    return part / whole if whole else None


# ---- rates drawn towards each other ----

def log_likelihood(counts, x):
    """At (log a, log b), with its slope."""
    yes, no = counts
    a, b = np.exp(x)
    both = special.digamma(a + b + yes + no) - special.digamma(a + b)
    slope = [a * np.sum(special.digamma(a + yes) - special.digamma(a) - both), b * np.sum(special.digamma(b + no) - special.digamma(b) - both)]
    return np.sum(special.betaln(a + yes, b + no)) - len(yes) * special.betaln(a, b), np.array(slope)


def likeliest(counts):
    """(a, b) that makes the counts likeliest, and by how much they are likelier than with one rate for all."""
    yes, no = counts
    mean = yes.sum() / (yes.sum() + no.sum())
    alike = yes.sum() * math.log(mean) + no.sum() * math.log1p(-mean)
    best = None
    for spread in (-2, 1, 5):
        found = optimize.minimize(lambda x: [-part for part in log_likelihood(counts, x)], [math.log(mean) + spread, math.log1p(-mean) + spread],
                                  jac=True, method="L-BFGS-B", bounds=[(-20, 16)] * 2, options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 500})
        best = found if best is None or found.fun < best.fun else best
    polished = optimize.root(lambda x: log_likelihood(counts, x)[1], best.x)
    x = polished.x if polished.success and np.max(np.abs(polished.x - best.x)) < 0.01 else best.x
    return *np.exp(x), log_likelihood(counts, x)[0] - alike


class Prior:
    def __init__(self, groups):
        """From the records decided of each row."""
        counts = [alike_counts(group) for group in groups]
        counts = [pair for pair in counts if sum(pair) > 0]
        self.yes, self.no = (sum(pair[side] for pair in counts) for side in (0, 1))
        self.a = self.b = None
        if not counts:
            self.status = "EMPTY"
        elif len(counts) == 1 or all(sum(pair) <= 1 + 1e-9 for pair in counts):
            self.status = "TOO_FEW"
        elif not (self.yes and self.no):
            self.status, self.a, self.b = "NO_VARIANCE", 0.5, 0.5
        elif all(0 in pair for pair in counts):
            self.status, self.a, self.b = "SINGULAR", 0.5, 0.5
        else:
            self.estimate(counts)

    def estimate(self, counts):
        a, b, better = likeliest([np.array([float(pair[side]) for pair in counts]) for side in (0, 1)])
        if better < 1e-5:
            self.status = ANY if better > 1e-9 else "NO_VARIANCE"
        else:
            self.status, self.a, self.b = "OK", a, b

    def shrink(self, group, run):
        yes, no = alike_counts(group)
        if not yes + no:
            return None, None, None, Fraction(0), "EMPTY"
        if self.status is ANY:
            return ANY, ANY, ANY, yes + no, ANY
        if self.a is None:
            return *statistics.wilson(self.yes, self.no, run.z), yes + no, self.status
        a, b = self.a + float(yes), self.b + float(no)
        limits = [special.betaincinv(a, b, (1 + side * run.confidence) / 2) for side in (-1, 1)]
        return a / (a + b), *limits, yes + no, self.status


def alike_counts(group):
    weights = [record.weight for record in group]
    scale = kish(weights) / sum(weights) if sum(weights) else Fraction(0)
    yes = total(record for record in group if is_kept(record)) * scale
    return yes, kish(weights) - yes


# ---- columns about some records ----

def median_days(records, run):
    rows = [spell for spell in map(run.spell, records) if spell is not None and spell[2] > 0]
    if not rows:
        return None, None, None, Fraction(0), "EMPTY"
    value, low, high = statistics.median(statistics.survival(rows), run.z)
    status = "OK" if value is not None and high is not None else "TOO_FEW"
    return value, low if value is not None else None, high if value is not None else None, kish([weight for *_, weight in rows]), status


def spread(name, figure):
    values = dict(zip((name, f"{name}_low", f"{name}_high", f"{name}_n"), figure))
    if len(figure) > 4:
        values[f"{name}_status"] = figure[4]
    return values


def is_closed_by_owed(record):
    return record.closed_by == record.owed


def closings(records):
    return [record for record in records if record.outcome in CLOSED and record.closed_by is not None]


def is_reopened(record):
    return record.reopened > 0


def reopenings(records):
    """What was ever closed at the time, and whether it had been opened again by then. Of what was closed later, that is not known."""
    return [record for record in records if record.reopened is not None
            and (record.outcome in CLOSED or (record.reopened > 0 and record.closed is None))]


def sheet(rows, run, prefix=""):
    """The columns about the records of each row."""
    prior = Prior([decided(records) for records in rows])
    for records in rows:
        overdue = [record for record in records if record.outcome == "overdue"]
        columns = spread("kept", kept(records, run.z))
        columns |= spread("late", share(decided(records), lambda record: record.outcome == "late", run.z))
        columns |= spread("kept_shrunk", prior.shrink(decided(records), run))
        columns |= spread("median_days", median_days(records, run))
        columns["overdue"] = len(overdue)
        columns["oldest_overdue_days"] = max((run.at - record.due for record in overdue), default=None)
        columns |= spread("closed_by_owed", share(closings(records), is_closed_by_owed, run.z))
        columns |= spread("reopened", share(reopenings(records), is_reopened, run.z))
        yield {prefix + name: value for name, value in columns.items()}


# ---- tables ----

def volumes(run):
    """What each owes each."""
    found = {}
    for record in run.records:
        found[record.owes, record.owed] = found.get((record.owes, record.owed), Fraction(0)) + record.weight
    return found


def mutual(owed, pairs):
    return sum((min(owed[pair], owed.get(pair[::-1], Fraction(0))) for pair in pairs), Fraction(0))


def between(run, a, b, group):
    return [record for record in run.records if (group(record.owes), group(record.owed)) == (a, b)]


def duel(run, names, first, second):
    rates = kept(first, run.z), kept(second, run.z)
    *figure, status = difference(*rates)
    return spread(names[0], rates[0]) | spread(names[1], rates[1]) | spread("difference", figure) | {"status": status}


def group_function(run):
    return run.chain.unit_of if run.group_by == "unit" else (lambda party: party)


def pairs_table(run):
    group = group_function(run)
    order = list(run.chain.parties)
    found = {tuple(sorted((group(record.owes), group(record.owed)), key=order.index)) for record in run.records}
    for a, b in sorted((pair for pair in found if pair[0] != pair[1]), key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        there, back = between(run, a, b, group), between(run, b, a, group)
        yield ({"a": a, "b": b, "owed_ab": total(there), "owed_ba": total(back),
                "balance": quotient(total(there) - total(back), total(there) + total(back))}
               | duel(run, ("kept_ab", "kept_ba"), there, back))


def ties(run):
    parties = run.chain.parties
    found = [(fields["manager"], party) for party, fields in parties.items() if fields.get("manager") not in (None, party)]
    order = list(parties)
    return sorted(((manager, report) for manager, report in found
                   if not run.chain.is_customer(manager) and not run.chain.is_customer(report)), key=lambda tie: [order.index(end) for end in tie])


def itself(party):
    return party


def lines_table(run):
    for manager, report in ties(run):
        down, up = between(run, manager, report, itself), between(run, report, manager, itself)
        relation = {(True, True): "both", (True, False): "down", (False, True): "up", (False, False): "none"}
        yield ({"manager": manager, "report": report, "owed_down": total(down), "owed_up": total(up),
                "relation": relation[total(down) > 0, total(up) > 0]} | duel(run, ("kept_down", "kept_up"), down, up))


def parties_table(run):
    group = group_function(run)
    rows = [party for party in run.chain.parties if group(party) == party]
    owed = volumes(run)
    sheets = sheet([[record for record in run.records if group(record.owes) == party] for party in rows], run)
    for party, columns in zip(rows, sheets):
        out = [pair for pair in owed if group(pair[0]) == party]
        owes = sum((owed[pair] for pair in out), Fraction(0))
        yield ({"party": party, "owes": owes, "owed": sum((value for pair, value in owed.items() if group(pair[1]) == party), Fraction(0))}
               | columns | {"reciprocity": quotient(mutual(owed, out), owes)})


def functions_table(run):
    owed, rows = volumes(run), []
    for unit, fields in run.chain.parties.items():
        def is_in(party, unit=unit):
            return unit in run.chain.units_of(party)
        made = [record for record in run.records if is_in(record.owes) and not is_in(record.owed)]
        received = [record for record in run.records if is_in(record.owed) and not is_in(record.owes)]
        if fields["kind"] == "unit" and made:
            rows.append((unit, made, received, mutual(owed, {(record.owes, record.owed) for record in made})))
    sheets = sheet([row[1] for row in rows], run), sheet([row[2] for row in rows], run, "owed_")
    for (unit, made, received, both), out, back in zip(rows, *sheets):
        yield ({"unit": unit, "owes": total(made), "owed": total(received)} | out | {"reciprocity": quotient(both, total(made))}
               | back | {"owed_reciprocity": quotient(both, total(received))})


# ---- the summary ----

def null_mutual(owed, parties):
    """Mean of what goes both ways in the weighted configuration model, or None where the search does not come to rest: all nodes' multipliers at once, by a
    general solver."""
    out = np.array([float(sum(value for pair, value in owed.items() if pair[0] == party)) for party in parties])
    back = np.array([float(sum(value for pair, value in owed.items() if pair[1] == party)) for party in parties])
    sends, receives = np.flatnonzero(out), np.flatnonzero(back)
    whole = all(value.denominator == 1 for value in owed.values())
    apart = sends[:, None] != receives[None, :]

    def means(x):
        u = np.exp(x[:len(sends), None]) + np.exp(x[None, len(sends):])
        return np.where(apart, 1 / np.expm1(np.minimum(u, 600)) if whole else 1 / u, 0)

    def residual(x):
        found = means(x)
        return np.concatenate([found.sum(1) / out[sends] - 1, found.sum(0) / back[receives] - 1])

    start = np.log(np.concatenate([0.5 / out[sends], 0.5 / back[receives]]))
    with np.errstate(all="ignore"):
        best = optimize.least_squares(residual, start, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=2000)
    if not np.max(np.abs(best.fun)) < 1e-10:
        return None
    table = np.zeros((len(parties),) * 2)
    table[np.ix_(sends, receives)] = means(best.x)
    there, back = table, table.T
    with np.errstate(all="ignore"):
        if whole:
            z = there / (1 + there) * (back / (1 + back))
            return np.sum(np.where((there > 0) & (back > 0), z / (1 - z), 0))
        return np.sum(np.where((there > 0) & (back > 0), 1 / (1 / there + 1 / back), 0))


def reciprocity_rows(run):
    owed = volumes(run)
    whole, n = sum(owed.values(), Fraction(0)), len(owed)
    if not whole:
        return {name: plain(None, n, "EMPTY") for name in ("reciprocity", "reciprocity_null", "rho")}
    r = mutual(owed, owed) / whole
    there = null_mutual(owed, list(run.chain.parties))
    if there is None:
        return {"reciprocity": plain(r, n), "reciprocity_null": (ANY,) * 5, "rho": (ANY,) * 5}
    null = there / float(whole)
    return {"reciprocity": plain(r, n), "reciprocity_null": plain(null, n), "rho": plain((float(r) - null) / (1 - null), n)}


def plain(value, n, status="OK"):
    return value, None, None, n, status


def with_status(figure):
    return *figure, "EMPTY" if figure[0] is None else "OK"


def mid_p(first, second, n):
    if not n:
        return plain(None, 0, "EMPTY")
    few, all_of_them = min(first, second), first + second
    if first == second:
        return plain(1, all_of_them)
    return plain(2 * stats.binom.cdf(few, all_of_them, 0.5) - stats.binom.pmf(few, all_of_them, 0.5), all_of_them)


def paired(cells, n, z):
    if not n:
        return plain(None, 0, "EMPTY")
    return *statistics.newcombe_paired(*cells, z), n, "OK"


def matched_rows(run, tied):
    cells, better = [Fraction(0)] * 4, [0, 0]
    n = 0
    for down, up in tied:
        d, u = (quotient(total(filter(is_kept, decided(side))), total(decided(side))) for side in (down, up))
        if d is None or u is None:
            continue
        n += 1
        cells = [cell + more for cell, more in zip(cells, (d * u, d * (1 - u), (1 - d) * u, (1 - d) * (1 - u)))]
        better = [better[0] + (d > u), better[1] + (u > d)]
    return {"kept_difference_matched": paired(cells, n, run.z), "kept_difference_p": mid_p(*better, n)}


def lines_rows(run):
    tied = [(between(run, manager, report, itself), between(run, report, manager, itself)) for manager, report in ties(run)]
    down, up = (kept(list(itertools.chain.from_iterable(sides)), run.z) for sides in (zip(*tied) if tied else ((), ())))
    rows = {"kept_down": with_status(down), "kept_up": with_status(up), "kept_difference": difference(down, up)}
    rows |= matched_rows(run, tied)
    carried = [(total(sides[0]) > 0, total(sides[1]) > 0) for sides in tied] if total(run.records) else []
    kinds = [sum(pair == kind for pair in carried) for kind in ((True, True), (True, False), (False, True), (False, False))]
    n = len(carried)

    def share_of(part):
        return (*statistics.wilson(part, n - part, run.z), n, "OK") if n else plain(None, 0, "EMPTY")
    both, only_down, only_up, neither = kinds
    rows |= dict(zip(("two_way", "only_down", "only_up", "neither"), map(share_of, kinds)))
    rows |= {"ties_down": share_of(both + only_down), "ties_up": share_of(both + only_up)}
    return rows | {"ties_difference": paired(kinds, n, run.z), "ties_difference_p": mid_p(only_down, only_up, n)}


def shape_rows(run):
    """Krackhardt's dimensions by trying all pairs."""
    tied = ties(run)
    nodes = [party for party, fields in run.chain.parties.items() if fields["kind"] == "person" or any(party in tie for tie in tied)]
    reach = {(a, b): a == b or (a, b) in tied for a in nodes for b in nodes}
    joined = {(a, b): reach[a, b] or reach[b, a] for a in nodes for b in nodes}
    for relation in (reach, joined):
        for middle, a, b in itertools.product(nodes, repeat=3):
            relation[a, b] = relation[a, b] or (relation[a, middle] and relation[middle, b])
    pairs = list(itertools.combinations(nodes, 2))
    sizes = [sum(joined[node, other] for other in nodes) for i, node in enumerate(nodes) if not any(joined[node, other] for other in nodes[:i])]

    def has_bound(a, b):
        bounds = [node for node in nodes if reach[node, a] and reach[node, b]]
        return any(all(reach[other, node] for other in bounds) for node in bounds)
    one_way = sum(reach[a, b] or reach[b, a] for a, b in pairs)
    figures = {
        "connectedness": (sum(not joined[pair] for pair in pairs), len(pairs), "TOO_FEW"),
        "hierarchy": (sum(reach[a, b] and reach[b, a] for a, b in pairs), one_way, "EMPTY"),
        "efficiency": (len(tied) - sum(size - 1 for size in sizes), sum((size - 1) ** 2 for size in sizes), "EMPTY"),
        "lub": (sum(joined[pair] and not has_bound(*pair) for pair in pairs), sum((size - 1) * (size - 2) // 2 for size in sizes), "TOO_FEW"),
    }
    return {name: plain(1 - Fraction(part, whole), len(nodes)) if whole else plain(None, len(nodes), status)
            for name, (part, whole, status) in figures.items()}


def summary_table(run):
    rows = reciprocity_rows(run)
    rows["kept"] = with_status(kept(run.records, run.z))
    rows["late"] = with_status(share(decided(run.records), lambda record: record.outcome == "late", run.z))
    rows |= lines_rows(run)
    rows["closed_by_owed"] = with_status(share(closings(run.records), is_closed_by_owed, run.z))
    rows["reopened"] = with_status(share(reopenings(run.records), is_reopened, run.z))
    rows["median_days"] = median_days(run.records, run)
    rows["overdue"] = plain(sum(record.outcome == "overdue" for record in run.records), len(run.records))
    rows |= shape_rows(run)
    units = {"rho": None, "median_days": "days", "overdue": "commitments", "kept_difference_p": "probability", "ties_difference_p": "probability"}
    for name, (value, low, high, n, status) in rows.items():
        yield {"name": name, "value": value, "unit": units.get(name, "share"), "low": low, "high": high, "n": n, "status": status}


def tables(run):
    return {"summary": list(summary_table(run)), "pairs": list(pairs_table(run)), "lines": list(lines_table(run)),
            "parties": list(parties_table(run)), "functions": list(functions_table(run))}
