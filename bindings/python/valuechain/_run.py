# SPDX-License-Identifier: LGPL-2.1-or-later
"""Long calls that show how far they are and stop on Ctrl-C.

The library's call runs in a thread of its own (PyGObject lets the interpreter go meanwhile); the caller's thread waits in
short steps, in which Python can deliver KeyboardInterrupt, and cancels the call when it comes.
"""
import sys
import threading
import time

from ._namespace import Gio, Valuechain

_STEP = 0.05
_SHOW_AFTER = 0.5


class _Silent:
    def show(self, fraction, stage):
        pass

    def close(self):
        pass


class _Terminal:
    WIDTH = 30

    def show(self, fraction, stage):
        done = round(fraction * self.WIDTH)
        bar = "█" * done + "░" * (self.WIDTH - done)
        print(f"\r{bar} {fraction:4.0%} {stage or '':<24.24}", end="", file=sys.stderr, flush=True)

    def close(self):
        print("\r\033[K", end="", file=sys.stderr, flush=True)


class _Notebook:
    def __init__(self):
        from IPython.display import HTML, display

        self._html = HTML
        self._handle = display(HTML(""), display_id=True)

    def show(self, fraction, stage):
        self._handle.update(self._html(f'<progress value="{fraction:.3f}" max="1"></progress> {fraction:.0%} {stage or ""}'))

    def close(self):
        self._handle.update(self._html(""))


def _in_notebook():
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and shell.__class__.__name__ == "ZMQInteractiveShell"


def _display(wanted):
    if wanted is False:
        return _Silent()
    if _in_notebook():
        return _Notebook()
    if wanted is True or sys.stderr.isatty():
        return _Terminal()
    return _Silent()


class _Call(threading.Thread):
    def __init__(self, function):
        super().__init__(name="valuechain", daemon=True)
        self.cancellable = Gio.Cancellable()
        self.progress = Valuechain.Progress()
        self._function = function
        self.answer = self.error = None

    def run(self):
        try:
            self.answer = self._function(self.progress, self.cancellable)
        except BaseException as error:
            self.error = error


def _wait(call, progress):
    display, started = None, time.monotonic()
    try:
        while call.is_alive():
            call.join(_STEP)
            if display is None and time.monotonic() - started > _SHOW_AFTER:
                display = _display(progress)
            if display is not None and call.is_alive():
                display.show(call.progress.get_fraction(), call.progress.dup_stage())
    finally:
        if display is not None:
            display.close()


def run(function, progress=None):
    """The answer of `function(progress, cancellable)`. `progress`: True shows a bar, False none, None where somebody can
    see it: in a notebook or on a terminal."""
    call = _Call(function)
    call.start()
    try:
        _wait(call, progress)
    except BaseException:
        call.cancellable.cancel()
        call.join()
        raise
    if call.error is not None:
        raise call.error
    return call.answer
