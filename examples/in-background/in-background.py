# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scores a chain while the main loop goes on, shows how far it is, and stops a second run. in-background.py FOLDER"""
import sys

import valuechain
from gi.repository import Gio, GLib


def score(chain, cancellable):
    loop = GLib.MainLoop()
    answer = []
    progress = valuechain.Progress()
    progress.connect("notify::fraction", lambda *_: print(f"{progress.props.fraction:.0%}", file=sys.stderr))

    def on_scored(measure, result):
        try:
            answer.append(measure.run_finish(result))
        except GLib.Error as error:
            answer.append(error)
        loop.quit()

    valuechain.Alignment().run_async(chain, progress, cancellable, on_scored)
    loop.run()
    return answer[0]


chain = valuechain.load(sys.argv[1] if len(sys.argv) > 1 else "examples/company")
cancellable = Gio.Cancellable()
print(f"{len(score(chain, cancellable)['parties'])} parties are scored")

cancellable.cancel()
if score(chain, cancellable).matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
    print("the second run is cancelled")
