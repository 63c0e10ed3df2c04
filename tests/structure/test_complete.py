# SPDX-License-Identifier: LGPL-2.1-or-later
"""Nothing is left out: each public header is built, each function called from Python and JavaScript, each measure in the
guide, and what the README says can be done."""
import re
import subprocess

import pytest

import tree

COMMANDS = {"cd", "git", "meson", "sudo", "apt", "python3", "gjs", "cc", "valac"}


def callables():
    """(owner, name, kind) of each function that the bindings have."""
    namespace = tree.namespace()
    for owner in [namespace, *namespace]:
        owner_name = "" if owner is namespace else owner.get("name")
        for element in owner:
            kind = element.tag.rsplit("}", 1)[-1]
            if kind not in ("function", "method", "constructor") or not element.get(tree.C + "identifier"):
                continue
            if element.get("introspectable") != "0" and not element.get("moved-to") and not element.get("shadowed-by"):
                yield owner_name, element.get("shadows") or element.get("name"), kind


def is_named(code, owner, name, kind):
    if kind == "constructor" and name == "new":
        return re.search(rf"\b{owner}\b\s*(\.new\s*)?\(", code) or re.search(rf"\bnew [\w.]*\b{owner}\b", code)
    return re.search(rf"\.{name}\b", code)


@pytest.mark.parametrize("suffix, folders", [(".py", ("tests/python", "examples")), (".js", ("tests/gjs", "examples"))],
                         ids=["Python", "JavaScript"])
def test_every_function_is_called(suffix, folders):
    code = "\n".join(tree.text(path) for folder in folders for path in tree.files(suffix, under=folder))
    missing = []
    for owner, name, kind in callables():
        # A promise calls the finishing function by itself.
        promised = suffix == ".js" and name.endswith("_finish")
        looked_for = name[:-len("finish")] + "async" if promised else name
        if not is_named(code, owner, looked_for, kind):
            missing.append(f"{owner}.{name}" if owner else name)
    assert missing == []


def test_every_public_header_is_installed_and_scanned():
    listed = re.findall(r"'(vc-[\w-]+\.h)'", tree.text(tree.ROOT / "include/valuechain/meson.build"))
    there = {path.name for path in tree.files(".h", under="include")} - {"valuechain.h"}
    assert sorted(set(listed) - {"vc-enum-types.h", "vc-version-macros.h"}) == sorted(there)


def shell_lines(page):
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.splitlines() if line.strip() and not line.startswith("#"))


def test_commands_of_the_readme_exist():
    lines = list(shell_lines(tree.text(tree.ROOT / "README.md")))
    unknown = []
    for line in lines:
        word = line.split()[0]
        built = tree.BUILD / word[len("build/"):] if word.startswith("build/") else tree.ROOT / word
        if word not in COMMANDS and not built.exists():
            unknown.append(line)
    assert unknown == []
    assert "examples/run" in lines and "tests/run" in lines


def test_output_in_the_readme_is_real():
    """Of the command, or of an example, which prints it in every language."""
    program = tree.BUILD / "bindings/cli/valuechain"
    real = [subprocess.run([program, "score", "examples/company"], cwd=tree.ROOT, check=True, capture_output=True, text=True).stdout]
    real += [tree.text(path) for path in tree.files(".txt", under="examples") if path.name == "expected.txt"]
    excerpts = re.findall(r"^```text\n(.*?)^```", tree.text(tree.ROOT / "README.md"), re.MULTILINE | re.DOTALL)
    parts = [part for excerpt in excerpts for part in excerpt.strip().split("\n\n")]
    assert parts
    assert [part for part in parts if not any(part in output for output in real)] == []


def test_every_measure_is_in_the_guide():
    program = tree.BUILD / "bindings/cli/valuechain"
    listing = subprocess.run([program, "measures", "--format", "json"], check=True, capture_output=True, text=True).stdout
    names = re.findall(r'"(?:name|measure)": *"([a-z-]+)"', listing)
    guide = tree.text(tree.ROOT / "doc/measures.md")
    assert names
    assert [name for name in names if not re.search(rf"^## .*\b{name}\b", guide, re.MULTILINE)] == []
