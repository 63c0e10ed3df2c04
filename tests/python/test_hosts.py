# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the process that the library lives in may do: dispose of objects early, raise in callbacks and call back, read from many threads,
take signals, change locale and time zone."""
import locale
import os
import signal
import threading
import time

import pytest
from gi.repository import Gio, GLib, Valuechain

import valuechain

PARTIES = [{"id": f"p{i}", "kind": "customer" if i == 0 else "unit"} for i in range(200)]
FLOWS = [{"from": f"p{i}", "to": f"p{i * 7 % 200}", "amount": 1.0 + i, "at": "2025-03-30T02:30:00"} for i in range(200)]


def make():
    return valuechain.chain(PARTIES, FLOWS, progress=False)


DIGEST, SCORES = make().get_digest(), make().score(progress=False)["parties"].to_csv()


def test_a04_what_is_disposed_of_twice_can_still_be_used():
    chain = make()
    things = [chain, chain.get_flows(), chain.get_flows()["from"], chain.score(progress=False), valuechain.Alignment(), valuechain.Limits(),
              valuechain.Progress(), valuechain.ChainBuilder(), valuechain.CsvReader(), valuechain.Folder.new("/nowhere/at/all")]
    for thing in things:
        thing.run_dispose()
        thing.run_dispose()
    assert chain.get_digest() == DIGEST and len(things[1]) > 0 and things[2][0] == "p0"
    things[7].add_party("a", valuechain.PartyKind.UNIT)
    assert things[7].build(None, None).get_n_parties() == 1


def test_a04_the_last_reference_may_go_in_another_thread():
    for _ in range(50):
        holder = [make().score(progress=False)]
        thread = threading.Thread(target=holder.clear)
        thread.start()
        thread.join()


class Raising(Valuechain.Measure):
    def do_get_name(self):
        return "raising"

    def do_run(self, chain, progress, cancellable):
        raise RuntimeError("of the measure's own")


class Reentering(Valuechain.Measure):
    def do_get_name(self):
        return "reentering"

    def do_run(self, chain, progress, cancellable):
        while GLib.MainContext.default().iteration(False):
            pass
        inner = valuechain.Alignment().run(chain, None, None)
        return Valuechain.Scores.new("reentering", [inner["summary"]], None, None)


def test_a05_what_a_callback_raises_is_an_error(capfd):
    chain = make()
    with pytest.raises((GLib.Error, RuntimeError)):
        chain.score(Raising(), progress=False)
    assert chain.get_digest() == DIGEST and chain.score(progress=False)["parties"].to_csv() == SCORES


def test_a05_a_callback_may_call_back_and_run_a_main_loop():
    assert len(make().score(Reentering(), progress=False)["summary"]) > 0


def test_a05_a_listener_may_raise_cancel_or_let_go():
    for listen in (lambda *_: 1 / 0, lambda *_: cancellable.cancel(), lambda *_: holder.clear()):
        progress, cancellable, holder = valuechain.Progress(), Gio.Cancellable(), [valuechain.ChainBuilder()]
        holder[0].add_parties(valuechain.table(PARTIES), None)
        holder[0].add_flows(valuechain.table(FLOWS), None)
        progress.connect("notify::fraction", listen)
        try:
            assert holder[0].build(progress, cancellable).get_digest() == DIGEST
        except GLib.Error as error:
            assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)


def test_a07_sixteen_threads_read_what_another_edits():
    chain, wrong = make(), []

    def read():
        for _ in range(20):
            if chain.get_digest() != DIGEST or chain.score(progress=False)["parties"].to_csv() != SCORES:
                wrong.append("another answer")

    threads = [threading.Thread(target=read) for _ in range(16)]
    for thread in threads:
        thread.start()
    for i in range(50):
        edit = chain.edit()
        edit.add_party(f"new{i}", valuechain.PartyKind.UNIT)
        assert edit.build(None, None).get_digest() != DIGEST
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a11_a_storm_of_signals_loses_and_repeats_nothing(tmp_path):
    alarms = []
    before = signal.signal(signal.SIGALRM, lambda *_: alarms.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        end = time.monotonic() + 1
        while time.monotonic() < end or len(alarms) < 100:
            chain = make()
            chain.save(tmp_path / "folder")
            assert valuechain.load(tmp_path / "folder", progress=False).get_digest() == DIGEST
            assert chain.score(progress=False)["parties"].to_csv() == SCORES
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a12_locale_and_time_zone_do_not_matter(monkeypatch):
    done = threading.Event()

    def change():
        zones = ("America/St_Johns", "Asia/Kathmandu", "Europe/Oslo", "UTC")
        while not done.is_set():
            for zone in zones:
                os.environ["TZ"] = zone
                time.tzset()
                try:
                    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8" if zone == "UTC" else "C.UTF-8")
                except locale.Error:
                    pass

    monkeypatch.setenv("TZ", "UTC")
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(50):
            assert make().get_digest() == DIGEST
            assert make().score(progress=False)["parties"].to_csv() == SCORES
    finally:
        done.set()
        thread.join()
        locale.setlocale(locale.LC_ALL, "C")
        monkeypatch.undo()
        time.tzset()


def test_nothing_of_the_library_changes_the_process():
    before = (locale.setlocale(locale.LC_ALL), os.getcwd(), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGPIPE))
    make().score(progress=False)
    assert before == (locale.setlocale(locale.LC_ALL), os.getcwd(), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGPIPE))
