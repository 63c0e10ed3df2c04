# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is installed is whole, and is where programs, Python and JavaScript look for it."""
import functools
import json
import os
import pathlib
import shlex
import subprocess
import sys

import pytest

import tree

COMPANY = tree.ROOT / "examples" / "company"
REACH = "0.46043773329088045\n"


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd="/",
                          env={**os.environ, **{name: str(value) for name, value in environment.items()}})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@functools.cache
def options():
    return {entry["name"]: entry["value"] for entry in json.loads(run("meson", "introspect", "--buildoptions", tree.BUILD))}


def option(name):
    return options()[name]


class Installed:
    """A tree as it would stand in /, below a folder of its own."""

    def __init__(self, root):
        run("meson", "install", "-C", tree.BUILD, "--no-rebuild", "--quiet", "--destdir", root)
        self.root = root
        self.prefix = pathlib.Path(option("prefix"))
        self.libdir = self.below(self.prefix / option("libdir"))
        self.datadir = self.below(self.prefix / option("datadir"))
        self.packages = next(root.rglob("valuechain/__init__.py")).parents[1]

    def below(self, path):
        return self.root / path.relative_to("/")

    def environment(self):
        return {"LD_LIBRARY_PATH": self.libdir, "GI_TYPELIB_PATH": self.libdir / "girepository-1.0",
                "PYTHONPATH": self.packages, "PYTHONDONTWRITEBYTECODE": 1,
                "XDG_DATA_DIRS": f"{self.datadir}:/usr/local/share:/usr/share"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    return Installed(tmp_path_factory.mktemp("installed"))


def searched():
    return run(option("python"), "-c", "import site; print(*site.getsitepackages(), sep='\\n')").splitlines()


def test_python_looks_where_its_packages_are(installed):
    within = [pathlib.Path(folder) for folder in searched() if pathlib.Path(folder).is_relative_to(installed.prefix)]
    assert within == [] or pathlib.Path("/") / installed.packages.relative_to(installed.root) in within


def test_a_folder_that_python_searches_is_kept():
    where = tree.ROOT / "bindings/python/where.py"
    for folder in searched():
        assert run(option("python"), where, pathlib.Path(folder).parents[2], folder + "/") == folder + "\n"
    assert run(option("python"), where, "/nowhere", "/nowhere/lib") == "/nowhere/lib\n"


def test_overrides_stand_beside_the_package(installed):
    assert (installed.packages / "gi" / "overrides" / "Valuechain.py").exists()


def test_python_runs_on_what_is_installed(installed):
    code = f"import valuechain; print(valuechain.load({str(COMPANY)!r}).score('alignment')['summary']['value'][0])"
    assert run(sys.executable, "-c", code, **installed.environment()) == REACH
    assert "valuechain works." in run(sys.executable, "-m", "valuechain", "doctor", **installed.environment())


def test_javascript_runs_on_what_is_installed(installed, tmp_path):
    script = tmp_path / "reach.js"
    script.write_text("import Valuechain from 'gi://Valuechain?version=1';\n"
                      f"const scores = Valuechain.Chain.load({json.dumps(str(COMPANY))}).score('alignment');\n"
                      "print([...scores.table('summary')][0].value);\n", encoding="utf-8")
    assert run("gjs", "-m", script, **installed.environment()) == REACH


def test_c_programs_are_built_and_run_on_what_is_installed(installed, tmp_path):
    program = tmp_path / "first-chain"
    found = {"PKG_CONFIG_PATH": installed.libdir / "pkgconfig"}
    flags = shlex.split(run("pkg-config", "--cflags", "--libs", "valuechain-1", **found))
    folders = [installed.below(pathlib.Path(flag[2:])) for flag in flags if flag.startswith("-I")]
    ours = [f"-I{folder}" for folder in folders if folder.exists()]
    assert ours
    run("cc", *ours, f"-L{installed.libdir}", tree.ROOT / "examples/first-chain/first-chain.c", "-o", program, *flags)
    expected = tree.text(tree.ROOT / "examples/first-chain/expected.txt")
    assert run(program, **installed.environment()) == expected
    typelibs = run("pkg-config", "--variable=typelibdir", "valuechain-1", **found).strip()
    assert (installed.below(pathlib.Path(typelibs)) / "Valuechain-1.typelib").exists()


def test_the_command_its_manual_and_completions(installed):
    bindir = installed.below(installed.prefix / option("bindir"))
    printed = run(bindir / "valuechain", "score", COMPANY, "--measure", "alignment", "--table", "summary", "--format", "csv",
                  **installed.environment())
    assert printed.splitlines()[1].split(",")[1] == REACH.strip()
    assert list(installed.datadir.rglob("valuechain.1"))
    assert list(installed.datadir.rglob("bash-completion/completions/valuechain*"))
