#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The flows of an event log in CSV or XES, counted the obvious way: the reference twin of VcEventLog.

Prints a line "from,to,amount" for each pair, in the order of the texts; with --relations the table of relations instead.
"""

import argparse
import collections
import csv
import datetime
import gzip
import itertools
import sys
import xml.etree.ElementTree as ElementTree

FIELDS = ["case", "party", "customer", "time", "activity", "lifecycle"]
Event = collections.namedtuple("Event", FIELDS)


def opener(path):
    with open(path, "rb") as file:
        return gzip.open if file.read(2) == b"\x1f\x8b" else open


def rows_of(path):
    with opener(path)(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def in_csv(options):
    rows = rows_of(options.log)
    header = next(rows)
    columns = [getattr(options, field) for field in FIELDS]
    for name in columns:
        assert name is None or header.count(name) == 1, name
    places = [None if name is None else header.index(name) for name in columns]
    for row in rows:
        yield [None if place is None else row[place] for place in places]


def in_xes(options):
    """Attributes are elements with a key and a value."""
    with opener(options.log)(options.log, "rb") as file:
        log = ElementTree.parse(file).getroot()
    for trace in log.iterfind("{*}trace"):
        own = {element.get("key"): element.get("value") for element in trace}
        for event in trace.iterfind("{*}event"):
            values = {element.get("key"): element.get("value") for element in event}
            values["the case"] = own.get(options.case)
            values["the customer"] = values.get(options.customer) or own.get(options.customer)
            names = ["the case", options.party, "the customer", options.time, options.activity, options.lifecycle]
            yield [values.get(name) for name in names]


def time_of(text, options):
    if options.time_format:
        time = datetime.datetime.strptime(text, options.time_format)
    else:
        time = datetime.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def cases_of(options):
    """Lists of events, each in order of time."""
    cases = collections.defaultdict(list)
    for fields in in_xes(options) if ".xes" in options.log else in_csv(options):
        event = Event(*(None if field in ("", None, options.missing) else field for field in fields))
        if options.missing_policy == "error":
            assert event.case and event.party and event.time
        if options.missing_policy == "break":
            assert event.time
        if event.case and event.time:
            cases[event.case].append(event._replace(time=time_of(event.time, options)))
    for events in cases.values():
        events.sort(key=lambda event: event.time)  # stable
    return list(cases.values())


class Step:
    """An activity: from `start` to `end`, which are places in the case, by one party or by two."""

    def __init__(self, place, event):
        self.start = self.end = place
        self.activity = event.activity
        self.takes = self.gives = event.party


def steps_of(events, options):
    """Steps in order of their start, and the places of gaps."""
    steps, waiting, gaps = [], collections.defaultdict(list), []
    for place, event in enumerate(events):
        if not event.party:
            gaps += [place] if options.missing_policy == "break" else []
            continue
        transition = (event.lifecycle or "").lower() if event.activity else ""
        if transition == "complete" and waiting[event.activity]:
            step = waiting[event.activity].pop(0)
            step.end, step.gives = place, event.party
            continue
        steps.append(Step(place, event))
        if transition == "start":
            waiting[event.activity].append(steps[-1])
    return steps, gaps


def before(step, steps, gaps):
    """The steps that ended before this one started, in order of their end, with no gap since."""
    gap = max((place for place in gaps if place < step.start), default=-1)
    return sorted((other for other in steps if gap < other.end < step.start), key=lambda other: other.end)


def learn(cases):
    """a > b: b followed a directly."""
    follows = set()
    for steps, gaps in cases:
        for step in steps:
            earlier = before(step, steps, gaps)
            if earlier and earlier[-1].activity and step.activity:
                follows.add((earlier[-1].activity, step.activity))
    return follows


def causes_of(step, earlier, follows):
    def causes(a, b):
        return (a, b) in follows and (b, a) not in follows

    def apart(a, b):
        return (a, b) not in follows and (b, a) not in follows

    for place, cause in enumerate(earlier):
        if not (cause.activity and step.activity and causes(cause.activity, step.activity)):
            continue
        if not any(between.activity and (between.activity in (cause.activity, step.activity)
                   or causes(cause.activity, between.activity) and apart(between.activity, step.activity)
                   or causes(between.activity, step.activity) and apart(between.activity, cause.activity))
                   for between in earlier[place + 1:]):
            yield cause


def steps_between_parties(case, follows, options):
    """(from, to, weight) of each hand-over, in the order of time."""
    steps, gaps = case
    for step in steps:
        earlier = before(step, steps, gaps)
        if options.causal:
            for cause in causes_of(step, earlier, follows):
                yield cause.gives, step.takes, 1
        elif options.decay:
            weights = collections.defaultdict(float)
            for distance, other in enumerate(reversed(earlier)):
                weights[other.gives] += options.decay ** distance
            for party, weight in weights.items():
                yield party, step.takes, weight
        elif earlier:
            yield earlier[-1].gives, step.takes, 1
        if step.takes != step.gives:
            yield step.takes, step.gives, 1


def delivery(events, steps, gaps):
    customers = [event.customer for event in events if event.customer]
    gap = max(gaps, default=-1)
    ended = sorted((step for step in steps if step.end > gap), key=lambda step: step.end)
    return (ended[-1].gives, "customer:" + customers[-1]) if ended and customers else None


def flows_of(log, options):
    cases = [steps_of(events, options) for events in log]
    follows = learn(cases) if options.causal else None
    for events, case in zip(log, cases):
        seen = set()
        for one, other, weight in steps_between_parties(case, follows, options):
            if options.per_case and (one, other) in seen:
                continue
            seen.add((one, other))
            yield one, other, weight
        last = delivery(events, *case)
        if last:
            yield *last, 1


def triples_of(case):
    steps, gaps = case
    for step in steps:
        middle = before(step, steps, gaps)[-1:]
        first = before(middle[0], steps, gaps)[-1:] if middle else []
        if first:
            yield first[0].gives, middle[0].gives, step.takes


def relations_of(log, options):
    """{(relation, from, to): [count, of, cases, of_cases]}"""
    cases = [steps_of(events, options) for events in log]
    follows = learn(cases) if options.causal else None
    table, of = collections.defaultdict(lambda: [0, set()]), collections.Counter()

    def count(relation, one, other, weight, number):
        table[relation, one, other][0] += weight
        table[relation, one, other][1].add(number)

    for number, case in enumerate(cases):
        for one, other, weight in steps_between_parties(case, follows, options):
            of["hand-over"] += weight
            of["self-hand-over"] += weight
            count("self-hand-over" if one == other else "hand-over", one, other, weight, number)
        for one, other, again in triples_of(case):
            of["subcontracting"] += 1
            if one == again != other:
                count("subcontracting", one, other, 1, number)
        of["working-together"] += 1
        parties = sorted({party for step in case[0] for party in (step.takes, step.gives)})
        for one, other in itertools.combinations(parties, 2):
            count("working-together", one, other, 1, number)
    return {key: [total, of[key[0]], len(where), len(cases)] for key, (total, where) in table.items()}


def parse(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log")
    parser.add_argument("--case", required=True)
    parser.add_argument("--party", required=True)
    parser.add_argument("--time", required=True)
    parser.add_argument("--time-format")
    parser.add_argument("--customer")
    parser.add_argument("--activity")
    parser.add_argument("--lifecycle")
    parser.add_argument("--missing")
    parser.add_argument("--missing-policy", choices=["skip", "break", "error"], default="skip")
    parser.add_argument("--causal", action="store_true")
    parser.add_argument("--per-case", action="store_true")
    parser.add_argument("--decay", type=float)
    parser.add_argument("--relations", action="store_true")
    return parser.parse_args(arguments)


def main():
    options = parse()
    log = cases_of(options)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if options.relations:
        writer.writerows([*key, *values] for key, values in sorted(relations_of(log, options).items()))
        return
    totals = collections.Counter()
    for one, other, weight in flows_of(log, options):
        totals[one, other] += weight
    writer.writerows([*pair, total] for pair, total in sorted(totals.items()))


if __name__ == "__main__":
    main()
