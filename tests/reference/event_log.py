#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The flows of an event log in CSV or XES, counted the obvious way: the reference twin of VcEventLog.

Prints a line "from,to,count" for each pair, in the order of the texts.
"""

import argparse
import collections
import csv
import datetime
import gzip
import sys
import xml.etree.ElementTree as ElementTree


def opener(path):
    with open(path, "rb") as file:
        return gzip.open if file.read(2) == b"\x1f\x8b" else open


def rows_of(path):
    with opener(path)(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def traces_of(options):
    """The same of XES, where attributes are elements with a key and a value."""
    with opener(options.log)(options.log, "rb") as file:
        log = ElementTree.parse(file).getroot()
    for trace in log.iterfind("{*}trace"):
        own = {element.get("key"): element.get("value") for element in trace}
        for event in trace.iterfind("{*}event"):
            values = {element.get("key"): element.get("value") for element in event}
            customer = values.get(options.customer) or own.get(options.customer)
            fields = [own.get(options.case), values.get(options.party), customer, values.get(options.time)]
            yield [None if field in ("", None, options.missing) else field for field in fields]


def events_of(options):
    """(case, party, customer, time) of each row; None for what is missing."""
    if ".xes" in options.log:
        yield from traces_of(options)
        return
    rows = rows_of(options.log)
    header = next(rows)
    columns = [options.case, options.party, options.customer, options.time]
    for name in columns:
        assert name is None or header.count(name) == 1, name
    places = [None if name is None else header.index(name) for name in columns]
    for row in rows:
        fields = [None if place is None else row[place] for place in places]
        yield [None if field in ("", None, options.missing) else field for field in fields]


def time_of(text, options):
    if options.time_format:
        time = datetime.datetime.strptime(text, options.time_format)
    else:
        time = datetime.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def cases_of(options):
    cases = collections.defaultdict(list)
    for case, party, customer, time in events_of(options):
        if options.missing_policy == "error":
            assert case and party and time
        if options.missing_policy == "break":
            assert time
        if case and time:
            cases[case].append((time_of(time, options), party, customer))
    for events in cases.values():
        events.sort(key=lambda event: event[0])  # stable
    return cases.values()


def flows_of(events, options):
    customers = [customer for _, _, customer in events if customer]
    parties = [party for _, party, _ in events]
    if options.missing_policy == "skip":
        parties = [party for party in parties if party]
    for one, other in zip(parties, parties[1:]):
        if one and other:
            yield one, other
    if parties and parties[-1] and customers:
        yield parties[-1], "customer:" + customers[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log")
    parser.add_argument("--case", required=True)
    parser.add_argument("--party", required=True)
    parser.add_argument("--time", required=True)
    parser.add_argument("--time-format")
    parser.add_argument("--customer")
    parser.add_argument("--missing")
    parser.add_argument("--missing-policy", choices=["skip", "break", "error"], default="skip")
    options = parser.parse_args()

    counts = collections.Counter(flow for events in cases_of(options) for flow in flows_of(events, options))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for (one, other), count in sorted(counts.items()):
        writer.writerow([one, other, count])


if __name__ == "__main__":
    main()
