"""Tables: a row is a dict, a column is a list, and Arrow reads the memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from .. import _core
from .._text import on_line, on_page
from .html import table_html

if TYPE_CHECKING:
    import pandas

__all__ = ["DestinationTable", "Destinations", "Table"]


class Table:
    """A table of a result.

    ``len(table)`` counts its rows. ``table[3]`` is a row, a dict; a negative number counts from the
    end. ``table[2:5]`` is a list of rows, and a loop over a table gives its rows. ``table["id"]``
    is a column, a list. Times are integer microseconds since the scenario's epoch. pandas, polars,
    pyarrow and DuckDB read a table through ``__arrow_c_stream__`` without a copy:
    ``polars.DataFrame(table)``, ``pyarrow.table(table)``.

    Examples
    --------
    >>> import trimhorizon as th
    >>> result = th.example().run()
    >>> len(result.records), result.records[0]["id"], result.records[0]["arrival"]
    (10, 'r0', 100000)
    >>> result.records["id"][:3]
    ['r0', 'r1', 'r2']
    """

    def __init__(self, native: _core.table.Table):
        self._native = native

    @property
    def name(self) -> str:
        """The name of the table."""
        return self._native.name

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [name for name, _, _ in self._native.columns]

    def __len__(self) -> int:
        return len(self._native)

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, str):
            return self._native.column(which)
        if isinstance(which, slice):
            return [self._row(index) for index in range(*which.indices(len(self)))]
        if not hasattr(which, "__index__"):
            raise TypeError("a table needs the number of a row, a slice or the name of a column, "
                            f"not {which!r}")
        index = which.__index__()
        if not -len(self) <= index < len(self):
            raise IndexError(f"the table has no row {index}: it has {len(self)}")
        return self._row(index + len(self) if index < 0 else index)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self._row(index) for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return self.columns == other.columns and all(
            self[name] == other[name] for name in self.columns
        )

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        columns = [(name, kind, self[name]) for name, kind, _ in self._native.columns]
        return {"version": 1, "name": self.name, "columns": columns}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._native = _core.table.make_table(state["name"], state["columns"])

    def _row(self, index: int) -> dict[str, Any]:
        return self._native.row(index)

    def to_list(self) -> list[dict[str, Any]]:
        """All rows as dicts.

        Returns
        -------
        list of dict

        Examples
        --------
        >>> import trimhorizon as th
        >>> [row["id"] for row in th.example().run().records.to_list()][:3]
        ['r0', 'r1', 'r2']
        """
        return list(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a ``pandas.DataFrame``; only this method imports pandas.

        Times become ``timedelta64[us]``, numbers ``int64`` (``Int64`` where some are missing).

        Raises
        ------
        ImportError
            If pandas is not installed: ``pip install 'trimhorizon[plot]'``.

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().records.to_pandas()["effects.billing-orders"].sum()  # doctest: +SKIP
        10
        """
        try:
            import numpy
            import pandas
        except ImportError as error:
            raise ImportError(
                "to_pandas() needs pandas: pip install 'trimhorizon[plot]'"
            ) from error
        data = {}
        for name, kind, nulls in self._native.columns:
            if kind == "duration" and not nulls:
                data[name] = numpy.array(self._native.numbers(name)).astype("timedelta64[us]")
            elif kind == "duration":
                values = ["NaT" if value is None else value for value in self[name]]
                data[name] = numpy.array(values, dtype="timedelta64[us]")
            elif kind == "integer" and not nulls:
                data[name] = numpy.array(self._native.numbers(name))
            elif kind == "integer":
                data[name] = pandas.array(self[name], dtype="Int64")
            elif kind == "real":  # missing ones are NaN
                data[name] = numpy.array(self[name], dtype="float64")
            else:
                data[name] = self[name]
        return pandas.DataFrame(data, columns=self.columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table through the Arrow PyCapsule interface. ``requested_schema`` is ignored."""
        return self._native.arrow_stream()

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        lines = [f"{self.name}: {rows}"]
        shown = [list(map(on_line, self.columns))] + [
            [on_line(_short(value)) for value in self._native.row(index).values()]
            for index in range(min(len(self), 10))
        ]
        widths = [max(len(line[at]) for line in shown) for at in range(len(self.columns))]
        for line in shown:
            lines.append("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
        if len(self) > 10:
            lines.append(f"… {len(self) - 10} more")
        return on_page("\n".join(lines))

    def _repr_html_(self) -> str:
        return table_html(self)


class DestinationTable(Table):
    """Messages that a failure destination received (ESM-DST-02).

    A row has the fields that ``expect: destinations`` compares: ``condition``,
    ``approximateInvokeCount``, ``batchSize``, ``shardId``, ``functionError`` and ``records`` (the
    ids). It also has everything that AWS sends: ``requestContext``, ``responseContext`` (unless it
    is absent), ``version``, ``timestamp``, ``KinesisBatchInfo``, and ``payload`` for S3. The column
    ``message`` has each message as JSON text.

    Examples
    --------
    >>> import trimhorizon as th
    >>> failing = {"functions.billing.fail": [{"records": ["r0"]}], "MaximumRetryAttempts": 0}
    >>> messages = th.example().set(failing).run().destinations["dlq"]
    >>> messages[0]["condition"], messages[0]["records"]
    ('RetryAttemptsExhausted', ['r0', 'r1', 'r2', 'r3', 'r4'])
    """

    def _row(self, index: int) -> dict[str, Any]:
        row = self._native.row(index)
        row.update(json.loads(row.pop("message")))
        return row

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages exactly as AWS would write them."""
        return [json.loads(text) for text in self["message"]]


def _short(value: Any) -> str:
    text = "" if value is None else ",".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= 28 else text[:12] + "…" + text[-15:]


class Destinations(Mapping):
    """Destinations by name, also those that nothing was sent to."""

    def __init__(self, native: _core.run.Run, names: list[str]):
        self._native = native
        self._names = names
        self._tables: dict[str, DestinationTable] = {}

    def __getitem__(self, name: str) -> DestinationTable:
        if name not in self._tables:
            self._tables[name] = DestinationTable(self._native.destination(name))
        return self._tables[name]

    def __iter__(self):
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __reduce__(self):
        return _Tables, (dict(self),)

    def __repr__(self) -> str:
        names = ", ".join(f"{name} ({len(self[name])})" for name in self)
        return on_line(f"<destinations {names}>")


class _Tables(Destinations):
    """Destinations that were read from a pickle."""

    def __init__(self, tables: dict[str, DestinationTable]):
        self._names = list(tables)
        self._tables = tables
