# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chains from folders, logs and data frames."""
import os

from ._frames import table
from ._namespace import Valuechain
from ._run import run


def load(path, *, limits=None, progress=None):
    """The chain that stands at `path`: a folder of CSV files (parties.csv, flows.csv ...)."""
    source = Valuechain.Source.for_path(os.fspath(path))
    if limits is not None:
        source.set_limits(limits)
    return run(lambda bar, cancellable: source.load(bar, cancellable), progress)


def import_log(path, *, case, party, time, progress=None, **options):
    """The chain in an event log (CSV, gzip too): who handed work to whom.

    `case`, `party` and `time` name columns; `options` are the properties of EventLog: customer_column, time_format, missing,
    missing_policy ("skip", "break" or "error"), delimiter. Returns (chain, report).
    """
    if "customer" in options:
        options["customer_column"] = options.pop("customer")
    policy = options.pop("missing_policy", None)
    if isinstance(policy, str):
        policy = getattr(Valuechain.MissingPolicy, policy.upper())
    if policy is not None:
        options["missing_policy"] = policy
    source = Valuechain.EventLog(
        path=os.fspath(path), case_column=case, party_column=party, time_column=time, **options
    )
    chain_read = run(lambda bar, cancellable: source.load(bar, cancellable), progress)
    return chain_read, source.get_report()


def chain(parties, flows=None, *, receipts=None, commitments=None, title=None, currency=None, effort_unit=None, progress=None):
    """A chain from tables: data frames (pandas, Polars, pyarrow, DuckDB ...), dicts of columns, or lists of dicts, with the
    columns of a chain folder."""
    builder = Valuechain.ChainBuilder(title=title, currency=currency, effort_unit=effort_unit)
    for name, data in (("parties", parties), ("flows", flows), ("receipts", receipts), ("commitments", commitments)):
        if data is not None:
            getattr(builder, f"add_{name}")(table(data, name), name)
    return run(lambda bar, cancellable: builder.build(bar, cancellable), progress)


def save(self, path):
    """Writes the chain to a folder of CSV files, all or nothing."""
    folder = Valuechain.Folder.new(os.fspath(path))
    run(lambda bar, cancellable: folder.save(self, cancellable))


Valuechain.Chain.save = save
