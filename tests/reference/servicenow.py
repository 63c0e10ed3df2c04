#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who keeps what it promises at a service desk, from the ServiceNow export, with pandas alone.

    servicenow.py FILE [--lifelines]

A ticket is owed by the last group that any update names, to the caller; the last word of the export counts. Prints a
table of the groups. With --lifelines the survival curves are those of that package instead of the few lines here.
"""
import sys

import numpy
import pandas

Z = 1.959963984540054


def tickets(path):
    """A row for each ticket."""
    rows = pandas.read_csv(path, dtype=str, na_values="?", keep_default_na=False)
    last = rows.groupby("number", sort=False).last()
    for name in ("opened_at", "resolved_at"):
        last[name] = pandas.to_datetime(last[name], format="%d/%m/%Y %H:%M")
    last["group"] = last["assignment_group"].fillna("unknown")
    last["kept"] = last["made_sla"] == "true"
    last["late"] = ~last["kept"] & last["resolved_at"].notna()
    last["days"] = (last["resolved_at"] - last["opened_at"]).dt.total_seconds() / 86400
    last["by_caller"] = (last["resolved_by"] == last["caller_id"]).where(last["resolved_by"].notna())
    last["reopened"] = last["reopen_count"].astype(int) > 0
    return last


def survival(days):
    """Times and the share of what is not done by then (Kaplan and Meier 1958); here everything is done at some time."""
    times, done = numpy.unique(days, return_counts=True)
    at_risk = len(days) - numpy.concatenate([[0], numpy.cumsum(done)[:-1]])
    return times, numpy.cumprod(1 - done / at_risk)


def survival_by_lifelines(days):
    from lifelines import KaplanMeierFitter

    curve = KaplanMeierFitter().fit(days).survival_function_.iloc[:, 0]
    return curve.index.to_numpy(), curve.to_numpy()


def median(times, share):
    """Where the curve stands at one half for a while, the middle of that."""
    at = numpy.flatnonzero(share <= 0.5 + 1e-12)[0]
    return (times[at] + times[at + 1]) / 2 if abs(share[at] - 0.5) < 1e-12 else times[at]


def wilson(kept, n):
    centre, half = (kept / n + Z * Z / (2 * n)), Z * numpy.sqrt(kept / n * (1 - kept / n) / n + Z * Z / (4 * n * n))
    return (centre - half) / (1 + Z * Z / n), (centre + half) / (1 + Z * Z / n)


def figures(some, curve=survival):
    days = some["days"].dropna().to_numpy()
    low, high = wilson(some["kept"].sum(), len(some))
    return pandas.Series({
        "owes": len(some), "kept": some["kept"].mean(), "kept_low": low, "kept_high": high, "late": some["late"].mean(),
        "median_days": median(*curve(days)) if len(days) else numpy.nan, "timed": len(days),
        "closed_by_owed": some["by_caller"].dropna().astype(float).mean(), "reopened": some["reopened"].mean(),
    })


def by_group(path, curve=survival):
    """Figures of each group, and last of all together."""
    last = tickets(path)
    rows = {group: figures(some, curve) for group, some in last.groupby("group")}
    return pandas.DataFrame({**rows, "all": figures(last, curve)}).T


if __name__ == "__main__":
    print(by_group(sys.argv[1], survival_by_lifelines if "--lifelines" in sys.argv else survival).to_string())
