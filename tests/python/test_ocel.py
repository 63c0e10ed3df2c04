# SPDX-License-Identifier: LGPL-2.1-or-later
"""Object-centric logs, in each format that OCEL 2.0 has."""
import gzip
import pathlib

import pytest
from gi.repository import GLib

import ocel_files
import valuechain
from valuechain import EventLog, Source

EXAMPLE = pathlib.Path(__file__).parents[3] / "shared/data"
MAPPING = pathlib.Path(__file__).parents[2] / "examples/mappings/procurement.ini"
MAPPED = {"case": "object:Order", "party": "attribute:by", "customer": "object:Customer"}


def shop():
    """Two orders of one customer: Ann hands the first to Bob; the second Bob does alone, with a clerk beside him."""
    return ocel_files.Log(
        {"Take": {"by": "string", "cost": "float"}, "Ship": {"by": "string"}}, {"Order": {}, "Customer": {"city": "string"}, "Clerk": {}},
        lambda: [("e1", "Take", "2025-01-01T09:00:00", {"by": "Ann", "cost": 2.5}, [("o1", "order"), ("c1", "asks")]),
                 ("e2", "Ship", "2025-01-02T09:00:00", {"by": "Bob"}, [("o1", "order")]),
                 ("e3", "Ship", "2025-01-03T09:00:00", {"by": "Bob"}, [("o2", "order"), ("k1", "helps")])],
        lambda: [("o1", "Order", {}, []), ("o2", "Order", {}, [("c1", "of")]), ("c1", "Customer", {"city": "Århus & <Ry>"}, []), ("k1", "Clerk", {}, [])])


@pytest.fixture(params=sorted(ocel_files.WRITERS))
def log(request, tmp_path):
    path = tmp_path / f"log.{request.param}"
    ocel_files.WRITERS[request.param](shop(), path)
    return path


def flows(chain):
    return [(row["from"], row["to"]) for row in chain.get_flows()]


def test_each_format_is_known_by_its_content_and_gives_the_same(log, tmp_path):
    renamed = log.rename(tmp_path / "anything")
    chain, report = valuechain.import_log(renamed, **MAPPED)
    assert flows(chain) == [("Ann", "Bob"), ("Bob", "customer:c1"), ("Bob", "customer:c1")]
    counts = {row["what"]: row["count"] for row in report}
    assert (counts["events of the log"], counts["objects of the log"], counts["deliveries"]) == (3, 4, 2)
    ocel_files.write_json(shop(), tmp_path / "other")
    assert valuechain.import_log(tmp_path / "other", **MAPPED)[0].get_digest() == chain.get_digest()


def test_text_may_be_compressed(tmp_path):
    for write in (ocel_files.write_json, ocel_files.write_xml):
        write(shop(), tmp_path / "plain")
        (tmp_path / "packed").write_bytes(gzip.compress((tmp_path / "plain").read_bytes()))
        assert valuechain.import_log(tmp_path / "packed", **MAPPED)[0].get_n_flows() == 3


def test_times_without_a_zone_have_that_of_the_log(log):
    here, _ = valuechain.import_log(log, **MAPPED)
    there, _ = valuechain.import_log(log, time_zone="+01:00", **MAPPED)
    assert [b["at"] - a["at"] for a, b in zip(there.get_flows(), here.get_flows())] == [here.get_flows()[0]["at"] - there.get_flows()[0]["at"]] * 3
    assert (here.get_flows()[0]["at"] - there.get_flows()[0]["at"]).total_seconds() == 3600
    with pytest.raises(GLib.Error, match="time-zone"):
        valuechain.import_log(log, time_zone="CET", **MAPPED)


def test_what_cannot_be_known_is_asked_for_with_what_there_is(log):
    with pytest.raises(GLib.Error, match=r'several object types.*"Order", "Customer", "Clerk".*"by", "cost"'):
        valuechain.import_log(log, party="attribute:by")
    # The one type that nothing else is.
    chain, _ = valuechain.import_log(log, party="object:Clerk", customer="object:Customer")
    assert flows(chain) == [("k1", "customer:c1")]
    assert isinstance(Source.for_path(str(log)), EventLog)


def test_a_check_lists_what_a_load_refuses(tmp_path):
    broken = shop()
    broken.objects = lambda: [("o1", "Order", {}, []), ("o2", "Order", {}, [("ghost", "of")]), ("c1", "Customer", {}, [])]
    for suffix, write in ocel_files.WRITERS.items():
        path = tmp_path / suffix
        write(broken, path)
        with pytest.raises(GLib.Error, match="refers to an object that the log lacks .the first of 2 errors") as caught:
            valuechain.import_log(path, **MAPPED)
        assert "ghost" not in caught.value.message
        rows = EventLog(path=str(path), case_column="object:Order", party_column="by").check(None, None)
        assert [row["code"] for row in rows] == ["reference", "reference"]


@pytest.mark.parametrize("suffix", sorted(ocel_files.WRITERS))
def test_the_example_of_the_standard_is_one_chain(suffix):
    if not EXAMPLE.exists():
        pytest.skip("shared data is not there")
    chain, _ = valuechain.import_log(EXAMPLE / f"ocel20-example.{suffix}", mapping=MAPPING)
    assert chain.get_digest() == valuechain.import_log(EXAMPLE / "ocel20-example.xmlocel", mapping=MAPPING)[0].get_digest()
    reach = {row["party"]: row["reach"] for row in valuechain.score(chain).get_table("parties")}
    assert (reach["Mike"], reach["Luke"], reach["Mario"]) == (1, 1, None)
