# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the namespace promises to every language: versions, names, and errors instead of crashes for wrong arguments."""
import gc
import resource

import pytest
from gi.repository import GLib, GObject, Valuechain

import valuechain
from valuechain import Column, Status


def test_versions():
    version = (Valuechain.get_major_version(), Valuechain.get_minor_version(), Valuechain.get_micro_version())
    assert Valuechain.get_version() == valuechain.__version__ == ".".join(map(str, version))


def test_names_and_domains():
    assert Status.get_name(Status.TOO_FEW) == "TOO_FEW"
    assert valuechain.ImportError.quark() == GLib.quark_from_string("vc-import-error-quark")
    assert valuechain.MeasureError.quark() == GLib.quark_from_string("vc-measure-error-quark")


OBJECTS = {
    "Column": lambda: Column.new_doubles("x", [1.0]),
    "Table": lambda: valuechain.table({"x": [1.0]}),
    "ChainBuilder": valuechain.ChainBuilder,
    "Chain": lambda: valuechain.chain([{"id": "a", "kind": "unit"}]),
    "Limits": valuechain.Limits,
    "Progress": valuechain.Progress,
    "CsvReader": valuechain.CsvReader,
    "Alignment": valuechain.Alignment,
    "Folder": lambda: valuechain.Folder.new("nowhere"),
    "EventLog": lambda: valuechain.EventLog.new("nowhere", "a", "b", "c"),
    "Report": lambda: valuechain.Report.new(valuechain.chain([{"id": "a", "kind": "unit"}])),
    "Scores": lambda: valuechain.Scores.new("m", [], None, None),
}


def introspected(info):
    """The methods that the GIR gives a class, without the overrides' own."""
    kind = getattr(Valuechain, info).__mro__
    for klass in kind:
        for name, member in vars(klass).items():
            if type(member).__name__ in ("FunctionInfo", "VFuncInfo") and not name.startswith("do_"):
                yield name


@pytest.mark.parametrize("name", OBJECTS)
def test_none_for_every_argument_is_no_crash(name):
    thing = OBJECTS[name]()
    for method in sorted(set(introspected(name))):
        function = getattr(thing, method, None)
        if function is None or method.startswith(("new", "list_names")) or method.endswith(("_async", "_finish")):
            continue
        for count in range(0, 6):
            try:
                function(*[None] * count)
            except (TypeError, GLib.Error, ValueError, OverflowError, RuntimeError, AttributeError):
                pass


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
