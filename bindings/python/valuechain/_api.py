# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `import valuechain` gives."""
from ._namespace import Valuechain as _Valuechain
from ._chain import chain, import_log, load
from ._frames import table
from ._score import explain, list_scores, load_scores, measures, score

Accountability = _Valuechain.Accountability
Alignment = _Valuechain.Alignment
Chain = _Valuechain.Chain
ChainBuilder = _Valuechain.ChainBuilder
ChainFile = _Valuechain.ChainFile
Column = _Valuechain.Column
ColumnType = _Valuechain.ColumnType
CsvReader = _Valuechain.CsvReader
EventLog = _Valuechain.EventLog
EventWeight = _Valuechain.EventWeight
FlowKind = _Valuechain.FlowKind
Folder = _Valuechain.Folder
Grouping = _Valuechain.Grouping
ImportError = _Valuechain.ImportError
Limits = _Valuechain.Limits
Measure = _Valuechain.Measure
MeasureError = _Valuechain.MeasureError
MissingPolicy = _Valuechain.MissingPolicy
PartyKind = _Valuechain.PartyKind
Progress = _Valuechain.Progress
Report = _Valuechain.Report
ReportFormat = _Valuechain.ReportFormat
Row = _Valuechain.Row
SaveError = _Valuechain.SaveError
Scores = _Valuechain.Scores
Source = _Valuechain.Source
Status = _Valuechain.Status
Table = _Valuechain.Table

__version__ = _Valuechain.get_version()
__all__ = [
    "Accountability", "Alignment", "Chain", "ChainBuilder", "ChainFile", "Column", "ColumnType", "CsvReader", "EventLog",
    "EventWeight", "FlowKind", "Folder", "Grouping", "ImportError", "Limits", "Measure", "MeasureError", "MissingPolicy",
    "PartyKind", "Progress", "Report", "ReportFormat", "Row", "SaveError", "Scores", "Source", "Status", "Table",
    "chain", "explain", "import_log", "list_scores", "load", "load_scores", "measures", "score", "table",
]
