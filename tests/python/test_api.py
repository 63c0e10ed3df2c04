# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the namespace promises to every language: versions, names, and errors instead of crashes for wrong arguments."""
import gc
import resource

import pandas
import pytest
from gi.repository import GLib, GObject, Valuechain

import valuechain
from valuechain import Status


def test_versions():
    version = (Valuechain.get_major_version(), Valuechain.get_minor_version(), Valuechain.get_micro_version())
    assert Valuechain.get_version() == valuechain.__version__ == ".".join(map(str, version))


def test_names_and_domains():
    assert Status.get_name(Status.TOO_FEW) == "TOO_FEW"
    assert valuechain.ImportError.quark() == GLib.quark_from_string("vc-import-error-quark")
    assert valuechain.MeasureError.quark() == GLib.quark_from_string("vc-measure-error-quark")
    assert valuechain.SaveError.quark() == GLib.quark_from_string("vc-save-error-quark")


def test_a09_texts_that_c_cannot_hold_are_refused_and_long_ones_are_not():
    for text, error in (("a\0b", ValueError), ("\ud800", UnicodeEncodeError)):
        for data in ({"x": [text, "a"]}, pandas.DataFrame({"x": [text, "a"]}), {"x": pandas.Categorical([text, "a"])}):
            with pytest.raises(error):
                valuechain.table(data)
    with pytest.raises(ValueError):
        valuechain.load("a\0b")
    with pytest.raises(GLib.Error):
        valuechain.load(b"\xff\xfe")
    assert len(valuechain.table({"x": ["é" * 50_000_000]})["x"][0]) == 50_000_000


def test_a_wrong_type_is_a_type_error():
    for wrong in (7, "x", GObject.Object()):
        with pytest.raises(TypeError):
            valuechain.Report.new(wrong)
        with pytest.raises(TypeError):
            valuechain.Table.new("t", [wrong])


def test_ten_thousand_rounds_leave_nothing_behind():
    def rounds(n):
        for _ in range(n):
            table = valuechain.table({"x": [1.0, 2.0], "s": ["a", "b"]})
            list(table)
            table.to_text(80, 10)
        gc.collect()

    rounds(1000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rounds(10_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1024  # KiB
