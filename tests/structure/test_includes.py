# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who may know whom: each room includes only from the rooms before it, and what binds the library only its face."""
import re

import tree

ROOMS = {
    "base": {"base"},
    "numeric": {"base", "numeric"},
    "table": {"base", "table"},
    "chain": {"base", "table", "chain"},
    "sources": {"base", "table", "chain", "sources"},
    "measure": {"base", "numeric", "table", "chain", "measure"},
    "store": {"base", "table", "chain", "sources", "measure", "store"},
    "alignment": {"base", "table", "chain", "numeric", "measure", "alignment"},
    "accountability": {"base", "table", "chain", "numeric", "measure", "accountability"},
    "registry": {"base", "table", "chain", "measure", "alignment", "accountability", "registry"},
}
GENERATED = {"vc-enum-types.h": "base", "vc-version-macros.h": "base"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(path):
    return INCLUDE.findall(tree.text(path))


def room_of(header):
    """The room of a header of ours, or None for one of another project."""
    name = header.rsplit("/", 1)[-1]
    if name in GENERATED:
        return GENERATED[name]
    for path in tree.files(".h", ".c", under="lib"):
        if path.name == name or ("valuechain/" in header and path.name == name[:-1] + "c"):
            return path.parent.name
    return None


def test_every_room_is_known():
    assert {path.name for path in (tree.ROOT / "lib").iterdir() if path.is_dir()} == set(ROOMS)


def public_headers():
    """The headers that the build installs and scans, and the place of each."""
    listed = re.findall(r"'(vc-[\w-]+\.h)'", tree.text(tree.ROOT / "include/valuechain/meson.build"))
    return [tree.ROOT / "include/valuechain" / name for name in listed if name not in GENERATED]


def test_every_public_header_has_a_source_of_its_name():
    assert [tree.relative(path) for path in public_headers() if room_of("valuechain/" + path.name) is None] == []


def test_rooms_include_only_earlier_rooms():
    wrong = []
    for path in tree.files(".c", ".h", under="lib"):
        for quote, header in includes(path):
            room = room_of(header) if quote == '"' or header.startswith("valuechain/") else None
            if quote == '"' and room is None and not (tree.ROOT / "include" / header).exists():
                wrong.append(f"{tree.relative(path)} includes {header}, which is nowhere")
            elif room is not None and room not in ROOMS[path.parent.name]:
                wrong.append(f"{tree.relative(path)} includes {header} of {room}")
    assert wrong == []


def test_public_headers_include_only_public_headers():
    wrong = []
    for path in tree.files(".h", under="include"):
        for quote, header in includes(path):
            if quote == '"' or not header.startswith(("valuechain/vc-", "glib", "gio/")):
                wrong.append(f"{tree.relative(path)} includes {header}")
    assert wrong == []


def test_public_headers_include_only_earlier_rooms():
    wrong = []
    for path in public_headers():
        room = room_of("valuechain/" + path.name)
        for _, header in includes(path):
            if room and header.startswith("valuechain/") and room_of(header) not in ROOMS[room]:
                wrong.append(f"{tree.relative(path)} of {room} includes {header} of {room_of(header)}")
    assert wrong == []


def test_bindings_and_examples_include_only_the_face():
    wrong = []
    for path in tree.files(".c", ".h", under="bindings") + tree.files(".c", ".h", under="examples"):
        for quote, header in includes(path):
            beside = quote == '"' and (path.parent / header).exists()
            inside = header.startswith("vc") or header.startswith("valuechain/") and header != "valuechain/valuechain.h"
            if inside or quote == '"' and not beside:
                wrong.append(f"{tree.relative(path)} includes {header}")
    assert wrong == []


def test_umbrella_has_every_public_header():
    included = [header for _, header in includes(tree.ROOT / "include/valuechain/valuechain.h")]
    there = {"valuechain/" + path.name for path in tree.files(".h", under="include")} - {"valuechain/valuechain.h"}
    assert sorted(included) == sorted(there | {"valuechain/" + name for name in GENERATED})
