# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables from and to data frames. pandas, polars and pyarrow are imported only when they are asked for."""
import ctypes

from ._namespace import GLib, Valuechain

_TIMES = Valuechain.ColumnType.TIME
_TEXTS = Valuechain.ColumnType.TEXT
# Above this share of distinct labels a category saves nothing.
_MOSTLY_DISTINCT = 0.5


def _copied(column_type, name, values, mask=None):
    """A column with a copy of numpy `values` in the column type's own layout (a byte a row for booleans) and, where some are
    null, a mask that says which."""
    import numpy

    values = numpy.ascontiguousarray(values)
    if mask is None or not mask.any():
        # NumPy's address, because PyGObject would walk the array element by element.
        return Valuechain.Column.new_from_address(name, column_type, values.ctypes.data, len(values))
    # Only an exact bytes object crosses into GLib.Bytes at the speed of memory.
    validity = GLib.Bytes.new(numpy.packbits(~mask, bitorder="little").tobytes())
    return Valuechain.Column.new_from_bytes(name, column_type, GLib.Bytes.new(values.tobytes()), validity)


def _coded(name, codes, labels):
    """A text column of int codes (-1: null) into a list of labels."""
    import numpy

    codes = numpy.ascontiguousarray(codes, "<i4")
    labels = [str(label) for label in labels]
    # PyGObject would end the text there and say nothing.
    if any("\0" in label for label in labels):
        raise ValueError(f"column {name}: there is a NUL in a text")
    return Valuechain.Column.new_coded_from_address(name, codes.ctypes.data, len(codes), labels)


def _from_texts(name, values, mask):
    """Objects that are all text (or null), numbered in order of first appearance."""
    import numpy

    numbers, codes = {}, numpy.empty(len(values), "<i4")
    for row, value in enumerate(values):
        if mask is not None and mask[row]:
            codes[row] = -1
        elif isinstance(value, str):
            codes[row] = numbers.setdefault(value, len(numbers))
        else:
            raise TypeError(f"column {name}, row {row}: {type(value).__name__} where text is expected")
    return _coded(name, codes, list(numbers))


def _from_times(name, values, mask=None):
    """NaT is the least integer, which the library takes as null."""
    return _copied(_TIMES, name, values.astype("datetime64[us]").view("<i8"), mask)


def _from_objects(name, values, mask):
    """A column of Python objects: one kind of them, with None (or NaN) for nulls."""
    import datetime
    import decimal

    import numpy

    missing = numpy.fromiter((v is None or v != v for v in values), bool, len(values)) if mask is None else mask
    present = [value for value, absent in zip(values, missing) if not absent]
    if not present or isinstance(present[0], str):
        return _from_texts(name, values, missing)

    def filled(default, dtype):
        return numpy.array([default if absent else value for value, absent in zip(values, missing)], dtype=dtype)

    if all(isinstance(value, (bool, numpy.bool_)) for value in present):
        return _from_array(name, filled(False, bool), missing)
    if all(isinstance(value, (int, numpy.integer)) for value in present):
        return _from_array(name, filled(0, "<i8"), missing)
    if all(isinstance(value, (int, float, numpy.number, decimal.Decimal)) for value in present):
        return _from_array(name, filled(0.0, "<f8"), missing)
    if all(isinstance(value, (datetime.date, numpy.datetime64)) for value in present):
        return _from_datetimes(name, values, missing)
    raise TypeError(f"column {name}: objects of several kinds, or of a kind that no column has")


def _from_datetimes(name, values, missing):
    import datetime

    import numpy

    def utc(value):
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return value

    times = numpy.array(
        [numpy.datetime64("NaT", "us") if absent else numpy.datetime64(utc(value), "us") for value, absent in zip(values, missing)],
        dtype="datetime64[us]",
    )
    return _from_times(name, times)


def _from_array(name, values, mask=None):
    """A column from a numpy array; NaN and NaT are nulls."""
    kind = values.dtype.kind
    if kind == "f":
        return _copied(Valuechain.ColumnType.DOUBLE, name, values.astype("<f8", copy=False), mask)
    if kind == "b":
        return _copied(Valuechain.ColumnType.BOOLEAN, name, values.view("u1"), mask)
    if kind in "iu":
        if kind == "u" and values.size and values.max() > 2**63 - 1:
            raise OverflowError(f"column {name}: a number above 2^63 - 1")
        return _copied(Valuechain.ColumnType.INT64, name, values.astype("<i8", copy=False), mask)
    if kind == "M":
        return _from_times(name, values, mask)
    if kind in "OU":
        return _from_objects(name, values, mask)
    raise TypeError(f"column {name}: numpy type {values.dtype} is no type of a column")


def _from_series(name, series):
    """A column from a pandas Series, or an array of pandas."""
    import pandas

    series = pandas.Series(series, copy=False)
    if isinstance(series.dtype, pandas.CategoricalDtype) and series.cat.categories.inferred_type in ("string", "empty"):
        return _coded(name, series.cat.codes.to_numpy("<i4"), series.cat.categories)
    if isinstance(series.dtype, pandas.DatetimeTZDtype):
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    mask = series.isna().to_numpy()
    if pandas.api.types.is_bool_dtype(series.dtype):
        return _from_array(name, series.fillna(False).to_numpy(bool), mask)
    if pandas.api.types.is_integer_dtype(series.dtype):
        return _from_array(name, series.fillna(0).to_numpy("<i8" if series.dtype.kind != "u" else "<u8"), mask)
    if pandas.api.types.is_float_dtype(series.dtype):
        return _from_array(name, series.to_numpy("<f8", na_value=float("nan")), mask)
    if pandas.api.types.is_datetime64_any_dtype(series.dtype):
        return _from_array(name, series.to_numpy(), mask)
    values = series.to_numpy(object)
    if pandas.api.types.infer_dtype(values, skipna=True) == "string":
        return _coded(name, *pandas.factorize(values))
    return _from_objects(name, values, mask)


def _is_pandas(data):
    return type(data).__module__.partition(".")[0] == "pandas"


def _columns(data):
    if _is_pandas(data):
        return [_from_series(str(name), data[name]) for name in data.columns]
    if isinstance(data, dict):
        import numpy

        columns = []
        for name, values in data.items():
            if isinstance(values, Valuechain.Column):
                columns.append(values.described(name, None, None))
            elif _is_pandas(values):
                columns.append(_from_series(name, values))
            elif isinstance(values, numpy.ndarray):
                columns.append(_from_array(name, values))
            else:
                boxed = numpy.empty(len(values), object)
                boxed[:] = list(values)
                columns.append(_from_objects(name, boxed, None))
        return columns
    raise TypeError(f"{type(data).__name__} is no table: give a data frame, an Arrow stream, a dict of columns or a list of dicts")


def table(data, name="table", columns=None):
    """A Table from a data frame (pandas, Polars, pyarrow, a DuckDB relation: anything with `__arrow_c_stream__`), from a
    dict of columns, or from a list of dicts. Memory is shared where Arrow's layout allows, else copied; NaN and None
    become nulls.

    `columns` gives columns other names: {"from": "sender"} calls the column `sender` `from`, {"kind": None} leaves out a
    column `kind`. What it does not mention stays as it is."""
    read = _read(data, name)
    if columns is None:
        return read
    return read.renamed(list(columns), ["" if column is None else column for column in columns.values()])


def _read(data, name):
    if isinstance(data, Valuechain.Table):
        return data
    if isinstance(data, (list, tuple)):
        names = dict.fromkeys(key for row in data for key in row)
        data = {key: [row.get(key) for row in data] for key in names}
    if not isinstance(data, dict) and not _is_pandas(data) and hasattr(data, "__arrow_c_stream__"):
        return Valuechain.Table.from_arrow(data, name)
    return Valuechain.Table.new(name, _columns(data))


# ------------------------------------------------------------------------------------------------------------- out


def _arrow_labels(column):
    """The labels of a text column as a pyarrow array over the column's own memory."""
    import pyarrow

    n = column.get_n_labels()
    offsets = column.get_label_offsets_address()
    end = ctypes.c_int32.from_address(offsets + 4 * n).value
    buffers = [None, pyarrow.foreign_buffer(offsets, 4 * (n + 1), base=column)]
    text = column.get_label_text_address()
    buffers.append(pyarrow.foreign_buffer(text, end, base=column) if end else pyarrow.py_buffer(b""))
    return pyarrow.StringArray.from_buffers(n, *buffers[1:])


def _pandas_texts(column):
    import numpy
    import pandas

    codes, mask = column.values, column.mask
    distinct = column.get_n_labels() > _MOSTLY_DISTINCT * len(column) and len(column) > 1000
    try:
        import pyarrow
    except ImportError:
        pyarrow = None
    if distinct and pyarrow is not None:
        taken = _arrow_labels(column).take(pyarrow.array(codes, mask=mask))
        return pandas.arrays.ArrowStringArray(pyarrow.chunked_array([taken]))
    if distinct:
        texts = numpy.array(column.labels, dtype=object)[codes]
        if mask is not None:
            texts[mask] = None
        return texts
    if mask is not None:
        codes = numpy.where(mask, numpy.int32(-1), codes)
    return pandas.Categorical.from_codes(codes, categories=pandas.Index(column.labels, dtype=object))


def to_pandas(self, copy=False):
    """The table as a pandas DataFrame.

    Numbers share the table's memory, read-only, where nothing is null (`copy=True` makes all of it writable); nulls become
    NaN, NaT or <NA>. Texts become categories or, where most are distinct, strings.
    """
    import numpy
    import pandas

    series = {}
    for column in self.columns:
        kind, name = column.get_column_type(), column.get_name()
        if kind == _TEXTS:
            series[name] = _pandas_texts(column)
        elif kind == Valuechain.ColumnType.INT64 and column.get_n_nulls():
            series[name] = pandas.arrays.IntegerArray(column.values.copy(), column.mask)
        elif kind == Valuechain.ColumnType.BOOLEAN and column.get_n_nulls():
            bits = numpy.unpackbits(column.values, count=len(column), bitorder="little").view(bool)
            series[name] = pandas.arrays.BooleanArray(bits, column.mask)
        elif kind == _TIMES:
            # pandas before 2 knows nanoseconds only.
            unit = "ns" if int(pandas.__version__.split(".")[0]) < 2 else "us"
            series[name] = pandas.Series(numpy.asarray(column).astype(f"datetime64[{unit}]")).dt.tz_localize("UTC")
        else:
            series[name] = numpy.asarray(column)
    return pandas.DataFrame(series, copy=copy)


def to_arrow(self):
    """The table as a pyarrow Table over the same memory."""
    import pyarrow

    return pyarrow.table(self)


def to_polars(self):
    """The table as a Polars DataFrame."""
    import polars

    return polars.DataFrame(self)


def to_dicts(self):
    """The rows as a list of dicts, nulls as None."""
    return list(self)


def to_csv(self, path=None, guard_formulas=True):
    """The table as CSV: text, or a file at `path`. Text that a spreadsheet would take for a formula gets a leading '."""
    from ._namespace import Gio

    stream = Gio.MemoryOutputStream.new_resizable()
    self.write_csv(stream, guard_formulas, None)
    stream.close()
    text = stream.steal_as_bytes().get_data().decode()
    if path is None:
        return text
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


Valuechain.Table.to_pandas = to_pandas
Valuechain.Table.to_arrow = to_arrow
Valuechain.Table.to_polars = to_polars
Valuechain.Table.to_dicts = to_dicts
Valuechain.Table.to_csv = to_csv
