# SPDX-License-Identifier: LGPL-2.1-or-later
"""A service desk's export through the library, by the mapping file of the guide, beside pandas alone."""
import pathlib
import sys

import pytest

import valuechain

ROOT = pathlib.Path(__file__).parent.parent.parent
EXPORT = ROOT.parent / "shared/data/servicenow-incidents.csv.gz"
pytestmark = pytest.mark.skipif(not EXPORT.exists(), reason="shared data are not there")

sys.path.insert(0, str(ROOT / "tests/reference"))
import servicenow  # noqa: E402


def read(**options):
    chain, _ = valuechain.import_log(EXPORT, mapping=ROOT / "examples/mappings/servicenow.ini", missing="?",
                                     unknown="unknown", closed_by="resolved_by", reopened="reopen_count", **options)
    return chain


@pytest.fixture(scope="module")
def chain():
    return read()


@pytest.fixture(scope="module")
def expected():
    return servicenow.by_group(EXPORT)


def test_tickets_are_promises(chain):
    states = chain.get_commitments().to_pandas()["state"].value_counts()
    assert states["kept"] == 15803 and states["late"] + states["broken"] == 9115
    assert chain.get_commitments().get_n_rows() == 24918


def test_functions_keep_what_pandas_says(chain, expected):
    functions = chain.score("accountability")["functions"].to_pandas().set_index("unit")
    assert set(functions.index) == set(expected.index) - {"all"}
    names = ["owes", "kept", "kept_low", "kept_high", "late", "median_days", "closed_by_owed", "reopened"]
    for group, row in functions.iterrows():
        assert list(row[names]) == pytest.approx(list(expected.loc[group, names]), rel=1e-9, nan_ok=True), group


def test_the_desk_as_a_whole(chain, expected):
    summary = chain.score("accountability")["summary"].to_pandas().set_index("name")
    for name in ("kept", "late", "median_days", "closed_by_owed", "reopened"):
        assert summary.loc[name, "value"] == pytest.approx(expected.loc["all", name], rel=1e-9), name
    assert summary.loc["kept", "n"] == 24918 and summary.loc["median_days", "value"] * 24 == pytest.approx(22.1)


def test_groups_of_the_last_update_alone():
    """Where the last update names no group, none is known to have resolved the ticket."""
    rows = read(missing_policy="break").get_commitments().to_pandas()
    kept = rows.assign(kept=rows["state"] == "kept").groupby("from", observed=True)["kept"].agg(["sum", "size"])
    assert [tuple(kept.loc[group]) for group in ("70", "25")] == [(7918, 9444), (532, 1243)]
    assert kept.loc["unknown", "size"] == 2157
