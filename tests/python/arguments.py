# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every public function with None (Python) or NULL (C) for each argument in turn, the others right: arguments.py python|c CLASS

Functions and what they may be given come from the GIR. Prints what is wrong; a crash is one. Run by test_arguments.py in a process
of its own."""
import ctypes
import os
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import valuechain
from gi.repository import Gio, GLib, GObject, Valuechain

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
CALLED = [CORE + kind for kind in ("function", "method", "constructor")]
GIR = pathlib.Path(os.environ["VC_TEST_BUILD_DIR"]) / "lib" / "Valuechain-1.gir"
MEMORY = ctypes.create_string_buffer(64)


class OwnMeasure(Valuechain.Measure):
    """Overrides nothing."""


class OwnSource(Valuechain.Source):
    """Overrides nothing."""


def column():
    return valuechain.Column.new_doubles("x", [1.0])


def chain():
    return valuechain.chain([{"id": "a", "kind": "unit"}], title="t")


OBJECTS = {
    "Chain": chain,
    "Column": column,
    "Measure": OwnMeasure,
    "Source": OwnSource,
    "EventLog": lambda: valuechain.EventLog.new("/nowhere/at/all", "a", "b", "c"),
    "Folder": lambda: valuechain.Folder.new("/nowhere/at/all"),
    "Report": lambda: valuechain.Report.new(chain()),
    "Row": lambda: valuechain.table({"x": [1.0]}).get_item(0),
    "Scores": lambda: valuechain.Scores.new("m", [], None, None),
    "Table": lambda: valuechain.table({"x": [1.0]}),
    "GLib.Bytes": lambda: GLib.Bytes.new(bytes(8)),
    "GLib.Variant": lambda: GLib.Variant("a{sv}", {}),
    "Gio.Cancellable": Gio.Cancellable,
    "Gio.InputStream": lambda: Gio.MemoryInputStream.new_from_data(b"x\n"),
    "Gio.OutputStream": Gio.MemoryOutputStream.new_resizable,
}
# What only makes sense as one of a few.
WORDS = {"field": "name", "records": "flows", "path": "/nowhere/at/all", "window": "2025-01-01/", "table": "x"}
NUMBERS = {"address": ctypes.addressof(MEMORY), "n_rows": 1, "index": 0, "row": 0, "end": 1}


def namespace():
    return ElementTree.parse(GIR).getroot().find(CORE + "namespace")


def functions(owner):
    """(element, whether it is called on an object) of a class, or of the namespace."""
    element = namespace() if owner == "Namespace" else next(e for e in namespace() if e.get("name") == owner and e.tag == CORE + "class")
    for function in element:
        if function.tag in CALLED and function.get(C + "identifier") and not function.get("moved-to") and not function.get("name").endswith("_finish"):
            yield function, function.tag == CORE + "method"


def parameters(function):
    holder = function.find(CORE + "parameters")
    return [] if holder is None else holder.findall(CORE + "parameter")


def type_name(parameter):
    return None if parameter.find(CORE + "type") is None else parameter.find(CORE + "type").get("name")


def sample(parameter):
    """A right value for Python."""
    name, kind = parameter.get("name"), type_name(parameter)
    if parameter.find(CORE + "array") is not None:
        inner = parameter.find(CORE + "array").find(CORE + "type").get("name")
        return {"utf8": ["x"], "gdouble": [1.0]}.get(inner) or [OBJECTS[inner]()]
    if kind == "utf8" or kind == "filename":
        return WORDS.get(name, "x")
    if kind in OBJECTS:
        return OBJECTS[kind]()
    if kind == "gboolean":
        return True
    if kind == "gdouble":
        return 1.0
    if kind == "Gio.AsyncReadyCallback":
        return lambda *_: None
    if kind == "gpointer":
        return None
    if kind.startswith("g"):
        return NUMBERS.get(name, 0)
    if isinstance(getattr(Valuechain, kind), type) and issubclass(getattr(Valuechain, kind), (GObject.GEnum, GObject.GFlags)):
        return getattr(Valuechain, kind)(0)
    return getattr(Valuechain, kind)()


def may_be_null(parameter):
    return parameter.get("nullable") == "1" or parameter.get("allow-none") == "1"


def callable_of(owner, function, is_method):
    holder = Valuechain if owner == "Namespace" else OBJECTS.get(owner, getattr(Valuechain, owner))() if is_method else getattr(Valuechain, owner)
    return getattr(holder, function.get("shadows") or function.get("name"))


def call_from_python(owner):
    """How many calls there were; prints what is wrong."""
    calls = 0
    for function, is_method in functions(owner):
        if function.get("introspectable") == "0":
            continue
        lengths = {array.get("length") for array in function.iter(CORE + "array")}
        given = [parameter for place, parameter in enumerate(parameters(function))
                 if parameter.get("direction") != "out" and str(place) not in lengths]
        for place, parameter in enumerate(given):
            calls += 1
            arguments = [None if i == place else sample(other) for i, other in enumerate(given)]
            try:
                callable_of(owner, function, is_method)(*arguments)
            except GLib.Error:
                continue
            except (TypeError, ValueError) as error:
                if may_be_null(parameter):
                    print(f"{function.get(C + 'identifier')}: {parameter.get('name')} may be None, but: {error}")
                continue
            if not may_be_null(parameter) and type_name(parameter) not in ("gboolean", "gpointer"):
                print(f"{function.get(C + 'identifier')}: {parameter.get('name')} may not be None, but is taken")
    return calls


# ------------------------------------------------------------------------------------------------------------------ C

C_TYPES = {"gdouble": ctypes.c_double, "gint64": ctypes.c_int64, "guint64": ctypes.c_uint64, "gsize": ctypes.c_size_t}
LIBRARY = ctypes.CDLL("libvaluechain-1.so.0")
GLIB = ctypes.CDLL("libglib-2.0.so.0")
GLIB.g_bytes_new_static.restype = GLIB.g_variant_new_parsed.restype = GLIB.g_variant_ref_sink.restype = ctypes.c_void_p
GLIB.g_variant_ref_sink.argtypes = [ctypes.c_void_p]
C_OBJECTS = {
    "GLib.Bytes": GLIB.g_bytes_new_static(MEMORY, ctypes.c_size_t(8)),
    "GLib.Variant": GLIB.g_variant_ref_sink(GLIB.g_variant_new_parsed(b"@a{sv} {}")),
}


def c_argument(parameter, kept):
    """(type, value, whether it is a pointer) of a right argument for C; `kept` keeps what it points to."""
    kind, array = type_name(parameter), parameter.find(CORE + "array")
    if array is not None:
        value = sample(parameter)
        if isinstance(value[0], float):
            memory = (ctypes.c_double * len(value))(*value)
        elif isinstance(value[0], str):
            memory = (ctypes.c_char_p * (len(value) + 1))(*[text.encode() for text in value], None)
        else:
            memory = (ctypes.c_void_p * len(value))(*[hash(item) for item in value])
        kept.append((value, memory))
        return ctypes.c_void_p, ctypes.addressof(memory), True
    if parameter.get("direction") == "out" or kind in (None, "ArrowArrayStream", "gpointer", "Gio.AsyncReadyCallback"):
        return ctypes.c_void_p, None if kind in ("gpointer", "Gio.AsyncReadyCallback") else ctypes.addressof(MEMORY), kind != "gpointer"
    if kind in C_OBJECTS:
        return ctypes.c_void_p, C_OBJECTS[kind], True
    value = sample(parameter)
    kept.append(value)
    if isinstance(value, str):
        return ctypes.c_char_p, value.encode(), True
    if isinstance(value, GObject.Object):
        return ctypes.c_void_p, hash(value), True
    return C_TYPES.get(kind, ctypes.c_int), int(value) if kind != "gdouble" else value, False


def call_from_c(owner):
    """How many calls there were."""
    calls = 0
    for function, is_method in functions(owner):
        symbol, kept = getattr(LIBRARY, function.get(C + "identifier")), []
        arguments = [c_argument(parameter, kept) for parameter in parameters(function)]
        if is_method:
            kept.append(OBJECTS.get(owner, getattr(Valuechain, owner))())
            arguments.insert(0, (ctypes.c_void_p, hash(kept[-1]), True))
        if function.get("throws") == "1":
            arguments.append((ctypes.c_void_p, None, False))
        symbol.argtypes, symbol.restype = [kind for kind, _, _ in arguments], ctypes.c_void_p
        for place, (_, _, is_pointer) in enumerate(arguments):
            if is_pointer:
                calls += 1
                symbol(*[None if i == place else value for i, (_, value, _) in enumerate(arguments)])
    return calls


if __name__ == "__main__":
    n_calls = {"python": call_from_python, "c": call_from_c}[sys.argv[1]](sys.argv[2])
    while GLib.MainContext.default().iteration(False):
        pass
    print(f"{n_calls} calls")
