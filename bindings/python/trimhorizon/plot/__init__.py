"""Pictures on matplotlib axes: ``pip install 'trimhorizon[plot]'``.

Every function takes ``ax=`` and returns the axes it drew on. Without ``ax`` it makes a figure.
Letters and hatches repeat what colours show. Time axes count seconds, whatever unit the ticks have.
"""

from __future__ import annotations

import importlib
from typing import Any, Sequence

__all__ = ["fate_strip", "iterator_age", "outcome_map", "position_time"]


def _drawing(module: str) -> Any:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "trimhorizon.plot needs matplotlib: pip install 'trimhorizon[plot]'"
        ) from error
    return importlib.import_module(f"{__name__}.{module}")


def position_time(
    result: Any,
    mapping: str | None = None,
    shard: str | int | None = None,
    ax: Any = None,
    *,
    until: str | None = None,
    measure: str | None = None,
    legend: bool = True,
) -> Any:
    """Position over time in one shard: what was written, tried, settled and lost.

    The upper line is the tip, where producers write. The lower line is the checkpoint: all records
    below it are settled. The records between the lines wait. Their number is the backlog, and the
    horizontal distance is the iterator age. The iterator is at the checkpoint, since the mapping
    reads on from the first record that is not settled.

    A bar is an invocation; its height is the batch. A letter in it says how it ended: ``ok``, ``/``
    failures reported, ``x`` error, ``t`` timeout, ``c`` crash, ``m`` malformed answer. A narrow bar
    that is full of dots has no letter and is ok. A dot is work done for a record; a number ``n``
    is work done for the nth time. Records that retention took unsettled are red (``E``), and so are
    records that were never read (``G``): whether such a record is lost is another question, since
    its work may be done. With many records, a mark at the right shows where some were given up,
    into a destination (``D``) or into nothing (``X``). Grey bands are faults.

    Parameters
    ----------
    result : Result or Simulation
        A simulation shows what has happened so far.
    mapping : str, optional
        Default: the first one.
    shard : str or int, optional
        Default: the shard with the most failed invocations.
    ax : matplotlib.axes.Axes, optional
    until : str, optional
        Draw only up to this time (``"10s"``).
    measure : str, optional
        Draw backlog and iterator age as arrows at this time (``"2s"``).
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        x in seconds, y in records: the record at position ``p`` lies between ``p`` and ``p + 1``.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    KeyError
        If there is no such mapping or shard.
    TrimhorizonError
        If the result has no tables.

    Examples
    --------
    >>> import trimhorizon as th
    >>> from trimhorizon import plot
    >>> ax = plot.position_time(th.example().run())
    >>> ax.get_title(loc="left")
    'billing-orders reads shard 0'
    """
    return _drawing("_over_time").position_time(
        result, mapping, shard, ax, until=until, measure=measure, legend=legend
    )


def fate_strip(
    result: Any,
    mapping: str | None = None,
    ax: Any = None,
    *,
    shard: str | int | None = None,
    records: Sequence[str] | None = None,
    rows: int = 24,
    legend: bool = True,
) -> Any:
    """The fate of each record at the top, and below it every invocation that had the record.

    Columns are records in the order of their shard. Rows are invocations, the first at the top. In
    a cell, a dot is work done for the record, a number ``n`` is work done for the nth time, ``x``
    is a delivery without effect, and ``…`` is an invocation in flight. The fate at the top is ``.``
    processed once, ``2`` processed twice (or another number), ``D`` discarded to a destination,
    ``X`` dropped, ``E`` expired, ``G`` never read (the LATEST gap), ``S`` swallowed, ``F``
    filtered, ``~`` pending.

    Parameters
    ----------
    result : Result or Simulation
    mapping : str, optional
        Default: the first one.
    ax : matplotlib.axes.Axes, optional
    shard : str or int, optional
        Show only the records of this shard.
    records : sequence of str, optional
        Show only these ids. Default: all, or the 50 around the first one with a problem.
    rows : int, default 24
        The largest number of invocations. If there are more, the first and the last are shown.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        The cell of column ``c`` and row ``r`` is centred on (c, r); y grows downwards.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    KeyError
        If there is no such mapping, shard or record.
    TrimhorizonError
        If the result has no tables.

    Examples
    --------
    >>> import trimhorizon as th
    >>> from trimhorizon import plot
    >>> ax = plot.fate_strip(th.example().run())
    >>> [label.get_text() for label in ax.get_xticklabels()][:3]
    ['r0', 'r1', 'r2']
    """
    return _drawing("_columns").fate_strip(
        result, mapping, ax, shard=shard, records=records, rows=rows, legend=legend
    )


def iterator_age(
    result: Any,
    mapping: str | None = None,
    shard: str | int | None = None,
    ax: Any = None,
    *,
    alarm: str | None = None,
    legend: bool = True,
) -> Any:
    """How old the next record of a shard is, what CloudWatch shows, and where records are lost.

    The line is the age of the oldest record that waits. The dots are what CloudWatch shows:
    ``IteratorAge`` is the age of the last record of a batch (MET-06). There is one maximum per
    minute, and no dot where nothing is invoked. In the red area, from the retention time on,
    records are lost.

    Parameters
    ----------
    result : Result or Simulation
    mapping : str, optional
        Default: the first one.
    shard : str or int, optional
        Default: the shard with the most failed invocations.
    ax : matplotlib.axes.Axes, optional
    alarm : str, optional
        Mark the first minute in which an alarm at this age (``"1h"``) would have fired.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        x and y in seconds.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    KeyError
        If there is no such mapping or shard.
    TrimhorizonError
        If the result has no tables.

    Examples
    --------
    >>> import trimhorizon as th
    >>> from trimhorizon import plot
    >>> plot.iterator_age(th.example().run()).get_ylabel()
    'age of the next record'
    """
    return _drawing("_over_time").iterator_age(
        result, mapping, shard, ax, alarm=alarm, legend=legend
    )


def outcome_map(found: Any, ax: Any = None, *, rows: int = 24, legend: bool = True) -> Any:
    """What can become of each record, and how many faults it takes.

    Columns are records, rows are the different outcomes that an exploration found. Rows are sorted
    by the smallest number of faults that leads to the outcome, then by how many copies were stored,
    since a producer may store a record again. In a cell, a dot is one effect, a number is that many
    effects, ``D`` is not an effect but a copy in a destination, and ``L`` is lost.

    Parameters
    ----------
    found : Exploration, dict or list
        What :func:`trimhorizon.explore` returned, or the JSON of ``trimhorizon explore --outcomes
        --format json``, or its list of outcomes.
    ax : matplotlib.axes.Axes, optional
    rows : int, default 24
        The largest number of outcomes. Those with the fewest faults are shown.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        The cell of column ``c`` and row ``r`` is centred on (c, r); y grows downwards.

    Raises
    ------
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> from trimhorizon import plot
    >>> once = {"stored": 2, "effects": {"r0": 1, "r1": 1}, "discarded": [], "lost": [],
    ...         "minimum_faults": 0}
    >>> twice = {**once, "effects": {"r0": 2, "r1": 1}, "minimum_faults": 1}
    >>> ax = plot.outcome_map([once, twice])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['no fault', '1 fault']
    """
    return _drawing("_columns").outcome_map(found, ax, rows=rows, legend=legend)
