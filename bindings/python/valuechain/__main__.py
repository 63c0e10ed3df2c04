# SPDX-License-Identifier: LGPL-2.1-or-later
"""`python3 -m valuechain doctor`: what of a working installation is here, and what to do about the rest."""
import importlib
import platform
import sys


def _interpreter():
    return f"Python {platform.python_version()}, {sys.executable}"


def _pygobject():
    from gi import __version__

    return f"PyGObject {__version__}"


def _typelib():
    import gi

    gi.require_version("Valuechain", "1")
    importlib.import_module("gi.repository.Valuechain")
    return "typelib Valuechain-1"


def _library():
    from gi.repository import Valuechain

    return f"libvaluechain {Valuechain.get_version()}"


def _overrides():
    from gi.repository import Valuechain

    if not hasattr(Valuechain.Table, "__arrow_c_stream__"):
        raise ImportError("gi/overrides/Valuechain.py was not found")
    return "overrides for Python"


def _scores():
    from gi.repository import Valuechain

    builder = Valuechain.ChainBuilder()
    builder.add_party("team", Valuechain.PartyKind.UNIT)
    builder.add_party("payer", Valuechain.PartyKind.CUSTOMER)
    builder.add_flow("team", "payer", Valuechain.FlowKind.WORK, 1)
    scores = Valuechain.Measure.for_name("alignment").run(builder.build(None, None), None, None)
    if scores["parties"]["reach"][0] != 1.0:
        raise ArithmeticError("a team that delivers to a customer alone must have a reach of 1")
    return "a score of a small chain"


def _module(name):
    def check():
        module = importlib.import_module(name)
        return f"{name} {module.__version__}"

    return check


_NEEDED = [
    ("Python", _interpreter, ""),
    ("PyGObject", _pygobject, "Debian, Ubuntu: python3-gi; Fedora: python3-gobject; or use the distribution's python3, not pyenv's or Anaconda's"),
    ("typelib", _typelib, "install libvaluechain, or add its girepository-1.0 folder to GI_TYPELIB_PATH"),
    ("library", _library, "the library does not load: add its folder to LD_LIBRARY_PATH or run ldconfig"),
    ("overrides", _overrides, "build with -Dpython_overrides_dir=, or add the folder above gi/overrides to PYTHONPATH"),
    ("scores", _scores, "please report this with the lines above"),
]
_OPTIONAL = [
    ("numpy", _module("numpy"), "for numpy views and to_pandas(): python3-numpy"),
    ("pandas", _module("pandas"), "for to_pandas(): python3-pandas"),
    ("polars", _module("polars"), "for to_polars(): pip install polars"),
    ("pyarrow", _module("pyarrow"), "for to_arrow(): pip install pyarrow"),
]


def _examine(what, check, advice, needed):
    try:
        print(f"  ok       {check()}")
        return True
    except Exception as error:  # whatever is wrong is what the doctor is asked for
        print(f"  {'MISSING' if needed else 'absent ':7}  {what}: {error}\n           {advice}")
        return not needed


def doctor():
    print("needed:")
    healthy = True
    for what, check, advice in _NEEDED:
        if not _examine(what, check, advice, True):
            healthy = False
            break
    print("optional:")
    for what, check, advice in _OPTIONAL:
        _examine(what, check, advice, False)
    print("\nvaluechain works." if healthy else "\nvaluechain does not work yet: see MISSING above.")
    return 0 if healthy else 1


def main(arguments):
    if arguments == ["doctor"]:
        return doctor()
    print("usage: python3 -m valuechain doctor", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
