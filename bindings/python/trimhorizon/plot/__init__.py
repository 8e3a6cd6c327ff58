"""Pictures on matplotlib axes: ``pip install 'trimhorizon[plot]'``.

Every function takes ``ax=`` and returns the axes it drew on; without one it makes a figure. Letters
and hatches say what colours say. Time axes count seconds, whatever unit their ticks show.
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

    The upper line is the tip, where producers write; the lower one the checkpoint, up to which the
    mapping has settled. Between them wait the records: their number is the backlog, the horizontal
    distance the iterator age. The iterator stands at the checkpoint: the mapping reads on from the
    first record that is not settled. A bar is an invocation, its height the batch. A letter in it
    says how it ended: ``ok``, ``/`` failures reported, ``x`` error, ``t`` timeout, ``c`` crash,
    ``m`` malformed answer; a narrow one that is full of dots is ok without saying it. A dot in it
    is work done for a record, a number the nth time. What retention took unsettled is red (``E``),
    as is what was never read (``G``). Grey bands are faults.

    Parameters
    ----------
    result : Result or Simulation
        Of a simulation, what has happened so far.
    mapping : str, optional
        Default: the first one.
    shard : str or int, optional
        Default: the shard with the most failed invocations.
    ax : matplotlib.axes.Axes, optional
    until : str, optional
        Draws the time up to here only (``"10s"``).
    measure : str, optional
        A time (``"2s"``) at which backlog and iterator age are drawn as arrows.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        x in seconds, y in records: the record at position ``p`` lies between ``p`` and ``p + 1``.

    Raises
    ------
    ImportError
        Without matplotlib.
    KeyError
        If there is no such mapping or shard.
    TrimhorizonError
        For a result without tables.

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
    """Each record's fate on top, and beneath it every invocation that had it.

    Columns are records in the order of their shard, rows are invocations from top to bottom. In a
    cell a dot is work done for the record, a number work done for the nth time, ``x`` a delivery
    without effect, ``…`` an invocation in flight. The fate on top: ``.`` processed once, ``2``
    twice (any number), ``D`` discarded to a destination, ``X`` dropped, ``E`` expired, ``G`` never
    read (the LATEST gap), ``S`` swallowed, ``F`` filtered, ``~`` pending.

    Parameters
    ----------
    result : Result or Simulation
    mapping : str, optional
        Default: the first one.
    ax : matplotlib.axes.Axes, optional
    shard : str or int, optional
        Only its records.
    records : sequence of str, optional
        Only these ids. Default: all, of many the 50 around the first that did not go well.
    rows : int, default 24
        At most so many invocations, the first and the last ones.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        The cell of column ``c`` and row ``r`` is centred on (c, r); y grows downwards.

    Raises
    ------
    ImportError
        Without matplotlib.
    KeyError
        If there is no such mapping, shard or record.
    TrimhorizonError
        For a result without tables.

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
    """How far a shard's reader is behind: the truth, what CloudWatch shows, and the cliff.

    The line is the age of the oldest record that waits. The dots are what CloudWatch makes of it:
    ``IteratorAge`` is that of the last record of a batch (MET-06), one maximum a minute, and none
    where nothing is invoked. At the retention time records are lost: the red area.

    Parameters
    ----------
    result : Result or Simulation
    mapping : str, optional
        Default: the first one.
    shard : str or int, optional
        Default: the shard with the most failed invocations.
    ax : matplotlib.axes.Axes, optional
    alarm : str, optional
        Marks the first minute in which an alarm at this age (``"1h"``) would have fired.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        x and y in seconds.

    Raises
    ------
    ImportError
        Without matplotlib.
    KeyError
        If there is no such mapping or shard.
    TrimhorizonError
        For a result without tables.

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

    Columns are records, rows the distinct outcomes that an exploration found, by the number of
    faults that the cheapest way takes, and by how many copies were stored where a producer
    repeated itself. In a cell: a dot is one effect, a number that many, ``D``
    none but a destination has it, ``L`` lost.

    Parameters
    ----------
    found : Exploration, dict or list
        What :func:`trimhorizon.explore` returned, or the JSON of ``trimhorizon explore --outcomes
        --format json``, or its list of outcomes.
    ax : matplotlib.axes.Axes, optional
    rows : int, default 24
        At most so many outcomes, those with the fewest faults.
    legend : bool, default True

    Returns
    -------
    matplotlib.axes.Axes
        The cell of column ``c`` and row ``r`` is centred on (c, r); y grows downwards.

    Raises
    ------
    ImportError
        Without matplotlib.

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
