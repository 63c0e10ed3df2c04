#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Type stubs of the namespace from its GIR, with what the overrides add: stubs.py GIR OVERRIDES OUTPUT"""
import ast
import keyword
import sys
import xml.etree.ElementTree as ElementTree

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
BASIC = {
    "none": "None", "gboolean": "bool", "utf8": "str", "filename": "str", "gdouble": "float", "gfloat": "float",
    "gpointer": "object", "GType": "type", "gunichar": "str",
    **{name: "int" for name in (
        "gint gint8 gint16 gint32 gint64 guint guint8 guint16 guint32 guint64 gsize gssize glong gulong gchar".split()
    )},
}
HEADER = """\
# Generated from the GIR by bindings/python/stubs.py.
from typing import Any, Callable, Iterator

from gi.repository import Gio, GLib, GObject

"""


def name_of(name):
    return name + "_" if keyword.iskeyword(name) else name


def python_type(node):
    """The Python type of a parameter, return value or property."""
    array = node.find(CORE + "array")
    if array is not None:
        inner = python_type(array)
        return "bytes" if inner == "int" and array.find(CORE + "type").get("name") == "guint8" else f"list[{inner}]"
    inner = node.find(CORE + "type")
    name = inner.get("name") if inner is not None else "none"
    if name.endswith("AsyncReadyCallback"):
        kind = "Callable[[Any, Gio.AsyncResult], Any]"
    else:
        kind = BASIC.get(name, name)
    return f"{kind} | None" if node.get("nullable") == "1" and kind != "None" else kind


def is_user_data(parameter):
    return parameter.get("name") in ("user_data", "data") and parameter.find(CORE + "type").get("name") == "gpointer"


def signature(node, first):
    """Parameters and answer of a callable as PyGObject shows them: lengths of arrays gone, out parameters in the answer."""
    holder = node.find(CORE + "parameters")
    parameters = [] if holder is None else holder.findall(CORE + "parameter")
    lengths = {int(p.find(CORE + "array").get("length")) for p in parameters
               if p.find(CORE + "array") is not None and p.find(CORE + "array").get("length")}
    given, answers = ([first] if first else []), []
    answer = node.find(CORE + "return-value")
    if python_type(answer) != "None":
        answers.append(python_type(answer))
    for index, parameter in enumerate(parameters):
        kind = python_type(parameter)
        if parameter.get("direction", "in") == "out":
            answers.append(kind)
        elif index not in lengths:
            default = " = ..." if is_user_data(parameter) else ""
            given.append(f"{name_of(parameter.get('name'))}: {kind}{default}")
    result = "None" if not answers else answers[0] if len(answers) == 1 else f"tuple[{', '.join(answers)}]"
    return ", ".join(given), result


def shown(node):
    return node.get("introspectable") != "0" and not node.get("moved-to")


def callables(node):
    for tag, decorator, first in (("constructor", "@classmethod", "cls"), ("function", "@staticmethod", None),
                                  ("method", None, "self"), ("virtual-method", None, "self")):
        for child in filter(shown, node.findall(CORE + tag)):
            prefix = "do_" if tag == "virtual-method" else ""
            given, result = signature(child, first)
            if decorator:
                yield f"    {decorator}"
            yield f"    def {prefix}{name_of(child.get('name'))}({given}) -> {result}: ..."


def properties(node):
    """Keyword arguments of the constructor for what can be set."""
    for child in node.findall(CORE + "property"):
        if child.get("writable") == "1" or child.get("construct-only") == "1":
            yield f"{child.get('name').replace('-', '_')}: {python_type(child)} | None = ..."


def annotated(arguments):
    """The arguments of an overriding method; those without a type take anything."""
    for argument in arguments.args[1:]:
        argument.annotation = argument.annotation or ast.Name("Any")
    return ast.unparse(arguments)


def overridden(path):
    """From the overrides: class -> the lines of its methods."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    answers = {"__len__": "int", "__iter__": "Iterator[Any]", "__contains__": "bool", "__repr__": "str", "__bool__": "bool",
               "_repr_html_": "str", "labels": "list[str]", "columns": "list[Column]", "keys": "list[str]"}
    types = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.bases:
            lines = types.setdefault(node.name, [])
            for item in node.body:
                if isinstance(item, ast.FunctionDef):
                    lines += [f"    @{ast.unparse(d)}" for d in item.decorator_list]
                    lines.append(f"    def {item.name}({annotated(item.args)}) -> {answers.get(item.name, 'Any')}: ...")
    return types


def class_lines(node, classes, extra):
    parent = node.get("parent")
    yield f"class {node.get('name')}({parent}, Gio.ListModel):" if node.find(CORE + "implements") is not None \
        else f"class {node.get('name')}({parent}):"
    given, at = [], node
    while at is not None:
        given += properties(at)
        at = classes.get(at.get("parent"))
    yield f"    def __init__(self{', *' if given else ''}{''.join(', ' + p for p in given)}) -> None: ..."
    yield from callables(node)
    yield from extra
    yield ""


def enumeration_lines(node):
    yield f"class {node.get('name')}(GObject.GEnum):"
    for member in node.findall(CORE + "member"):
        yield f"    {member.get('name').upper()}: {node.get('name')}"
    yield "    value_nick: str"
    yield from callables(node)
    yield ""


def stub(gir, overrides):
    namespace = ElementTree.parse(gir).getroot().find(CORE + "namespace")
    classes = {node.get("name"): node for node in namespace.findall(CORE + "class")}
    extra = overridden(overrides)
    lines = []
    for node in filter(shown, namespace.findall(CORE + "constant")):
        lines.append(f"{node.get('name')}: {python_type(node)}")
    lines.append("")
    for node in namespace.findall(CORE + "enumeration"):
        lines += enumeration_lines(node)
    ordered = sorted(classes.values(), key=lambda node: (node.get("parent") in classes, node.get("name")))
    for node in ordered:
        lines += class_lines(node, classes, extra.get(node.get("name"), []))
    for node in filter(shown, namespace.findall(CORE + "function")):
        given, result = signature(node, None)
        lines.append(f"def {node.get('name')}({given}) -> {result}: ...")
    return HEADER + "\n".join(lines) + "\n"


def main(gir, overrides, output):
    text = stub(gir, overrides)
    ast.parse(text)
    with open(output, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
