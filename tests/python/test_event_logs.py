# SPDX-License-Identifier: LGPL-2.1-or-later
"""How work is read from event logs, beside the reference twin and published figures."""
import collections
import csv
import datetime
import itertools
import os
import pathlib
import random
import sys

import pytest
from gi.repository import GLib

import valuechain
from valuechain import EventLog, EventWeight, MissingPolicy

ROOT = pathlib.Path(os.environ["VC_TEST_SOURCE_DIR"])
sys.path.insert(0, str(ROOT / "tests" / "reference"))
import event_log as twin  # noqa: E402

COLUMNS = {"case": "case", "party": "who", "time": "when", "customer": "whom", "activity": "what", "lifecycle": "state"}
START = datetime.datetime(2025, 1, 1)


def write_log(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        writer.writerows(rows)


def open_log(path, **options):
    names = {f"{role}_column": column for role, column in COLUMNS.items()}
    return EventLog(path=str(path), **{**names, **options})


def totals_of(chain):
    totals = collections.Counter()
    for row in chain.get_flows().to_dicts():
        totals[row["from"], row["to"]] += row["amount"]
    return totals


def relations_of(log):
    return {(row["relation"], row["from"], row["to"]): [row["count"], row["of"], row["cases"], row["of_cases"]]
            for row in log.get_relations().to_dicts()}


def random_rows(generator):
    """Cases with few parties and activities, so that everything happens: ties, gaps, loops, overlaps, unknown activities."""
    n_parties, n_activities = generator.randint(1, 5), generator.randint(1, 5)
    for case in range(generator.randint(1, 12)):
        customer = generator.choice(["", "x", "y"])
        for _ in range(generator.randint(1, 12)):
            time = START + datetime.timedelta(minutes=generator.randint(0, 15))
            party = generator.choice(["", *(f"p{i}" for i in range(n_parties)), *(f"p{i}" for i in range(n_parties))])
            activity = generator.choice(["", *"abcde"[:n_activities], *"abcde"[:n_activities]])
            yield [case, party, time.isoformat(), customer, activity, generator.choice(["", "start", "COMPLETE", "complete", "Start", "other"])]


RULES = {
    "count": ({}, []),
    "break": ({"missing_policy": MissingPolicy.BREAK}, ["--missing-policy", "break"]),
    "case": ({"weight": EventWeight.CASE}, ["--per-case"]),
    "decay": ({"weight": EventWeight.DECAY, "decay": 0.5}, ["--decay", "0.5"]),
    "decay and break": ({"weight": EventWeight.DECAY, "decay": 0.9, "missing_policy": MissingPolicy.BREAK},
                        ["--decay", "0.9", "--missing-policy", "break"]),
    "causal": ({"causal": True}, ["--causal"]),
    "causal and break": ({"causal": True, "missing_policy": MissingPolicy.BREAK}, ["--causal", "--missing-policy", "break"]),
    "causal by case": ({"causal": True, "weight": EventWeight.CASE}, ["--causal", "--per-case"]),
}


@pytest.mark.parametrize("rules", RULES)
def test_flows_and_relations_are_those_of_the_twin(rules, tmp_path):
    options, arguments = RULES[rules]
    path = tmp_path / "log.csv"
    columns = [word for role, column in COLUMNS.items() for word in ("--" + role, column)]
    for seed in range(150):
        write_log(path, random_rows(random.Random(seed)))
        log = open_log(path, relations=True, **options)
        totals = totals_of(log.load(None, None))
        asked = twin.parse([str(path), *columns, *arguments])
        events = twin.cases_of(asked)
        expected = collections.Counter()
        for one, other, weight in twin.flows_of(events, asked):
            expected[one, other] += weight
        assert totals.keys() == expected.keys(), seed
        assert all(totals[pair] == pytest.approx(expected[pair], rel=1e-12) for pair in totals), seed
        relations, wanted = relations_of(log), twin.relations_of(events, asked)
        assert relations.keys() == wanted.keys(), seed
        assert all(relations[key] == pytest.approx(wanted[key], rel=1e-12) for key in wanted), seed


def test_neither_the_order_of_rows_nor_of_names_matters(tmp_path):
    rows = [row for row in random_rows(random.Random(7)) if row[1]]
    rows = list({(row[0], row[2]): row for row in rows}.values())  # no ties, whose order is that of the file
    digests = set()
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        write_log(tmp_path / "log.csv", rows)
        log = open_log(tmp_path / "log.csv", relations=True, causal=True)
        digests.add((log.load(None, None).get_digest(), str(log.get_relations().to_dicts())))
    assert len(digests) == 1


BOOK = """
Pete  .135 .225 .09 .06 .09 1.035
Mike  .225 .375 .15 .10 .15 1.725
Ellen .09  .15  .06 .04 .06 .69
Sue   0    0    0   0   0   .46
Sean  0    0    0   0   0   .69
Sara  .885 1.475 .59 .26 .39 1.3
"""


def book_log():
    """Two thousand cases of the book's process (van der Aalst, Process Mining, 2016, tables 8.4 and 8.5): register (a), examine
    thoroughly (b) or casually (c) beside checking the ticket (d), decide (e), then begin again (f), pay (g) or reject (h), with the
    shares of activities and people of the book."""
    team = ["Pete"] * 3 + ["Mike"] * 5 + ["Ellen"] * 2
    examine = [("b", "Sue")] * 4 + [("b", "Sean")] * 6 + [("c", name) for name in team]
    again = itertools.cycle((examine[i % 20], team[i * 3 % 10]) for i in range(20))
    for number, (first, check, exam) in enumerate(itertools.product(team, team, examine)):
        steps = [("a", first)]
        for place, (examiner, checker) in enumerate([(exam, check), *itertools.islice(again, 2 if number % 10 < 3 else 1)]):
            side_by_side = [examiner, ("d", checker)]
            steps += [("f", "Sara")] if place else []
            steps += side_by_side if (number + place) % 3 else reversed(side_by_side)
            steps.append(("e", "Sara"))
        yield number, [*steps, ("g" if number // 10 % 20 < 9 else "h", team[number % 10])]


def test_the_table_of_the_book(tmp_path):
    names = [line.split()[0] for line in BOOK.split("\n") if line]
    expected = {(line.split()[0], name): float(mean) for line in BOOK.split("\n") if line for name, mean in zip(names, line.split()[1:])}
    cases = dict(book_log())
    counts = collections.Counter(activity for steps in cases.values() for activity, _ in steps)
    shares = {activity: count / len(cases) for activity, count in counts.items()}
    assert shares == {"a": 1, "b": 1.15, "c": 1.15, "d": 2.3, "e": 2.3, "f": 1.3, "g": .45, "h": .55}
    write_log(tmp_path / "log.csv", [[case, party, (START + datetime.timedelta(minutes=minute)).isoformat(), "", activity, ""]
                                     for case, steps in cases.items() for minute, (activity, party) in enumerate(steps)])
    totals = totals_of(open_log(tmp_path / "log.csv", causal=True, relations=True).load(None, None))
    assert {pair: totals[pair] / len(cases) for pair in expected} == pytest.approx(expected, abs=1e-12)


@pytest.fixture
def team_log(tmp_path):
    write_log(tmp_path / "log.csv", [["1", "a", "2025-01-01", "x", "do", "start"], ["1", "b", "2025-01-02", "x", "do", "complete"],
                                     ["1", "a", "2025-01-03", "x", "pay", ""], ["2", "c", "2025-01-01", "x", "do", "complete"]])
    return tmp_path / "log.csv"


def test_import_log_takes_words(team_log):
    names = {"case": "case", "party": "who", "time": "when", "customer": "whom"}
    chain, report = valuechain.import_log(team_log, **names)
    assert totals_of(chain) == {("a", "b"): 1, ("b", "a"): 1, ("a", "customer:x"): 1, ("c", "customer:x"): 1}
    assert "cases" in [row["what"] for row in report.to_dicts()]
    chain, report = valuechain.import_log(team_log, **names, activity="what", lifecycle="state", weight="decay=0.25")
    assert totals_of(chain) == {("a", "b"): 1, ("b", "a"): 1, ("a", "customer:x"): 1, ("c", "customer:x"): 1}
    assert {row["what"]: row["count"] for row in report.to_dicts()}["starts with their completion"] == 1
    with pytest.raises(ValueError, match="weight must be"):
        valuechain.import_log(team_log, **names, weight="heavy")


def test_amounts_are_handed_over(tmp_path):
    (tmp_path / "log.csv").write_text("case,who,when,hours\n1,a,2025-01-01,2.5\n1,b,2025-01-02,\n1,c,2025-01-03,4\n1,c,2025-01-04,1\n")
    log = EventLog(path=str(tmp_path / "log.csv"), case_column="case", party_column="who", time_column="when", amount_column="hours")
    assert totals_of(log.load(None, None)) == {("a", "b"): 2.5, ("c", "c"): 4}
    assert {row["what"]: row["count"] for row in log.get_report().to_dicts()}["hand-overs without amount"] == 1
    (tmp_path / "log.csv").write_text("case,who,when,hours\n1,a,2025-01-01,2\n1,a,2025-01-02,-1\n")
    with pytest.raises(GLib.Error, match="log.csv:3: field hours: the amount is negative"):
        log.load(None, None)


@pytest.mark.parametrize("options, message", [
    ({"causal": True, "weight": EventWeight.DECAY}, "exclude each other"),
    ({"causal": True, "activity_column": ""}, "no activity-column is given"),
    ({"amount_column": "whom", "weight": EventWeight.CASE}, ""),
])
def test_rules_that_contradict_each_other(options, message, team_log):
    with pytest.raises(GLib.Error, match=message):
        open_log(team_log, **options).load(None, None)


def test_causes_in_the_running_example():
    """The book's six cases: examining takes over from the latest registration or new beginning, deciding from the latest
    examination and the latest check, all else from the latest decision."""
    path = ROOT / ".." / "shared" / "data" / "running-example.xes"
    if not path.exists():
        pytest.skip("../shared/data/running-example.xes is not there: shared data")
    takes_from = {"examine thoroughly": ["register request", "reinitiate request"], "decide": ["examine thoroughly", "examine casually"]}
    expected, names = collections.Counter(), {"case": "concept:name", "party": "org:resource", "time": "time:timestamp",
                                              "activity": "concept:name", "customer": None, "lifecycle": None}
    asked = twin.parse([str(path), *(word for role, name in names.items() if name for word in ("--" + role, name))])
    for events in twin.cases_of(asked):
        for place, event in enumerate(events):
            groups = {"examine thoroughly": [takes_from["examine thoroughly"]], "examine casually": [takes_from["examine thoroughly"]],
                      "check ticket": [takes_from["examine thoroughly"]], "register request": [],
                      "decide": [takes_from["decide"], ["check ticket"]]}.get(event.activity, [["decide"]])
            for group in groups:
                expected[[other for other in events[:place] if other.activity in group][-1].party, event.party] += 1
    chain, _ = valuechain.import_log(path, causal=True)
    assert totals_of(chain) == expected and sum(expected.values()) == 45
    assert not any(one == "Sue" and other != "Sara" for one, other in expected), "as in the book: who examines hands over to who decides"


def test_a_mapping_says_how_work_is_read(team_log, tmp_path):
    (tmp_path / "map.ini").write_text("[log]\ncase = case\nparty = who\ntime = when\nweight = decay\ndecay = 0.25\n")
    log = EventLog(path=str(team_log))
    assert log.load_mapping(str(tmp_path / "map.ini"))
    assert (log.props.weight, log.props.decay) == (EventWeight.DECAY, 0.25)
    assert totals_of(log.load(None, None)) == {("a", "b"): 1, ("b", "a"): 1, ("a", "a"): 0.25}
    (tmp_path / "map.ini").write_text("[log]\ndecay = 2\n")
    with pytest.raises(GLib.Error, match="map.ini:2: decay: has a value that it cannot have"):
        log.load_mapping(str(tmp_path / "map.ini"))
