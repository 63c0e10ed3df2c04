# SPDX-License-Identifier: LGPL-2.1-or-later
import json

import pytest
from gi.repository import GLib

import valuechain
from valuechain import Alignment, Column, Grouping, Measure, MeasureError, Scores, Table


def by_party(scores, column):
    return {row["party"]: row[column] for row in scores["parties"]}


def test_alignment(small):
    scores = small.score("alignment")
    assert by_party(scores, "reach") == {"boss": None, "clerk": 0.5, "reporter": 0.0, "team": 1.0}
    assert by_party(scores, "hierarchy")["clerk"] == 0.5
    assert by_party(scores, "distance") == {"boss": None, "clerk": 2.0, "reporter": None, "team": 1.0}
    assert sum(value or 0 for value in by_party(scores, "revenue").values()) == pytest.approx(800, rel=1e-12)
    assert set(scores) == {"summary", "parties", "sinks", "customers", "flows"} and len(scores) == 5
    assert "parties" in scores and "nothing" not in scores
    with pytest.raises(KeyError):
        scores["nothing"]
    assert scores.get_measure() == "alignment" and scores.tables["summary"].get_name() == "summary"
    assert scores.get_options().unpack() == scores.options and scores.get_proof().unpack() == scores.proof
    assert scores.list_tables()[0] == "summary" and scores.get_table("summary") is not None
    assert "reach" in repr(scores) and "<table" in scores._repr_html_() and scores.to_text(80, 5) and scores.to_html(5)


def test_options_come_as_text_or_as_they_are(small):
    assert valuechain.measures() == Measure.list_names()
    assert "alignment" in valuechain.measures()
    grouped = small.score("alignment", group_by="unit")
    assert grouped.options["group-by"] == "unit"
    assert grouped.to_json(small) == small.score(Alignment(group_by=Grouping.UNIT)).to_json(small)
    assert grouped.to_json(small) == small.score(Alignment.new(), group_by=Grouping.UNIT).to_json(small)
    assert {row["name"] for row in Measure.for_name("alignment").list_options()} >= {"group-by", "tolerance"}
    with pytest.raises(GLib.Error, match="group-by"):
        small.score("alignment", group_by="colour")
    with pytest.raises(GLib.Error, match="alignment"):
        small.score("nonsense")


def test_threads_change_no_bit(small):
    assert small.score(threads=1).to_json(small) == small.score(threads=2).to_json(small)


def test_json_is_the_reports(small):
    document = json.loads(small.score().to_json(small))
    assert document["chain"]["title"] == "Small"
    assert [row["party"] for row in document["scores"]["alignment"]["tables"]["parties"]] == ["boss", "clerk", "reporter", "team"]


class Deliveries(Measure):
    """How many parties each party delivers to."""

    def do_get_name(self):
        return "deliveries"

    def do_run(self, chain, progress, cancellable):
        counts = {}
        for flow in chain.get_flows():
            counts[flow["from"]] = counts.get(flow["from"], 0) + 1
        table = Table.new("parties", [Column.new_texts("party", list(counts)), Column.new_doubles("receivers", list(counts.values()))])
        if progress is not None:
            progress.update(1, "counted")
        return Scores.new(self.get_name(), [table], None, None)


def test_a_measure_written_in_python(small):
    scores = small.score(Deliveries)
    assert scores.get_measure() == "deliveries"
    assert {row["party"]: row["receivers"] for row in scores["parties"]} == {"team": 1, "clerk": 2, "reporter": 1}
    assert json.loads(scores.to_json(small))["scores"]["deliveries"]["tables"]["parties"]


def test_a_measure_written_in_python_runs_async(small):
    loop, found = GLib.MainLoop(), []

    def finished(measure, result, *data):
        found.append(measure.run_finish(result))
        loop.quit()

    Deliveries().run_async(small, None, None, finished, None)
    loop.run()
    assert found[0].get_measure() == "deliveries"


def test_what_is_behind_the_alignment_of_a_party(small):
    why = small.explain("alignment", "clerk", paths=5)
    assert [(row["kind"], row["end"], row["share"], row["path"]) for row in why["paths"]] == [
        ("manager", "boss", 0.5, "clerk -> boss"), ("customer", "payer", 0.5, "clerk -> team -> payer")]
    assert {row["name"]: row["value"] for row in why["summary"]}["reach"] == by_party(small.score(), "reach")["clerk"]
    assert why.options["paths"] == 5 and why.proof["paths_are_all"] is True
    assert repr(why).startswith("alignment: clerk\n") and "alignment: clerk" in why._repr_html_()
    assert why.to_json(small) == Alignment(paths=5).explain(small, "clerk", None, None).to_json(small)


class Explained(Deliveries):
    """It also says to whom."""

    def do_explain(self, chain, party, progress, cancellable):
        receivers = [flow["to"] for flow in chain.get_flows() if flow["from"] == party]
        return Scores.new("explained", [Table.new("receivers", [Column.new_texts("to", receivers)])], None, None)


def test_a_measure_written_in_python_explains(small):
    found = small.explain(Explained, "clerk")
    assert found.get_party() == "clerk" and small.score(Explained).get_party() is None
    assert [row["to"] for row in found["receivers"]] == ["boss", "team"]
    assert json.loads(found.to_json(small))["scores"]["explained"]["party"] == "clerk"
    assert repr(Explained().explain(small, "clerk", None, None)) == repr(valuechain.explain(small, Explained(), "clerk"))
    with pytest.raises(GLib.Error) as caught:
        small.explain(Explained, "nobody")
    assert caught.value.matches(MeasureError.quark(), MeasureError.UNKNOWN) and "nobody" in caught.value.message
    with pytest.raises(GLib.Error) as caught:
        small.explain(Deliveries, "clerk")
    assert caught.value.matches(MeasureError.quark(), MeasureError.UNSUPPORTED)


def test_a_measure_written_in_python_explains_async(small):
    loop, found = GLib.MainLoop(), []

    def finished(measure, result, *data):
        found.append(measure.explain_finish(result))
        loop.quit()

    Explained().explain_async(small, "team", None, None, finished, None)
    loop.run()
    assert [row["to"] for row in found[0]["receivers"]] == ["payer"]


class Silent(Measure):
    pass


class Broken(Measure):
    def do_run(self, chain, progress, cancellable):
        return None


@pytest.mark.parametrize("measure", [Silent, Broken])
def test_a_measure_that_gives_nothing_is_an_error(small, measure):
    with pytest.raises(GLib.Error):
        small.score(measure)


def test_alignment_async(small):
    loop, found = GLib.MainLoop(), []

    def finished(measure, result, *data):
        found.append(measure.run_finish(result))
        loop.quit()

    Alignment.new().run_async(small, None, None, finished, None)
    loop.run()
    assert found[0].to_json(small) == small.score().to_json(small)
