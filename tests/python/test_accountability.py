# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accountability through the package, and a firm that has been written about."""
import csv
import pathlib

import pytest

import valuechain
from valuechain import Accountability, Grouping, Measure

DATA = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"


def rows(scores, table, key):
    return {row[key]: row for row in scores[table].to_dicts()}


@pytest.fixture
def desk():
    return valuechain.chain(
        parties=[{"id": "boss", "kind": "person"}, {"id": "clerk", "kind": "person", "manager": "boss", "unit": "it"}, {"id": "it", "kind": "unit"}],
        flows=[{"from": "clerk", "to": "boss", "at": "2025-03-01"}],
        commitments=[
            {"from": "clerk", "to": "boss", "state": "kept", "made": "2025-01-01", "due": "2025-01-05", "closed": "2025-01-03", "closed_by": "clerk"},
            {"from": "boss", "to": "clerk", "state": "open", "made": "2025-01-01", "due": "2025-02-01", "closed": None, "closed_by": None},
        ])


def test_accountability(desk):
    scores = desk.score("accountability")
    assert scores.list_tables() == ["summary", "pairs", "lines", "parties", "functions"]
    summary = rows(scores, "summary", "name")
    assert (summary["kept_up"]["value"], summary["kept_down"]["value"]) == (1, 0)
    assert summary["kept_down"]["status"] == "OK" and summary["lub"]["status"] == "TOO_FEW" and summary["lub"]["value"] is None
    line, = scores["lines"].to_dicts()
    assert (line["relation"], line["difference"]) == ("both", -1)
    unit, = scores["functions"].to_dicts()
    assert (unit["unit"], unit["kept"], unit["closed_by_owed"], unit["owed_overdue"], unit["owed_oldest_overdue_days"]) == ("it", 1, 0, 1, 28)
    # The flow of March says how far the records go.
    assert scores.proof["at"] == "2025-03-01T00:00:00Z" and scores.options["at"] is None


def test_options(desk):
    assert "accountability" in valuechain.measures()
    assert rows(desk.score("accountability", at="2025-01-15"), "summary", "name")["kept_down"]["value"] is None
    narrow = desk.score(Accountability(confidence=0.5, group_by=Grouping.UNIT))
    assert set(rows(narrow, "parties", "party")) == {"boss", "it"}
    assert {row["name"] for row in Accountability.new().list_options()} == {"at", "group-by", "half-life", "confidence"}
    assert isinstance(Accountability.new(), Measure)


def read_ties(name):
    with (DATA / name).open(newline="") as file:
        return [(row["from"], row["to"]) for row in csv.DictReader(file)]


def test_the_records_behind_a_rate():
    chain = valuechain.chain(
        [{"id": "ann", "kind": "person"}, {"id": "bo", "kind": "person"}],
        commitments=[{"from": "ann", "to": "bo", "state": state, "what": "answer"} for state in ("kept", "kept", "broken")])
    why = chain.explain("accountability", "ann")
    assert [(row["side"], row["outcome"], row["to"], row["what"]) for row in why["records"]] == [
        ("owes", "broken", "bo", "answer"), ("owes", "kept", "bo", "answer"), ("owes", "kept", "bo", "answer")]
    assert sum(row["adds"] for row in why["records"]) == pytest.approx(2 / 3, rel=1e-15)
    assert why["records"]["moves"][0] == pytest.approx(2 / 3 - 1, rel=1e-15)
    figures = {row["name"]: row["value"] for row in why["summary"]}
    assert figures["kept"] == chain.score("accountability")["parties"][0]["kept"] and figures["owed"] == 0


@pytest.fixture(scope="module")
def firm():
    """Krackhardt's: who is asked for advice owes an answer."""
    if not (DATA / "ht_reports.csv").exists():
        pytest.skip("the shared data is not there: ht_reports.csv")
    manager = dict(read_ties("ht_reports.csv"))
    people = {person for tie in read_ties("ht_advice.csv") for person in tie}
    return valuechain.chain(
        parties=[{"id": person, "kind": "person", "manager": manager.get(person)} for person in sorted(people)],
        commitments=[{"from": asked, "to": asks} for asks, asked in read_ties("ht_advice.csv")]).score("accountability")


def test_who_asks_whom_in_krackhardts_firm(firm):
    """19 of 20 ask their manager, managers ask 10 of their 20 reports; intervals recomputed from Newcombe's formulas."""
    summary = rows(firm, "summary", "name")
    assert [summary["ties_down"][name] for name in ("value", "low", "high", "n")] == pytest.approx([0.95, 0.763869, 0.991119, 20], abs=5e-7)
    assert [summary["ties_up"][name] for name in ("value", "low", "high", "n")] == pytest.approx([0.5, 0.299298, 0.700702, 20], abs=5e-7)
    assert summary["two_way"]["value"] + summary["only_down"]["value"] == pytest.approx(0.95, rel=1e-15)
    assert summary["ties_difference"]["value"] == pytest.approx(0.45, rel=1e-15)
    # 9 or 10 lines differ, and all but at most one of them in one direction.
    assert summary["ties_difference_p"]["value"] < 0.01


def test_shape_of_krackhardts_firm(firm):
    summary = rows(firm, "summary", "name")
    assert [summary[name]["value"] for name in ("connectedness", "hierarchy", "efficiency", "lub")] == [1, 1, 1, 1]
    assert summary["connectedness"]["n"] == 21


def test_reciprocity_of_krackhardts_advice(firm):
    """2 M / L of 190 ties, 45 mutual pairs."""
    summary = rows(firm, "summary", "name")
    assert summary["reciprocity"]["value"] == pytest.approx(90 / 190, rel=1e-14)
    assert 0 < summary["reciprocity_null"]["value"] < 1 and summary["rho"]["status"] == "OK"
