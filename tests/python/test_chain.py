# SPDX-License-Identifier: LGPL-2.1-or-later
import datetime

import pandas
import pytest
from gi.repository import GLib

import valuechain
from valuechain import ChainBuilder, FlowKind, PartyKind

polars = pytest.importorskip("polars")
MICROSECONDS = 1_000_000


def test_overview(small):
    assert (small.get_title(), small.get_currency(), small.get_effort_unit()) == ("Small", "EUR", "hours")
    assert (small.get_n_parties(), small.get_n_flows()) == (5, 4)
    assert small.dup_party_id(small.lookup_party("payer")) == "payer" and small.lookup_party("nobody") == -1
    assert small.get_party_kind(small.lookup_party("payer")) == PartyKind.CUSTOMER
    assert small.is_manager(small.lookup_party("boss")) and not small.is_manager(small.lookup_party("team"))
    assert [row["id"] for row in small.get_parties()] == ["boss", "clerk", "payer", "reporter", "team"]
    assert small.get_flows()["amount"][0] == 1 and len(small.get_commitments()) == 0
    assert [row["amount"] for row in small.get_receipts()] == [800]
    assert "Small" in repr(small) and "Small" in small._repr_html_() and small.to_text() and small.to_html()


def builder():
    made = ChainBuilder.new()
    made.add_party("a", PartyKind.UNIT)
    made.add_party("b", PartyKind.PERSON)
    made.add_party("c", PartyKind.CUSTOMER)
    made.set_party_field("b", "unit", "a")
    made.set_effort("a", 10)
    made.add_flow("a", "b", FlowKind.WORK, 2)
    made.add_flow("b", "c", FlowKind.WORK, 1)
    made.add_receipt("c", 5)
    return made


def test_record_by_record():
    chain = builder().build(None, None)
    parties = {row["id"]: row for row in chain.get_parties()}
    assert parties["a"]["effort"] == 10 and parties["b"]["unit"] == "a" and parties["b"]["effort"] is None


def test_all_problems_at_once():
    made = builder()
    made.add_flow("a", "nobody", FlowKind.WORK, 1)
    made.add_flow("a", "b", FlowKind.WORK, -1)
    made.add_receipt("c", float("nan"))
    errors = [row for row in made.check(None, None) if row["severity"] == "error"]
    assert len(errors) == 3
    with pytest.raises(GLib.Error) as caught:
        made.build(None, None)
    assert caught.value.domain == "vc-import-error-quark"


def test_the_digest_does_not_depend_on_rows_or_source(small):
    rows = [{"from": "a", "to": "c", "amount": 1.0}, {"from": "b", "to": "c", "amount": 2.0}, {"from": "a", "to": "b", "amount": 0.5}]
    parties = [{"id": "a", "kind": "unit"}, {"id": "b", "kind": "unit"}, {"id": "c", "kind": "customer"}]
    digests = {
        valuechain.chain(parties, rows).get_digest(),
        valuechain.chain(parties[::-1], rows[::-1]).get_digest(),
        valuechain.chain(pandas.DataFrame(parties), pandas.DataFrame(rows)).get_digest(),
        valuechain.chain(polars.DataFrame(parties), polars.DataFrame(rows)).get_digest(),
    }
    assert len(digests) == 1
    assert small.edit().build(None, None).get_digest() == small.get_digest()


def test_whole_numbers_are_ids_and_amounts():
    chain = valuechain.chain(
        {"id": [10, 9], "kind": ["unit", "customer"]}, pandas.DataFrame({"from": [10], "to": [9], "amount": [2]})
    )
    assert chain.get_flows()[0]["amount"] == 2.0 and chain.lookup_party("9") >= 0


def test_windows():
    day = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
    flows = {"from": ["a"] * 3, "to": ["c"] * 3, "at": [day + datetime.timedelta(days=n) for n in range(3)]}
    chain = valuechain.chain({"id": ["a", "c"], "kind": ["unit", "customer"]}, flows)
    start = int(day.timestamp()) * MICROSECONDS
    assert chain.window(start, start + 2 * 86400 * MICROSECONDS, None, None).get_n_flows() == 2
    assert chain.window_text("2025-01-02/", None, None).get_n_flows() == 2
    assert chain.window_text("2025-01-02/2025-01-03", None, None).get_n_flows() == 1
    with pytest.raises(GLib.Error):
        chain.window_text("soon", None, None)
    made = chain.edit()
    made.set_window(start, start + MICROSECONDS)
    assert made.build(None, None).get_window() == (True, start, start + MICROSECONDS)


def test_check_of_a_chain(small):
    assert {"severity", "code", "message"} <= {column.get_name() for column in small.check().columns}


def test_commitments_are_kept():
    chain = valuechain.chain(
        [{"id": "a", "kind": "unit"}, {"id": "b", "kind": "unit"}],
        commitments=[{"from": "a", "to": "b", "state": "open", "what": "reply"}],
    )
    assert len(chain.get_commitments()) == 1


def test_commitments_record_by_record():
    made = builder()
    first = made.add_commitment("a", "b")
    second = made.add_commitment("b", "c")
    for field, value in {"made": "2025-01-01", "closed": "2025-01-03T12:00:00Z", "state": "kept", "closed_by": "b"}.items():
        made.set_commitment_field(first, field, value)
    made.set_commitment_number(second, "weight", 2)
    rows = made.build(None, None).get_commitments().to_dicts()
    assert (first, second) == (0, 1)
    assert [(row["from"], row["state"], row["closed_by"], row["weight"]) for row in rows] == [("a", "kept", "b", 1), ("b", None, None, 2)]
    assert rows[0]["closed"] - rows[0]["made"] == datetime.timedelta(days=2.5)


def test_contradictory_commitments_are_left_out_if_asked():
    parties = [{"id": "a", "kind": "unit"}, {"id": "b", "kind": "unit"}]
    owed = pandas.DataFrame({
        "from": ["a", "b", "a"], "to": ["b", "b", "b"], "state": ["kept", "kept", "kept"],
        "made": pandas.to_datetime(["2025-02-01", "2025-02-01", "2025-02-01"]),
        "closed": pandas.to_datetime(["2025-02-02", "2025-02-02", "2025-01-31"]),
    })
    with pytest.raises(GLib.Error, match="2 errors") as caught:
        valuechain.chain(parties, commitments=owed)
    assert caught.value.matches(GLib.quark_from_string("vc-import-error-quark"), int(valuechain.ImportError.CONTRADICTION))
    chain = valuechain.chain(parties, commitments=owed, lenient=True)
    assert len(chain.get_commitments()) == 1
    assert {"owed-to-self", "closed-before-made"} <= {row["code"] for row in chain.check()}


def test_names_of_kinds():
    assert valuechain.PartyKind.get_name(PartyKind.SUPPLIER) == "supplier"
    assert valuechain.FlowKind.get_name(FlowKind.WORK) == "work"
