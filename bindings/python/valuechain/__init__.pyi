# SPDX-License-Identifier: LGPL-2.1-or-later
import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy
import pandas
import polars
import pyarrow
from . import _types as _Valuechain

from ._types import (
    ChainBuilder as ChainBuilder,
    ChainFile as ChainFile,
    ColumnType as ColumnType,
    CsvReader as CsvReader,
    EventLog as EventLog,
    EventWeight as EventWeight,
    FlowKind as FlowKind,
    Folder as Folder,
    Grouping as Grouping,
    ImportError as ImportError,
    Limits as Limits,
    MeasureError as MeasureError,
    MissingPolicy as MissingPolicy,
    PartyKind as PartyKind,
    Progress as Progress,
    Report as Report,
    ReportFormat as ReportFormat,
    Row as Row,
    SaveError as SaveError,
    Source as Source,
    Status as Status,
)

__version__: str

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

_TableLike = Table | pandas.DataFrame | _ArrowStream | Mapping[str, Sequence[Any] | numpy.ndarray[Any, Any]] | Sequence[Mapping[str, Any]]
_Columns = Mapping[str, str | None]

class Column(_Valuechain.Column): ...

class Table(_Valuechain.Table):
    def to_pandas(self, copy: bool = False) -> pandas.DataFrame: ...
    def to_arrow(self) -> pyarrow.Table: ...
    def to_polars(self) -> polars.DataFrame: ...
    def to_dicts(self) -> list[dict[str, Any]]: ...
    def to_csv(self, path: str | os.PathLike[str] | None = None, guard_formulas: bool = True) -> str | None: ...

class Scores(_Valuechain.Scores):
    @property
    def options(self) -> dict[str, Any]: ...
    @property
    def proof(self) -> dict[str, Any]: ...
    @property
    def tables(self) -> dict[str, Table]: ...
    def __getitem__(self, name: str) -> Table: ...
    def to_json(self, chain: Chain) -> str: ...
    def save(self, path: str | os.PathLike[str], chain: Chain, *, progress: bool | None = None) -> None: ...

class Chain(_Valuechain.Chain):
    def score(
        self, measure: str | Measure | type[Measure] = "alignment", *, progress: bool | None = None, **options: Any
    ) -> Scores: ...
    def explain(
        self, measure: str | Measure | type[Measure], party: str, *, progress: bool | None = None, **options: Any
    ) -> Scores: ...
    def save(self, path: str | os.PathLike[str], *, progress: bool | None = None) -> None: ...
    def append_to(self, path: str | os.PathLike[str], *, progress: bool | None = None) -> None: ...

class Measure(_Valuechain.Measure): ...
class Accountability(_Valuechain.Accountability): ...
class Alignment(_Valuechain.Alignment): ...

def load(
    path: str | os.PathLike[str], *, limits: Limits | None = None, lenient: bool = False, progress: bool | None = None
) -> Chain: ...
def import_log(
    path: str | os.PathLike[str],
    *,
    case: str | None = None,
    party: str | None = None,
    time: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
    **options: Any,
) -> tuple[Chain, Table]: ...
def chain(
    parties: _TableLike,
    flows: _TableLike | None = None,
    *,
    receipts: _TableLike | None = None,
    commitments: _TableLike | None = None,
    columns: Mapping[str, _Columns] | None = None,
    title: str | None = None,
    currency: str | None = None,
    effort_unit: str | None = None,
    lenient: bool = False,
    progress: bool | None = None,
) -> Chain: ...
def table(data: _TableLike, name: str = "table", columns: _Columns | None = None) -> Table: ...
def measures() -> list[str]: ...
def score(
    chain: Chain, measure: str | Measure | type[Measure] = "alignment", *, progress: bool | None = None, **options: Any
) -> Scores: ...
def explain(
    chain: Chain, measure: str | Measure | type[Measure], party: str, *, progress: bool | None = None, **options: Any
) -> Scores: ...
def load_scores(
    path: str | os.PathLike[str], measure: str = "alignment", party: str | None = None, *, chain: Chain | None = None
) -> Scores: ...
def list_scores(path: str | os.PathLike[str], chain: Chain | None = None) -> Table: ...
