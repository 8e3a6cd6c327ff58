"""The data of the pictures as plain values, so that they can be tested without matplotlib."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import timedelta
from itertools import compress
from typing import Any, NamedTuple

from .._arguments import check_has
from .._errors import TrimhorizonError
from .._results.tables import Table

__all__ = ["Bar", "Column", "History", "Point", "columns_of", "history_of", "result_of"]

FATE_LETTERS = {
    "processed": ".",
    "filtered": "F",
    "discarded": "D",
    "dropped": "X",
    "expired": "E",
    "unread": "G",
    "pending": "~",
}

# The code of a record in words, for legends.
CODE_WORDS = {
    ".": "done once",
    "2": "done n times",
    "S": "swallowed: settled, never done",
    "=": "a copy, its twin is done",
    "F": "filtered out",
    "D": "given up, in a destination",
    "X": "dropped: given up, nowhere",
    "E": "expired: retention took it",
    "G": "never read",
    "~": "pending",
}

OUTCOME_LETTERS = {
    "success": "ok",
    "partial": "/",
    "malformed": "m",
    "error": "x",
    "timeout": "t",
    "crash": "c",
    "running": "…",
}


class Point(NamedTuple):
    """A moment at which a shard changed; positions count records."""

    at: int  # µs
    tip: int
    trim_horizon: int
    checkpoint: int


class Bar(NamedTuple):
    """An invocation, or several with the same batch and outcome: positions [first, end)."""

    number: int
    started: int  # µs
    ended: int
    first: int
    end: int
    outcome: str
    count: int
    effects: tuple[tuple[int, int], ...]  # (position, n for the nth effect of its record)


class Disturbance(NamedTuple):
    """A fault and its time. ``until`` is None if it lasts to the end."""

    at: int
    until: int | None
    words: str


class Column(NamedTuple):
    """A stored record and its fate."""

    id: str
    label: str  # the id; further copies of a record have a prime
    shard: str
    effects: int  # of this copy
    code: str  # of the record
    arrival: int  # µs
    fate: str


class History(NamedTuple):
    """All that a position-time picture shows of one shard in one mapping."""

    mapping: str
    shard: str
    points: list[Point]
    bars: list[Bar]
    columns: list[Column]  # by position
    disturbances: list[Disturbance]
    retention: int  # µs
    drained: bool  # nothing was left to happen
    ages_at_finish: bool = False  # the switch `iterator_age` (CON-09)

    def at(self, us: int) -> Point:
        """The state at a time."""
        index = bisect_right([point.at for point in self.points], us) - 1
        return self.points[index] if index >= 0 else Point(us, 0, 0, 0)

    def age(self, us: int) -> int:
        """How long the next record to be settled has been waiting, µs; 0 if none is."""
        point = self.at(us)
        waiting = point.checkpoint < min(point.tip, len(self.columns))
        return max(0, us - self.columns[point.checkpoint].arrival) if waiting else 0


def result_of(result_or_sim: Any) -> Any:
    """The result itself; for a simulation, its result so far."""
    if not hasattr(result_or_sim, "has_tables"):
        check_has("result", result_or_sim, "a plot takes a result or a simulation")
    result = result_or_sim if hasattr(result_or_sim, "has_tables") else result_or_sim.result()
    if not result.has_tables:
        raise TrimhorizonError("this run kept no tables to draw from: use run(tables=True)")
    return result


def mapping_of(result: Any, mapping: str | None) -> str:
    """The mapping of that name; by default the first one."""
    names = list(result.fates)
    if mapping is None:
        if not names:
            raise TrimhorizonError("this scenario has no event source mapping")
        return names[0]
    if mapping not in names:
        raise KeyError(f"there is no mapping {mapping!r}; there are {names}")
    return mapping


def short_shard(shard: str) -> str:
    """``shardId-000000000003`` is ``shard 3``."""
    tail = shard.rsplit("-", 1)[-1]
    return f"shard {int(tail)}" if tail.isdigit() else shard


def columns_of(result: Any, mapping: str, shard: str | None = None) -> list[Column]:
    """The records a mapping reads, by shard and position."""
    table = result.records
    ids, shards, arrivals = table["id"], table["shard"], table["arrival"]
    fates, effects = table[f"fates.{mapping}"], table[f"effects.{mapping}"]
    if None in fates:  # these records are in another stream
        read = [fate is not None for fate in fates]
        ids, shards, arrivals, fates, effects = (
            list(compress(each, read)) for each in (ids, shards, arrivals, fates, effects))
    labels, totals = ids, effects
    if len(set(ids)) < len(ids):  # some records were stored more than once
        labels, totals = _copies(ids, effects)
    rows = zip(ids, labels, shards, effects, totals, arrivals, fates)
    columns = [Column(record, label, where, count, code_of(fate, count, total), arrival, fate)
               for record, label, where, count, total, arrival, fate in rows
               if shard in (None, where)]
    if not columns:
        raise KeyError(f"there is no record in {shard!r}; the shards with records are "
                       f"{sorted(set(shards))}")
    return sorted(columns, key=lambda column: column.shard)  # stable: in each shard by position


def _copies(ids: list[str], effects: list[int]) -> tuple[list[str], list[int]]:
    """Labels that tell the copies of a record apart, and for each copy the effects of all."""
    total: Counter[str] = Counter()
    copy: Counter[str] = Counter()
    labels = []
    for record, count in zip(ids, effects):
        total[record] += count
        labels.append(record + "′" * copy[record])
        copy[record] += 1
    return labels, [total[record] for record in ids]


def code_of(fate: str, effects: int, total: int) -> str:
    """One character for the fate of the record of which this is a copy."""
    if fate == "processed" and total > 1:
        return str(total) if total < 10 else "+"
    if fate == "processed" and effects == 0:
        return "=" if total else "S"
    return FATE_LETTERS.get(fate, "?")


class Handed(NamedTuple):
    """A record in an invocation."""

    position: int  # in its shard
    nth_effect: int  # n for the nth effect of its record, from 1; 0: none


def deliveries_of(result: Any, mapping: str) -> dict[int, list[Handed]]:
    """For each invocation of a mapping, the records it had. Kept with the result."""
    kept = result._cache.setdefault("handed", {})
    if mapping not in kept:
        kept[mapping] = _deliveries_of(result, mapping)
    return kept[mapping]


def _deliveries_of(result: Any, mapping: str) -> dict[int, list[Handed]]:
    places: dict[str, int] = {}  # sequence numbers are unique in a stream
    stored: Counter[str] = Counter()
    records = result.records
    fates = records[f"fates.{mapping}"]
    for where, sequence, fate in zip(records["shard"], records["sequence_number"], fates):
        if fate is not None:
            places[sequence] = stored[where]
            stored[where] += 1
    found: dict[int, list[Handed]] = {}
    effects: dict[str, int] = {}  # a copy of a record may be in another shard: all are counted
    table = result.deliveries
    rows = zip(table["mapping"], table["id"], table["sequence_number"],
               table["invocation"], table["position"], table["effect"])
    current, first, batch = 0, 0, []
    for name, record, sequence, invocation, position, effect in rows:
        if name != mapping:
            continue
        nth = 0
        if effect:
            nth = effects[record] = effects.get(record, 0) + 1
        if invocation != current:  # the records of a batch follow one another in the shard
            current, first = invocation, places[sequence] - position
            batch = found[invocation] = []
        batch.append(Handed(first + position, nth))
    return found


def history_of(result: Any, mapping: str, shard: str | None = None) -> History:
    """Everything about one shard in one mapping; by default the shard with the most failures."""
    shard, shards, *tables = result._native.history(mapping, shard or "")
    if not shards:
        raise TrimhorizonError(f"nothing was stored for {mapping} to read")
    if shard not in shards:
        raise KeyError(f"there is no record in {shard!r}; the shards with records are {shards}")
    records, bars, effects = map(Table, tables)
    columns = [
        Column(record, record + "′" * copy, shard, count, code_of(fate, count, total), at, fate)
        for record, copy, at, fate, count, total in zip(*(records[name] for name in (
            "id", "copy", "arrival", "fate", "effects", "total")))
    ]
    retention = result.retention(mapping) // timedelta(microseconds=1)
    table = result.positions
    points = [
        Point(at, tip, horizon, checkpoint)
        for name, where, at, tip, horizon, checkpoint in zip(
            table["mapping"], table["shard"], table["at"], table["tip"], table["trim_horizon"],
            table["checkpoint"]
        )
        if name == mapping and where == shard
    ]
    points = _before(points, columns, retention) + points
    return History(
        mapping, shard, points, _bars(result, bars, effects), columns, _disturbances(result),
        retention, result.ended == "drained", result._ages_at_finish(),
    )


def _before(points: list[Point], columns: list[Column], retention: int) -> list[Point]:
    """The points before the mapping began to read, reduced to some hundreds."""
    first = points[0].at if points else columns[-1].arrival + 1
    arrivals = [column.arrival for column in columns if column.arrival < first]
    moments = sorted(set(arrivals))
    every = len(moments) // 500 + 1
    return [
        Point(at, bisect_right(arrivals, at), bisect_left(arrivals, at - retention), 0)
        for i, at in enumerate(moments)
        if i % every == 0 or i == len(moments) - 1
    ]


def _bars(result: Any, bars: Table, effects: Table) -> list[Bar]:
    end = result.simulated // timedelta(microseconds=1)
    done: dict[int, list[tuple[int, int]]] = {}
    for number, position, nth in zip(effects["number"], effects["position"], effects["nth"]):
        done.setdefault(number, []).append((position, nth))
    return [
        Bar(number, started, end if ended is None else ended, first, last, outcome, 1,
            tuple(done.get(number, ())))
        for number, started, ended, first, last, outcome in zip(*(bars[name] for name in (
            "number", "started", "ended", "first", "end", "outcome")))
    ]


def _disturbances(result: Any) -> list[Disturbance]:
    table = result.disturbances
    return [
        Disturbance(at, until, f"{action.replace('_', ' ')}: {target}")
        for at, until, action, target in zip(
            table["at"], table["until"], table["action"], table["target"]
        )
    ]


def merged(bars: list[Bar], gap: int) -> list[Bar]:
    """Joins neighbours with the same batch and outcome, less than ``gap`` µs apart, to one bar."""
    out: list[Bar] = []
    for bar in bars:
        last = out[-1] if out else None
        same = last is not None and (
            (last.first, last.end, last.outcome) == (bar.first, bar.end, bar.outcome)
            and bar.started - last.ended < gap
        )
        if same:
            out[-1] = last._replace(ended=bar.ended, count=last.count + bar.count, effects=())
        else:
            out.append(bar)
    return out


class Span(NamedTuple):
    """A range of positions, and how many records in it have the value."""

    first: int
    end: int
    count: int


def spans(values: list[str], wanted: str, gap: float) -> list[Span]:
    """Ranges of positions that have the value. Ranges less than ``gap`` apart are joined."""
    found: list[Span] = []
    for index, value in enumerate(values):
        if value != wanted:
            continue
        if found and index - found[-1].end <= gap:
            found[-1] = Span(found[-1].first, index + 1, found[-1].count + 1)
        else:
            found.append(Span(index, index + 1, 1))
    return found
