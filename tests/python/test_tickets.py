# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commitments of ticket logs against a twin that reads them the obvious way."""
import csv
import pathlib
import random
import sys

import pytest

import valuechain

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "reference"))
import ticket_log  # noqa: E402

ROLES = ["case", "party", "time", "customer", "made", "due", "closed", "kept", "closed-by", "reopened", "owed-to"]
COLUMNS = {role: role.replace("-", "_") for role in ROLES}


def time(chance):
    return f"2025-0{chance.randint(1, 9)}-0{chance.randint(1, 9)}T00:00:00Z"


def events(chance, n_cases):
    def some(value, share=0.6):
        return value if chance.random() < share else None

    for _ in range(4 * n_cases):
        yield {
            "case": some(f"c{chance.randrange(n_cases)}", 0.98), "party": some(f"t{chance.randrange(5)}", 0.8),
            "time": time(chance), "customer": some(f"k{chance.randrange(5)}"), "made": some(time(chance), 0.3),
            "due": some(time(chance), 0.2), "closed": some(time(chance), 0.3),
            "kept": some(chance.choice(["true", "false"]), 0.3),
            "closed-by": some(f"k{chance.randrange(9)}"), "reopened": some(str(chance.randrange(3))),
            "owed-to": some(f"t{chance.randrange(9)}"),
        }


def read(path, roles, **options):
    """{case: row} of the chain's commitments, times as text."""
    columns = {COLUMNS[role]: column for role, column in roles.items()}
    chain, report = valuechain.import_log(path, **columns, lenient=True, **options)
    rows = {}
    for row in chain.get_commitments():
        kept = {key: row[key] for key in ("from", "to", "state", "closed_by", "reopened")}
        for key in ("made", "due", "closed"):
            kept[key] = None if row[key] is None else row[key].strftime("%Y-%m-%dT%H:%M:%SZ")
        rows[row["id"]] = kept
    return rows, report


@pytest.mark.parametrize("seed", range(6))
def test_random_logs_against_the_twin(tmp_path, seed):
    chance = random.Random(seed)
    rows = list(events(chance, 400))
    path = tmp_path / "log.csv"
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ROLES)
        writer.writerows([[row[role] or "" for role in ROLES] for row in rows])
    for _ in range(4):
        chosen = ROLES[:4] + [role for role in ROLES[4:] if chance.random() < 0.6]
        roles = {role: role for role in (chosen if len(chosen) > 4 else [*chosen, "due"])}
        breaks, unknown, people = chance.random() < 0.5, chance.choice([None, "nobody"]), chance.random() < 0.5
        expected = ticket_log.commitments(rows, roles, breaks=breaks, unknown=unknown, people=people)
        good = {case: one for case, one in expected.items() if not ticket_log.contradicts(one)}
        kind = valuechain.PartyKind.PERSON if people else valuechain.PartyKind.UNIT
        found, _ = read(path, roles, missing_policy="break" if breaks else "skip", unknown=unknown, party_kind=kind)
        assert found == good
        assert len(expected) > 100


def test_a_mapping_file_and_arguments(tmp_path):
    (tmp_path / "log.csv").write_text("c,p,t,k\n1,a,2025-01-01,x\n1,b,2025-01-02,x\n")
    (tmp_path / "map.ini").write_text("[log]\ncase = c\nparty = wrong\ntime = t\nowed-to = k\n")
    chain, _ = valuechain.import_log(tmp_path / "log.csv", mapping=tmp_path / "map.ini", party="p")
    assert [(row["from"], row["to"]) for row in chain.get_commitments()] == [("b", "person:x")]
    log = valuechain.EventLog(path=str(tmp_path / "log.csv"))
    assert log.load_mapping(str(tmp_path / "map.ini")) and log.props.party_column == "wrong"
