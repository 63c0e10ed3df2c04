# SPDX-License-Identifier: LGPL-2.1-or-later
"""The source tree, as the structure tests see it."""
import os
import pathlib
import re
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(os.environ.get("VC_TEST_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ.get("VC_TEST_BUILD_DIR", ROOT / "build-tests"))
GIR = BUILD / "lib" / "Valuechain-1.gir"
NOT_OURS = re.compile(r"^(build.*|\.git|\.venv|node_modules|__pycache__|\.[a-z]+_cache|\.ipynb_checkpoints)$")
OURS_ALL_THE_SAME = {"build-aux"}
DATA = (".csv", ".gz", ".json", ".ipynb", ".xes", ".bin", ".svg", ".png")

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"


def files(*suffixes, under=""):
    """The files of the tree, sorted: those that end in one of `suffixes`, or all."""
    found = []
    for folder, folders, names in os.walk(ROOT / under):
        folders[:] = [name for name in folders if name in OURS_ALL_THE_SAME or not NOT_OURS.match(name)]
        found += [pathlib.Path(folder, name) for name in names if name != ".git"]
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


def relative(path):
    return path.relative_to(ROOT).as_posix()


def text(path):
    return path.read_text(encoding="utf-8")


def namespace():
    """The <namespace> element of the introspection data."""
    return ElementTree.parse(GIR).getroot().find(CORE + "namespace")


def without_comments(code):
    """C code with comments and the insides of strings blanked, lines kept."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()) if match.group()[0] == "/" else '""', code)


def code_lines(lines):
    """How many of the lines hold code."""
    return sum(1 for line in lines if line.strip())
