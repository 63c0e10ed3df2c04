# SPDX-License-Identifier: LGPL-2.1-or-later
"""Published numbers: every folder in examples/published scores as its book or paper says."""
import fractions
import json
import os
import pathlib
import subprocess

import pytest

PUBLISHED = pathlib.Path(os.environ["VC_TEST_SOURCE_DIR"]) / "examples" / "published"
PROGRAM = pathlib.Path(os.environ["VC_TEST_BUILD_DIR"]) / "bindings" / "cli" / "valuechain"
EXPECTED = json.loads((PUBLISHED / "expected.json").read_text(encoding="utf-8"))


def tables(folder):
    output = subprocess.run([PROGRAM, "score", PUBLISHED / folder, "--measure", "alignment", "--format", "json"],
                            check=True, capture_output=True).stdout
    return json.loads(output)["scores"]["alignment"]["tables"]


def assert_close(found, expected, digits, what):
    if expected is None:
        assert found is None, what
        return
    exact = fractions.Fraction(expected)
    tolerance = fractions.Fraction(10) ** -digits * max(1, abs(exact))
    assert found is not None and abs(fractions.Fraction(found) - exact) <= tolerance, f"{what}: {found}, not {expected}"


def test_every_folder_has_expected_numbers():
    assert {path.name for path in PUBLISHED.iterdir() if path.is_dir()} == set(EXPECTED)


@pytest.mark.parametrize("folder", sorted(EXPECTED))
def test_scores_are_as_published(folder):
    found = tables(folder)
    expected = EXPECTED[folder]
    rows = {row["party"]: row for row in found["parties"]}
    for party, columns in expected["parties"].items():
        for column, number in columns.items():
            assert_close(rows[party][column], number, expected.get("digits", 12), f"{party}, {column}")
    values = {row["name"]: row["value"] for row in found["summary"]}
    for name, number in expected.get("summary", {}).items():
        assert_close(values[name], number, expected.get("digits", 12), name)
