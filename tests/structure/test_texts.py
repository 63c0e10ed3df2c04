# SPDX-License-Identifier: LGPL-2.1-or-later
"""What stands in files: licences, words that do not belong there."""
import re

import tree

WITHOUT_LICENCE = {"COPYING", ".gitignore", ".editorconfig", "py.typed"}
# What would tie the tree to one machine, one service or one conversation.
FOREIGN = re.compile(r"/work/|/tmp/bash|\bissue #\d|\bpypi\.org|\bnpmjs\.(org|com)|\bdeb\.debian|\bcrates\.io|\bpackages\.debian"
                     r"|\b(TODO|FIXME|XXX)\b")


def is_text(path):
    return path.suffix not in tree.DATA and "corpus" not in path.parts


def test_every_file_names_its_licence():
    without = [tree.relative(path) for path in tree.files()
               if is_text(path) and path.suffix not in (".md", ".txt") and path.name not in WITHOUT_LICENCE
               and "SPDX-License-Identifier: LGPL-2.1-or-later" not in tree.text(path)[:300]]
    assert without == []


def test_nothing_foreign_stands_in_the_tree():
    found = []
    for path in tree.files():
        if path.suffix in (".gz", ".png", ".bin") or path.name == "test_texts.py" or "corpus" in path.parts:
            continue
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if FOREIGN.search(line):
                found.append(f"{tree.relative(path)}:{number}: {line.strip()}")
    assert found == []


def test_lines_end_well():
    wrong = [f"{tree.relative(path)}:{number}" for path in tree.files(".c", ".h", ".py", ".js", ".build", ".md", ".sh")
             for number, line in enumerate(tree.text(path).split("\n"), 1) if re.search(r"[ \t\r]$", line)]
    assert wrong == []


def test_messages_go_on_where_a_name_ended():
    """`valuechain: no measure is called ...`: what is put before a message ends in a colon."""
    begin = re.compile(r'(?:\b\w*_ERROR_[A-Z_]+|\(error), *(?:[\w>-]+, *)?"(?:%s: )?[A-Z][a-z]+ ')
    names = re.compile(r'"Arrow ')
    wrong = [f"{tree.relative(path)}: {found.group()}" for path in tree.files(".c", under="lib")
             for found in begin.finditer(re.sub(r",\s*\n\s*", ", ", tree.text(path))) if not names.search(found.group())]
    assert wrong == []
