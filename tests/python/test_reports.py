# SPDX-License-Identifier: LGPL-2.1-or-later
import json

import pytest
from gi.repository import Gio, GLib

from valuechain import Report, ReportFormat


@pytest.fixture
def report(small):
    made = Report.new(small)
    made.add_scores(small.score())
    return made


def test_every_format(report):
    document = json.loads(report.to_string(ReportFormat.JSON))
    assert list(document) == ["chain", "scores"]
    assert "reach" in report.to_string(ReportFormat.TEXT)
    assert "<table" in report.to_string(ReportFormat.HTML)
    with pytest.raises(GLib.Error):
        report.to_string(ReportFormat.CSV)
    report.set_tables(["parties"])
    assert report.to_string(ReportFormat.CSV).splitlines()[0].startswith("party,")


def test_a_stream_gets_the_same(report):
    stream = Gio.MemoryOutputStream.new_resizable()
    assert report.write(ReportFormat.JSON, stream, None)
    stream.close()
    assert stream.steal_as_bytes().get_data().decode() == report.to_string(ReportFormat.JSON)


def test_a_table_that_is_not_there_is_an_error(report):
    report.set_tables(["nothing"])
    with pytest.raises(GLib.Error, match="nothing"):
        report.to_string(ReportFormat.JSON)
