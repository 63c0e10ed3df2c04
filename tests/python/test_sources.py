# SPDX-License-Identifier: LGPL-2.1-or-later
import gzip

import pytest
from gi.repository import GLib

import valuechain
from valuechain import ChainFile, ColumnType, CsvReader, EventLog, Folder, Limits, Source

LOG = "case,who,when,for\n1,a,2025-01-01,x\n1,b,2025-01-02,x\n1,b,2025-01-03,x\n2,a,2025-01-01,y\n"


def test_folder_round_trip(small, tmp_path):
    small.save(tmp_path / "out")
    again = valuechain.load(tmp_path / "out")
    assert again.get_digest() == small.get_digest()
    assert Folder.new(str(tmp_path / "other")).save(again, None)
    assert Source.for_path(str(tmp_path / "other")).load(None, None).get_digest() == small.get_digest()


def test_arrow_round_trip(small, tmp_path):
    small.save(tmp_path / "out.arrows")
    assert (tmp_path / "out.arrows" / "parties.arrow").is_file()
    assert valuechain.load(tmp_path / "out.arrows").get_digest() == small.get_digest()
    folder = Folder(path=str(tmp_path / "other"), arrow=True)
    assert folder.props.arrow and folder.save(small, None)
    assert Source.for_path(str(tmp_path / "other")).load(None, None).get_digest() == small.get_digest()


def test_file_round_trip(small, tmp_path):
    path = tmp_path / "out.vchain"
    small.save(path, progress=False)
    again = valuechain.load(path)
    assert again.get_digest() == small.get_digest()
    file = ChainFile.new(str(tmp_path / "other"))
    assert file.save(again, None, None)
    assert Source.for_path(str(tmp_path / "other")).load(None, None).get_digest() == small.get_digest()
    (tmp_path / "text.vchain").write_text("text")
    with pytest.raises(GLib.Error, match="may be replaced"):
        small.save(tmp_path / "text.vchain")


def test_a_new_period_is_appended(tmp_path):
    def day(number):
        return valuechain.chain({"id": ["a", "b"], "kind": ["unit", "customer"]},
                                [{"from": "a", "to": "b", "at": f"2025-01-{number:02}"}])

    path = tmp_path / "x.vchain"
    day(1).save(path)
    day(2).append_to(path, progress=False)
    assert ChainFile.new(str(path)).append(day(3), None, None)
    assert len(valuechain.load(path).get_flows()) == 3
    with pytest.raises(GLib.Error, match="stands in the file already"):
        day(2).append_to(path)


def test_scores_are_kept(small, tmp_path):
    path = tmp_path / "x.vchain"
    small.save(path)
    scores = small.score("alignment", group_by="unit")
    scores.save(path, small)
    small.explain("alignment", "clerk").save(path, small)
    again = valuechain.load_scores(path, "alignment", chain=small)
    assert again.get_options().equal(scores.get_options()) and again.get_proof().equal(scores.get_proof())
    assert again.to_json(small) == scores.to_json(small)
    assert valuechain.load_scores(path, party="clerk").get_party() == "clerk"
    kept = valuechain.list_scores(path, small)
    assert [(row["measure"], row["party"], row["of_chain"]) for row in kept] == [("alignment", None, True), ("alignment", "clerk", True)]
    file = ChainFile.new(str(path))
    progress = valuechain.Progress()
    assert file.save_scores(scores, small, progress, None)
    assert progress.get_fraction() > 0.8
    key = file.list_scores(None, None)["scores"][1]
    assert file.load_scores_at(key, None).to_json(small) == file.load_scores("alignment", None, None, None).to_json(small)
    with pytest.raises(GLib.Error, match="no scores of this key"):
        file.load_scores_at(99, None)
    with pytest.raises(GLib.Error, match="has changed since"):
        valuechain.load_scores(path, chain=valuechain.chain([{"id": "a", "kind": "unit"}]))
    with pytest.raises(GLib.Error, match="no scores of this measure"):
        valuechain.load_scores(path, "accountability")


def test_what_is_wrong_with_a_folder(tmp_path):
    with pytest.raises(GLib.Error):
        valuechain.load(tmp_path / "nowhere")
    (tmp_path / "parties.csv").write_text("id,kind\na,unit\n")
    (tmp_path / "flows.csv").write_text("from,to,amount\na,secret,1\na,a,x\n")
    with pytest.raises(GLib.Error, match=r"flows\.csv.*3") as caught:
        valuechain.load(tmp_path)
    assert "secret" not in caught.value.message
    (tmp_path / "flows.csv").write_text("from,to,amount\na,secret,1\na,a,1\n")
    problems = Source.for_path(str(tmp_path)).check(None, None)
    assert [row["line"] for row in problems if row["severity"] == "error"] == [2]


def test_limits(tmp_path):
    (tmp_path / "parties.csv").write_text("id,kind\na,unit\nb,unit\n")
    source = Source.for_path(str(tmp_path))
    assert source.get_path() == str(tmp_path) and source.get_limits().get_max_rows() == 100_000_000
    source.set_limits(Limits(max_rows=1))
    for load in (lambda: source.load(None, None), lambda: valuechain.load(tmp_path, limits=Limits(max_rows=1))):
        with pytest.raises(GLib.Error) as caught:
            load()
        assert caught.value.matches(GLib.quark_from_string("vc-import-error-quark"), int(valuechain.ImportError.LIMIT))


def test_a_lenient_source_says_what_it_left_out(tmp_path):
    (tmp_path / "parties.csv").write_text("id,kind\na,unit\nb,unit\n")
    (tmp_path / "commitments.csv").write_text("from,to,state\na,b,open\na,a,open\n")
    source = Source.for_path(str(tmp_path))
    assert not source.get_lenient()
    with pytest.raises(GLib.Error, match=r"commitments\.csv:3: field to"):
        source.load(None, None)
    source.set_lenient(True)
    assert len(source.load(None, None).get_commitments()) == 1
    assert ("commitments left out", 1, "owed to oneself") in [tuple(row.values()) for row in source.get_report().to_dicts()]
    assert valuechain.load(tmp_path, lenient=True).get_n_parties() == 2


def test_all_limits_have_getters():
    limits = Limits.new()
    assert limits.get_max_file_size() == limits.get_max_decompressed_size() == 2**34
    assert (limits.get_max_columns(), limits.get_max_field_size(), limits.get_max_compression_ratio()) == (1024, 2**20, 200)
    assert limits.get_max_parties() == 10**8 and limits.get_max_flows() == 10**9


@pytest.mark.parametrize("packed", [False, True])
def test_event_log(tmp_path, packed):
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress(LOG.encode()) if packed else LOG.encode())
    chain, report = valuechain.import_log(path, case="case", party="who", time="when", customer="for")
    flows = {(row["from"], row["to"]): row["amount"] for row in chain.get_flows()}
    assert flows == {("a", "b"): 1, ("b", "b"): 1, ("b", "customer:x"): 1, ("a", "customer:y"): 1}
    assert len(report) > 0


def test_event_log_in_the_namespace(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG.replace("a,2025-01-01,x", "?,2025-01-01,x"))
    log = EventLog.new(str(path), "case", "who", "when")
    log.props.missing = "?"
    log.props.missing_policy = valuechain.MissingPolicy.ERROR
    with pytest.raises(GLib.Error, match="who"):
        log.load(None, None)
    assert log.get_report() is not None
    log.add_report("anything", 3, None)


def test_load_async(small, tmp_path):
    small.save(tmp_path / "out")
    loop, found = GLib.MainLoop(), []

    def finished(source, result, *data):
        found.append(source.load_finish(result))
        loop.quit()

    Folder.new(str(tmp_path / "out")).load_async(None, None, finished, None)
    loop.run()
    assert found[0].get_digest() == small.get_digest()


class Fixed(Source):
    """A source of one's own."""

    def do_read(self, builder, progress, cancellable):
        builder.add_party("one", valuechain.PartyKind.UNIT)
        self.add_report("parties", 1, None)
        return True


def test_a_source_written_in_python():
    source = Fixed()
    assert source.load(None, None).get_n_parties() == 1
    assert source.get_report()[0]["what"] == "parties"


def test_csv_reader(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id;n;other\nx;1,5;q\n".replace(",", "."))
    reader = CsvReader.new()
    reader.props.delimiter = ";"
    reader.add_column("id", ColumnType.TEXT, True)
    reader.add_column("n", ColumnType.DOUBLE, False)
    assert list(reader.read_path(str(path), None, None)) == [{"id": "x", "n": 1.5, "other": "q"}]
    reader.set_skip_undeclared(True)
    from gi.repository import Gio

    stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(path.read_bytes()))
    assert list(reader.read_stream(stream, "memory", None)) == [{"id": "x", "n": 1.5}]
