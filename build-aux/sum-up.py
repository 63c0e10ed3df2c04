#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what a run of the tests found: sum-up.py TESTS SANITIZED FUZZED (the build folders)

Closes with the line "N passed, N failed" and fails if a test failed, if none ran, or, where CI is set, if one was
skipped for another reason than that shared data are not there, that root may do everything, or, in the sanitized build,
that the bindings are not built or that no library may be loaded before that of the sanitizers.
"""
import json
import os
import pathlib
import re
import sys

ALLOWED_SKIP = re.compile(r"shared data|\broot can\b|^sanitized .*(without introspection|the sanitizers come first)", re.IGNORECASE)
TAP_LINE = re.compile(r"^\s*(not )?ok\b(.*)$")
PYTEST_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")


class Tally:
    """Passed, failed and skipped tests, and the words that say which."""

    def __init__(self):
        self.passed = 0
        self.failures = []
        self.skips = []

    def add(self, name, outcome, note=""):
        if outcome == "passed":
            self.passed += 1
        elif outcome == "skipped":
            self.skips.append(f"{name}: {note}")
        else:
            self.failures.append(f"{name}: {note}")


def count_tap(tally, name, text):
    """Counts the lines of a Test Anything Protocol stream; returns their number."""
    lines = [match for match in map(TAP_LINE.match, text.splitlines()) if match]
    for match in lines:
        rest = match.group(2).strip(" -")
        if re.search(r"#\s*skip", rest, re.IGNORECASE):
            tally.add(name, "skipped", rest)
        else:
            tally.add(name, "failed" if match.group(1) else "passed", rest)
    return len(lines)


def count_pytest(tally, name, text):
    """Counts what pytest's closing line and short summary say; returns the number of tests."""
    closing = [line for line in text.splitlines() if PYTEST_COUNT.search(line) and re.search(r" in [\d.]+s", line)]
    if not closing:
        return 0
    reasons = [line for line in text.splitlines() if line.startswith("SKIPPED")]
    total = 0
    for number, word in PYTEST_COUNT.findall(closing[-1]):
        total += int(number)
        for i in range(int(number)):
            if word == "skipped":
                tally.add(name, "skipped", reasons[0] if len(reasons) == 1 else "; ".join(reasons))
            else:
                tally.add(name, "passed" if word in ("passed", "xfailed") else "failed", word)
    return total


def count_meson(tally, folder, label):
    """Counts the tests of a build folder by their subtests."""
    log = folder / "meson-logs" / "testlog.json"
    if not log.exists():
        tally.add(label, "failed", "there is no log of the tests")
        return
    for line in log.read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        name = f"{label} {test['name']}"
        text = test.get("stdout") or ""
        failures = len(tally.failures)
        counted = count_tap(tally, name, text) or count_pytest(tally, name, text)
        if test["result"] == "SKIP" and not counted:
            tally.add(name, "skipped", text.strip()[-200:])
        elif test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
            if len(tally.failures) == failures:
                tally.add(name, "failed", test["result"])
        elif not counted:
            tally.add(name, "passed")


def is_of_criterion(report):
    """Whether a report is only of leaks that Criterion's runner allocated for itself, outside any test."""
    leaks = re.split(r"^(?:Direct|Indirect) leak of ", report, flags=re.MULTILINE)
    frames = [re.findall(r"^ +#[1-9]\d* .*$", leak, re.MULTILINE) for leak in leaks[1:]]
    return "LeakSanitizer" in leaks[0] and all(
        "libcriterion" in frame and "criterion_internal_test_main" not in frame for leak in frames for frame in leak)


def count_reports(tally, folder):
    """Every report of a sanitizer is a failure; no report of the planted leak is one too."""
    planted = [path for path in (folder / "planted").glob("address*") if not is_of_criterion(path.read_text())]
    tally.add("sanitizers", "passed" if planted else "failed", "the planted leak is reported")
    reports = [path.read_text(encoding="utf-8", errors="replace") for path in sorted((folder / "reports").glob("*"))]
    reports = [report for report in reports if not is_of_criterion(report)]
    for report in reports:
        tally.add("sanitizers", "failed", report[:3000])
    if not reports:
        tally.add("sanitizers", "passed", "no reports")


def count_fuzzers(tally, folder):
    for path in sorted((folder / "results").glob("*.status")):
        failed = path.read_text(encoding="utf-8").strip() != "0"
        log = path.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
        tally.add(path.stem, "failed" if failed else "passed", log[-3000:])


def main(tests, sanitized, fuzzed):
    tally = Tally()
    count_meson(tally, pathlib.Path(tests), "tests")
    count_meson(tally, pathlib.Path(sanitized), "sanitized")
    count_reports(tally, pathlib.Path(sanitized))
    count_fuzzers(tally, pathlib.Path(fuzzed))
    refused = [skip for skip in tally.skips if os.environ.get("CI") and not ALLOWED_SKIP.search(skip)]
    for skip in sorted(set(tally.skips)):
        print("skipped:", skip)
    for failure in tally.failures + refused:
        print("FAILED:", failure)
    failed = len(tally.failures) + len(refused)
    print(f"{tally.passed} passed, {failed} failed")
    return 1 if failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
