# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python's own protocols need of the namespace: length, indexing, iteration, numpy, Arrow, notebooks.

Nothing here imports numpy or a data frame library: they find these methods. What is more than a protocol is in the
package `valuechain`.
"""
import ctypes

from ..module import get_introspection_module
from ..overrides import override

Valuechain = get_introspection_module("Valuechain")
__all__ = []

_NUMPY_TYPES = {
    Valuechain.ColumnType.DOUBLE: "<f8",
    Valuechain.ColumnType.INT64: "<i8",
    Valuechain.ColumnType.TEXT: "<i4",
    Valuechain.ColumnType.TIME: "<M8[us]",
}


def _epoch_to_datetime(microseconds):
    import datetime

    return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=microseconds)


_GETTERS = {
    Valuechain.ColumnType.DOUBLE: lambda column, row: column.get_double(row),
    Valuechain.ColumnType.INT64: lambda column, row: column.get_int64(row),
    Valuechain.ColumnType.TEXT: lambda column, row: column.dup_text(row),
    Valuechain.ColumnType.BOOLEAN: lambda column, row: column.get_boolean(row),
    Valuechain.ColumnType.TIME: lambda column, row: _epoch_to_datetime(column.get_int64(row)),
}


def _position(index, length):
    """The row that `index` names, counted from the end where it is negative."""
    row = index + length if index < 0 else index
    if not 0 <= row < length:
        raise IndexError(f"row {index} of {length}")
    return row


class _Buffer:
    """Memory of a column as numpy sees it; keeps the column alive as the base of the array."""

    def __init__(self, column, address, shape, typestr):
        self.column = column
        self.__array_interface__ = {"version": 3, "shape": shape, "typestr": typestr, "data": (address, True)}


class Column(Valuechain.Column):
    def __len__(self):
        return self.get_n_rows()

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        row = _position(index, len(self))
        return None if self.is_null(row) else _GETTERS[self.get_column_type()](self, row)

    def __iter__(self):
        return (self[row] for row in range(len(self)))

    def __repr__(self):
        unit = self.get_unit()
        return "<{} {}: {} rows, {} null{}>".format(
            self.get_column_type().value_nick, self.get_name(), len(self), self.get_n_nulls(), f", {unit}" if unit else ""
        )

    @property
    def values(self):
        """The column's memory as a read-only numpy array, without a copy: codes where it holds text, bits (as bytes)
        where it holds booleans. What stands under a null means nothing: see `mask`."""
        import numpy

        rows, kind = len(self), self.get_column_type()
        if rows == 0:
            return numpy.empty(0, _NUMPY_TYPES.get(kind, "|u1"))
        if kind == Valuechain.ColumnType.BOOLEAN:
            return numpy.asarray(_Buffer(self, self.get_values_address(), ((rows + 7) // 8,), "|u1"))
        return numpy.asarray(_Buffer(self, self.get_values_address(), (rows,), _NUMPY_TYPES[kind]))

    @property
    def mask(self):
        """Which rows are null: a numpy array of booleans, or None where none is."""
        import numpy

        if self.get_n_nulls() == 0:
            return None
        rows = len(self)
        bits = numpy.asarray(_Buffer(self, self.get_validity_address(), ((rows + 7) // 8,), "|u1"))
        return ~numpy.unpackbits(bits, count=rows, bitorder="little").view(bool)

    @property
    def labels(self):
        """The labels that the codes of a text column stand for, in order."""
        import numpy

        n = self.get_n_labels()
        if n == 0:
            return []
        ends = numpy.asarray(_Buffer(self, self.get_label_offsets_address(), (n + 1,), "<i4"))
        # No label has a NUL: with one between each two, decoding and splitting the whole text at once is ten times faster
        # than cutting label by label.
        size = int(ends[n])
        spaced = numpy.zeros(size + n, "u1")
        if size:
            text = numpy.asarray(_Buffer(self, self.get_label_text_address(), (size,), "u1"))
            spaced[numpy.arange(size) + numpy.repeat(numpy.arange(n), numpy.diff(ends))] = text
        return spaced.tobytes().decode("utf-8").split("\0")[:-1]

    def __array__(self, dtype=None, copy=None):
        """For numpy.asarray(): shares memory where nothing is null; else a copy with NaN, NaT or None for nulls."""
        import numpy

        kind, mask, values = self.get_column_type(), self.mask, self.values
        if kind == Valuechain.ColumnType.BOOLEAN:
            values = numpy.unpackbits(values, count=len(self), bitorder="little").view(bool)
        elif kind == Valuechain.ColumnType.TEXT:
            values = numpy.array(self.labels, dtype=object)[values] if len(self) else numpy.empty(0, object)
        if mask is not None:
            if values.dtype.kind in "ib":
                values = values.astype("f8" if values.dtype.kind == "i" else object)
            else:
                values = values.copy()
            values[mask] = {"f": numpy.nan, "M": numpy.datetime64("NaT"), "O": None}[values.dtype.kind]
        if dtype is not None and values.dtype != dtype:
            if copy is False:
                raise ValueError("another type needs a copy")
            return values.astype(dtype)
        return values.copy() if copy else values


Column = override(Column)
__all__.append("Column")


# Arrow's PyCapsule protocol without a compiled module: the struct is malloc'ed, the library fills it, and the capsule's destructor
# releases what no consumer has taken. The destructor gets the dying capsule as a plain pointer: it must not be revived.
_libc = ctypes.CDLL(None)
_libc.calloc.restype = ctypes.c_void_p
_libc.calloc.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
_libc.free.argtypes = [ctypes.c_void_p]
_capsule_new = ctypes.pythonapi.PyCapsule_New
_capsule_new.restype = ctypes.py_object
_capsule_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype = ctypes.c_void_p
_capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
_dying_capsule_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
_STREAM = b"arrow_array_stream"
_STREAM_SIZE = 5 * ctypes.sizeof(ctypes.c_void_p)
_RELEASE_OFFSET = 3 * ctypes.sizeof(ctypes.c_void_p)
_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


def _release_stream(address):
    release = ctypes.c_void_p.from_address(address + _RELEASE_OFFSET).value
    if release:
        _Release(release)(address)


@ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
def _destroy_stream(capsule):
    address = _dying_capsule_pointer(capsule, _STREAM)
    _release_stream(address)
    _libc.free(address)


class Table(Valuechain.Table):
    def __len__(self):
        return self.get_n_rows()

    def __getitem__(self, key):
        """A column by its name, a row (a dict) by its number, rows by a slice."""
        if isinstance(key, str):
            column = self.lookup_column(key)
            if column is None:
                raise KeyError(key)
            return column
        if isinstance(key, slice):
            return [self[row] for row in range(*key.indices(len(self)))]
        row = _position(key, len(self))
        return {column.get_name(): column[row] for column in self.columns}

    def __contains__(self, name):
        return self.lookup_column(name) is not None

    def __iter__(self):
        columns = self.columns
        names = [column.get_name() for column in columns]
        return (dict(zip(names, row)) for row in zip(*columns))

    def __bool__(self):
        return True

    @property
    def columns(self):
        return [self.get_column(index) for index in range(self.get_n_columns())]

    def __arrow_c_stream__(self, requested_schema=None):
        address = _libc.calloc(1, _STREAM_SIZE)
        if not address:
            raise MemoryError
        self.export_arrow_stream(address)
        return _capsule_new(address, _STREAM, ctypes.cast(_destroy_stream, ctypes.c_void_p))

    @classmethod
    def from_arrow(cls, source, name="table"):
        """A table from anything that has `__arrow_c_stream__`; its memory is shared where the layout is the same."""
        capsule = source.__arrow_c_stream__()
        return Valuechain.Table.new_from_arrow_stream(name, _capsule_pointer(capsule, _STREAM))

    def __repr__(self):
        return self.to_text(0, 20)

    def _repr_html_(self):
        return self.to_html(20)


Table = override(Table)
__all__.append("Table")


class Row(Valuechain.Row):
    def __getitem__(self, name):
        return self.get_table()[name][self.get_position()]

    def keys(self):
        return [column.get_name() for column in self.get_table().columns]


Row = override(Row)
__all__.append("Row")


class Chain(Valuechain.Chain):
    def __repr__(self):
        return self.to_text()

    def _repr_html_(self):
        return self.to_html()


Chain = override(Chain)
__all__.append("Chain")


class Scores(Valuechain.Scores):
    def __len__(self):
        return len(self.list_tables())

    def __iter__(self):
        return iter(self.list_tables())

    def __contains__(self, name):
        return self.get_table(name) is not None

    def __getitem__(self, name):
        table = self.get_table(name)
        if table is None:
            raise KeyError(name)
        return table

    def __repr__(self):
        return self.to_text(0, 10)

    def _repr_html_(self):
        return self.to_html(10)


Scores = override(Scores)
__all__.append("Scores")
