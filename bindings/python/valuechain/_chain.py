# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chains from folders, logs and data frames."""
import os

from ._frames import table
from ._namespace import Valuechain
from ._run import run


def load(path, *, limits=None, lenient=False, progress=None):
    """The chain that stands at `path`: a chain file (.vchain) or a folder of CSV files (parties.csv, flows.csv ...). `lenient` leaves out commitments
    that contradict themselves, which `check()` of the chain then tells."""
    source = Valuechain.Source.for_path(os.fspath(path))
    source.set_lenient(lenient)
    if limits is not None:
        source.set_limits(limits)
    return run(lambda bar, cancellable: source.load(bar, cancellable), progress)


# Arguments that name columns, and are properties with another name.
_COLUMNS = ("case", "party", "time", "customer", "activity", "lifecycle", "amount",
            "made", "due", "closed", "kept", "closed_by", "reopened", "owed_to")


def _weight(word):
    """The properties that "count", "case" or "decay=0.5" stands for."""
    name, _, decay = word.partition("=")
    weight = getattr(Valuechain.EventWeight, name.upper(), None)
    if weight is None or bool(decay) != (name == "decay"):
        raise ValueError(f"weight must be count, case or decay=FACTOR, not {word!r}")
    return {"weight": weight, "decay": float(decay)} if decay else {"weight": weight}


def import_log(path, *, case=None, party=None, time=None, mapping=None, progress=None, **options):
    """The chain in an event log (CSV, XES or OCEL 2.0, text gzip too): who handed work to whom.

    `case`, `party` and `time` name columns, as do `customer`, `activity`, `lifecycle`, `amount` and, where each case is a promise, `made`, `due`, `closed`,
    `kept`, `closed_by`, `reopened` and `owed_to`; further `options` are properties of EventLog: time_format, time_zone, missing,
    missing_policy ("skip", "break" or "error"), delimiter, unknown, lenient, causal, weight ("count", "case" or "decay=0.5"). A log
    of a standard names its columns itself. `mapping` is a file that says the same;
    arguments win over it. Returns (chain, report).
    """
    if isinstance(options.get("weight"), str):
        options.update(_weight(options["weight"]))
    options.update(case=case, party=party, time=time)
    source = Valuechain.EventLog(path=os.fspath(path))
    if mapping is not None:
        source.load_mapping(os.fspath(mapping))
    for name, value in options.items():
        if name == "missing_policy" and isinstance(value, str):
            value = getattr(Valuechain.MissingPolicy, value.upper())
        if value is not None:
            source.set_property(f"{name}_column" if name in _COLUMNS else name, value)
    chain_read = run(lambda bar, cancellable: source.load(bar, cancellable), progress)
    return chain_read, source.get_report()


def _check_columns(columns, given):
    """Raises ValueError where `columns` names a table that is not given or a field that no record has."""
    for records, mapping in columns.items():
        if given.get(records) is None:
            raise ValueError(f"columns for {records!r}, but there is no such table")
        fields = Valuechain.ChainBuilder.list_fields(records)
        unknown = [field for field in mapping if field not in fields]
        if unknown:
            raise ValueError(f"{records} have no field {unknown[0]!r}; they have {', '.join(fields)}")


def chain(
    parties, flows=None, *, receipts=None, commitments=None, columns=None, title=None, currency=None, effort_unit=None,
    lenient=False, progress=None
):
    """A chain from tables: data frames (pandas, Polars, pyarrow, DuckDB ...), dicts of columns, or lists of dicts, with the
    columns of a chain folder.

    Where they have other names, `columns` says for each field which column it is in:
    {"flows": {"from": "sender", "to": "receiver"}}. A field that is in no column though one has its name is None:
    {"flows": {"kind": None}}. `lenient` leaves out commitments that contradict themselves.
    """
    given = {"parties": parties, "flows": flows, "receipts": receipts, "commitments": commitments}
    columns = columns or {}
    _check_columns(columns, given)
    builder = Valuechain.ChainBuilder(title=title, currency=currency, effort_unit=effort_unit, lenient=lenient)
    for name, data in given.items():
        if data is not None:
            getattr(builder, f"add_{name}")(table(data, name, columns.get(name)), name)
    return run(lambda bar, cancellable: builder.build(bar, cancellable), progress)


def save(self, path, *, progress=None):
    """Writes the chain to one file where `path` ends in ".vchain", to a folder of Arrow files where it ends in ".arrows", and else to a folder
    of CSV files: all or nothing."""
    path = os.fspath(path)
    if path.endswith(".vchain"):
        file = Valuechain.ChainFile.new(path)
        run(lambda bar, cancellable: file.save(self, bar, cancellable), progress)
    else:
        folder = Valuechain.Folder(path=path, arrow=path.endswith(".arrows"))
        run(lambda bar, cancellable: folder.save(self, cancellable), progress)


def append_to(self, path, *, progress=None):
    """Adds the chain, a new period, to the chain file at `path`: all or nothing."""
    file = Valuechain.ChainFile.new(os.fspath(path))
    run(lambda bar, cancellable: file.append(self, bar, cancellable), progress)


Valuechain.Chain.save = save
Valuechain.Chain.append_to = append_to
