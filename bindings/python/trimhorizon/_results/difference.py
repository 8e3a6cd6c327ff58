"""Compares two runs: the first event that differs, and the totals that differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import _core
from .._arguments import check_has
from .._text import on_page
from .result import Result

if TYPE_CHECKING:
    from .._running.simulation import Simulation

__all__ = ["Difference", "compare", "diff"]

_NOT_TOTALS = ("trace_digest", "replay", "scenario", "invariants", "expectations")


class Difference(NamedTuple):
    """How two runs differ.

    ``event`` is the number of the first trace event that differs. ``a`` and ``b`` are this event in
    each run, or None if the run has ended before. ``totals`` has the totals that differ at the end:
    path to two values.

    Examples
    --------
    >>> import trimhorizon as th
    >>> one, two = (th.example().set({"BatchSize": n}).run() for n in (5, 10))
    >>> th.diff(one, two).totals["mappings.billing-orders.invocations"]
    (2, 1)
    """

    event: int
    a: dict[str, Any] | None
    b: dict[str, Any] | None
    totals: dict[str, tuple[Any, Any]]

    def __repr__(self) -> str:
        def line(event):
            return "has ended" if event is None else json.dumps(event, ensure_ascii=False)

        lines = [f"event {self.event} differs:", f"  a {line(self.a)}", f"  b {line(self.b)}"]
        lines += [f"  {path}: {a!r} | {b!r}" for path, (a, b) in self.totals.items()]
        return on_page("\n".join(lines))


def diff(a: Simulation | Result, b: Simulation | Result) -> Difference | None:
    """The first trace event in which two runs differ, and the totals that do.

    Parameters
    ----------
    a, b : Simulation or Result
        Forks of one simulation, or results of one scenario. Both runs are made again, side by side.
        Handlers are not called.

    Returns
    -------
    Difference or None
        None if both runs are the same to the end.

    Examples
    --------
    >>> import trimhorizon as th
    >>> one, two = (th.example().set({"BatchSize": n}).run() for n in (5, 4))
    >>> th.diff(one, one) is None
    True
    >>> th.diff(one, two).totals["mappings.billing-orders.invocations"]
    (2, 3)
    """
    for each in (a, b):
        check_has("_run_again", each, "diff takes two results or simulations")
    found = _core.run.first_difference(a._run_again(), b._run_again())
    if found is None:
        return None
    event, line_a, line_b = found
    totals: dict[str, tuple[Any, Any]] = {}
    results = [each if isinstance(each, Result) else each.result() for each in (a, b)]
    compare("", results[0]._own(), results[1]._own(), totals)
    return Difference(event, line_a and json.loads(line_a), line_b and json.loads(line_b), totals)


def compare(path: str, a: Any, b: Any, into: dict[str, tuple[Any, Any]]) -> None:
    """Adds to ``into`` each path at which two results (as JSON) differ, with both values."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            if path or key not in _NOT_TOTALS:
                compare(f"{path}.{key}" if path else key, a.get(key), b.get(key), into)
    elif a != b:
        into[path] = (a, b)
