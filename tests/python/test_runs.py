# SPDX-License-Identifier: LGPL-2.1-or-later
"""Progress, Ctrl-C and cancelling."""
import os
import signal
import subprocess
import sys
import time

import pytest
from gi.repository import Gio, GLib

import valuechain
from valuechain import Measure, Progress, Scores


class Endless(Measure):
    def do_run(self, chain, progress, cancellable):
        while not cancellable.is_cancelled():
            progress.update(min(0.9, progress.get_fraction() + 0.1), "turning")
            time.sleep(0.01)
        raise GLib.Error("stopped", "g-io-error-quark", int(Gio.IOErrorEnum.CANCELLED))


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import test_runs, valuechain
chain = valuechain.chain([{"id": "a", "kind": "unit"}])
print("ready", flush=True)
try:
    chain.score(test_runs.Endless, progress=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_stops_a_long_run_and_the_bar_was_there():
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, os.path.dirname(__file__)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    messages = ""
    while "turning" not in messages or "%" not in messages:
        piece = process.stderr.read(1)
        assert piece, "it ended before there was a bar"
        messages += piece
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert output == "interrupted\n" and process.returncode == 0


def test_a_cancelled_run_says_so(small):
    cancellable = Gio.Cancellable()
    cancellable.cancel()
    with pytest.raises(GLib.Error) as caught:
        valuechain.Alignment().run(small, None, cancellable)
    assert caught.value.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)


def test_errors_of_a_run_reach_the_caller(small):
    class Failing(Measure):
        def do_run(self, chain, progress, cancellable):
            raise GLib.Error("no", "vc-measure-error-quark", 0)

    with pytest.raises(GLib.Error, match="no"):
        small.score(Failing)


def test_progress_is_read_without_a_main_loop(small):
    progress = Progress.new()
    assert isinstance(valuechain.Alignment().run(small, progress, None), Scores)
    assert progress.get_fraction() == 1
    progress.update(1, "done")
    assert progress.dup_stage() == "done"


def test_progress_notifies_in_the_main_loop():
    progress, seen = Progress(), []
    progress.connect("notify::fraction", lambda *_: seen.append(progress.props.fraction))
    progress.update(0.5, "half")
    while GLib.MainContext.default().iteration(False):
        pass
    assert seen == [0.5]


def test_doctor():
    answer = subprocess.run([sys.executable, "-m", "valuechain", "doctor"], capture_output=True, text=True)
    assert answer.returncode == 0 and "valuechain works" in answer.stdout


def test_doctor_says_what_is_missing():
    environment = {**os.environ, "GI_TYPELIB_PATH": "/nonexistent"}
    if subprocess.run([sys.executable, "-c", "import gi; gi.require_version('Valuechain', '1')"], env=environment,
                      capture_output=True).returncode == 0:
        pytest.skip("the library is installed, so that its typelib is always found")
    answer = subprocess.run([sys.executable, "-m", "valuechain", "doctor"], capture_output=True, text=True, env=environment)
    assert answer.returncode == 1 and "MISSING  typelib" in answer.stdout and "GI_TYPELIB_PATH" in answer.stdout
    answer = subprocess.run([sys.executable, "-c", "import valuechain"], capture_output=True, text=True, env=environment)
    assert answer.returncode == 1 and "typelib Valuechain-1 is not found" in answer.stderr


def without_packages(*arguments):
    """Python that sees the standard library and this package only. Beside it stands a folder gi, with the overrides."""
    return subprocess.run([sys.executable, "-S", *arguments], capture_output=True, text=True)


def test_a_python_without_pygobject_is_told_so():
    answer = without_packages("-c", "import valuechain")
    assert answer.returncode == 1 and "PyGObject (the module gi) is missing" in answer.stderr
    answer = without_packages("-m", "valuechain", "doctor")
    assert answer.returncode == 1 and "MISSING  PyGObject: " in answer.stdout
    assert "absent   numpy: " in answer.stdout and "absent   pyarrow: " in answer.stdout


def test_usage():
    answer = subprocess.run([sys.executable, "-m", "valuechain"], capture_output=True, text=True)
    assert answer.returncode == 2 and "doctor" in answer.stderr
