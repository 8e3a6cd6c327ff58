"""Hypothesis strategies: scenarios, traffic and fault schedules for property tests.

A drawn scenario is an ordinary :class:`trimhorizon.Scenario`. Its ``repr``, which Hypothesis prints
for a failing example, is the call ``th.loads(...)`` that makes it again. Its ``text`` is YAML for
the command line. Hypothesis shrinks this text: no fault, one record and one shard are the simplest.

Examples
--------
>>> import trimhorizon as th
>>> from hypothesis import given, settings
>>> from trimhorizon.strategies import fault_schedules
>>> @settings(max_examples=10, derandomize=True, database=None, deadline=None)
... @given(fault_schedules(th.example()))
... def nothing_is_lost(scenario):
...     result = scenario.run(handlers={"billing": lambda event, context: None})
...     assert result.lost == 0, result
>>> nothing_is_lost()
"""

from __future__ import annotations

import warnings
from datetime import timedelta
from typing import Any, NamedTuple, Sequence, Union

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "trimhorizon.strategies needs Hypothesis: pip install 'trimhorizon[hypothesis]'"
    ) from error

from .. import _core
from .._arguments import microseconds
from .._errors import TrimhorizonWarning
from .._running.simulation import Simulation
from .._scenario import Scenario
from . import _documents, _faults
from ._documents import FAILURES, Drawn
from ._faults import FAULTS

__all__ = ["FAILURES", "FAULTS", "Injection", "fault_schedules", "injections", "scenarios",
           "traffic"]

Base = Union[Scenario, "st.SearchStrategy[Scenario]"]


class Injection(NamedTuple):
    """A fault to inject into a running simulation. :func:`injections` draws it.

    Attributes
    ----------
    at : str
        The time since the beginning.
    action : str
        An action of :meth:`Simulation.inject`.
    duration : str or None
    what : dict
        The keys of the action.
    """

    at: str
    action: str
    duration: str | None
    what: dict[str, Any]

    def apply(self, sim: Simulation) -> None:
        """Runs the simulation to ``at`` and injects the fault, unless the simulation is over.

        Parameters
        ----------
        sim : Simulation
            Its time must be ``at`` or earlier.

        Examples
        --------
        >>> import trimhorizon as th
        >>> from trimhorizon.strategies import Injection
        >>> sim = th.example().start()
        >>> Injection("1s", "throttle", "5s", {"function": "billing"}).apply(sim)
        >>> sim.run()
        >>> sim.result().disturbances["action"]
        ['throttle']
        """
        if sim.ended != "duration":
            sim.run_until(self.at)
        if sim.ended != "duration":
            sim.inject(self.action, duration=self.duration, **self.what)


def traffic(
    of: str | Base = "orders",
    *,
    producers: int = 1,
    records: int = 12,
    keys: int = 4,
    until: str | timedelta | float = "10s",
    generated: bool = True,
) -> st.SearchStrategy[Any]:
    """Records to put: a ``producers:`` block for a stream, or a scenario with other traffic.

    Parameters
    ----------
    of : str, Scenario or strategy of Scenario
        The name of a stream gives dicts of producers by name, as in ``producers:``. A scenario, or
        a strategy of scenarios, gives scenarios that differ only in the records of their first
        stream.
    producers, records : int
        The largest number of producers, and of records in all; there is at least one of each.
    keys : int
        The largest number of partition keys.
    until : str, timedelta or number
        Puts happen from 0s to this time.
    generated : bool, default True
        Whether producers may have a ``rate:`` instead of a list of puts.

    Returns
    -------
    SearchStrategy
        Of dict, or of Scenario.

    Examples
    --------
    >>> from hypothesis import find, settings
    >>> quick = settings(max_examples=200, derandomize=True, database=None)
    >>> find(traffic("orders"), lambda block: True, settings=quick)
    {'shop': {'stream': 'orders', 'ids': 'r', 'put': [{'at': '0s', 'records': [{'key': 'k0'}]}]}}
    """
    _at_least_one(producers=producers, records=records, keys=keys)
    limits = _documents.Traffic(producers, records, keys, microseconds(until), generated)
    if isinstance(of, str):
        return _documents.producers(of, limits)
    return _with_traffic(_of_base(of), limits)


def fault_schedules(
    of: Base,
    *,
    faults: Sequence[str] = FAULTS,
    max_faults: int = 3,
    until: str | timedelta | float = "10s",
) -> st.SearchStrategy[Scenario]:
    """The same scenario under faults: entries of ``timeline:`` and of its functions' ``fail:``.

    The scenarios differ from ``of`` only in these entries. They come after the scenario's own
    entries, and the first entry that applies decides. All of them work with your own handlers.

    Parameters
    ----------
    of : Scenario or strategy of Scenario
        The base, for instance ``th.load("billing.yaml")`` or ``traffic(th.load("billing.yaml"))``.
    faults : sequence of str, default FAULTS
        What may happen: ``error, timeout, crash`` (an invocation ends like this, before or after
        its work), ``throttle, outage`` (of a function), ``crash_poller``, ``lose_acknowledgements``
        (of a producer), ``fail_destination``, ``disable`` (disables a mapping and enables it
        again). Kinds for which the scenario has no target are left out.
    max_faults : int, default 3
        The largest number of entries.
    until : str, timedelta or number
        The faults begin between 0s and this time. All of them end.

    Returns
    -------
    SearchStrategy of Scenario

    Raises
    ------
    ValueError
        If a kind of fault does not exist.

    Examples
    --------
    >>> import trimhorizon as th
    >>> from hypothesis import find, settings
    >>> quick = settings(max_examples=2000, derandomize=True, database=None)
    >>> schedules = fault_schedules(th.example(), faults=["timeout", "crash_poller"])
    >>> find(schedules, lambda scenario: True, settings=quick) == th.loads(
    ...     th.example().text, file="example")
    True
    >>> worst = find(schedules, lambda scenario: scenario.run().duplicates > 0, settings=quick)
    >>> print(worst.text.split("functions: ")[1].split("event_source")[0].strip())
    {billing: {duration: 10ms, fail: [{attempts: [1], as: timeout, after: all}]}}
    """
    _known(faults, FAULTS, "fault")
    limits = _faults.Faults(tuple(faults), max_faults, microseconds(until))
    return _with_faults(_of_base(of), limits)


def injections(
    of: Scenario,
    *,
    faults: Sequence[str] = FAULTS,
    max_faults: int = 3,
    until: str | timedelta | float = "10s",
) -> st.SearchStrategy[list[Injection]]:
    """Faults to inject into a simulation that you control, sorted by time.

    Parameters are as for :func:`fault_schedules`. The kinds ``error, timeout, crash`` are left out,
    since only a scenario file can have them.

    Examples
    --------
    >>> import trimhorizon as th
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=10, derandomize=True, database=None, deadline=None)
    ... @given(injections(th.example()))
    ... def conserves(faults):
    ...     sim = th.example().start()
    ...     for fault in faults:
    ...         fault.apply(sim)
    ...     sim.run()
    ...     sim.result().check()
    >>> conserves()
    """
    _known(faults, FAULTS, "fault")
    limits = _faults.Faults(tuple(faults), max_faults, microseconds(until))
    return _injections(_faults.Targets.of(of), limits)


def scenarios(
    *,
    shards: int = 2,
    records: int = 12,
    producers: int = 2,
    batch_size: int = 5,
    retries: int = 3,
    endless_retries: bool = False,
    failures: Sequence[str] = FAILURES,
    faults: Sequence[str] = FAULTS,
    max_faults: int = 2,
    partial_responses: bool = True,
    bisect: bool = True,
    destinations: bool = True,
    mappings: int = 2,
    traffic: st.SearchStrategy[dict[str, Any]] | None = None,
    until: str | timedelta | float = "10s",
) -> st.SearchStrategy[Scenario]:
    """Small whole scenarios: stream ``orders``, function ``billing``, traffic, settings, failures.

    The mapping is ``billing-orders``; a second one, if any, is ``audit-orders`` with the function
    ``audit``. The destination is ``dlq``.

    Parameters
    ----------
    shards, records, producers, batch_size, retries, mappings : int
        The largest numbers. There is at least one of each, but ``retries`` may be 0.
    endless_retries : bool, default False
        Whether to draw ``MaximumRetryAttempts: -1`` too. A run may then last for its full
        ``duration``, 1h.
    failures : sequence of str, default FAILURES
        How records may fail in the modelled function: ``poison`` (some ids), ``keys``, ``random``
        (with a probability). With your own handlers give ``()``, since they decide themselves.
    faults, max_faults, until
        As for :func:`fault_schedules`.
    partial_responses, bisect, destinations : bool, default True
        Whether there may be ``ReportBatchItemFailures`` and functions that report,
        ``BisectBatchOnFunctionError``, a failure destination.
    traffic : strategy of dict, optional
        ``producers:`` blocks for the stream ``orders``, instead of :func:`traffic`'s.

    Returns
    -------
    SearchStrategy of Scenario

    Examples
    --------
    >>> from hypothesis import find, settings
    >>> quick = settings(max_examples=200, derandomize=True, database=None)
    >>> print(find(scenarios(), lambda scenario: True, settings=quick).text)
    trimhorizon: 1
    seed: 1
    streams: {orders: {ShardCount: 1}}
    producers: {shop: {stream: orders, ids: r, put: [{at: 0s, records: [{key: k0}]}]}}
    functions: {billing: {}}
    event_source_mappings:
      billing-orders:
        EventSourceArn: orders
        FunctionName: billing
        StartingPosition: TRIM_HORIZON
        BatchSize: 1
        MaximumRetryAttempts: 0
    <BLANKLINE>
    """
    _known(failures, FAILURES, "failure")
    _known(faults, FAULTS, "fault")
    _at_least_one(shards=shards, records=records, producers=producers, batch_size=batch_size,
                  mappings=mappings)
    until_us = microseconds(until)
    if traffic is None:
        limits = _documents.Traffic(producers, records, 4, until_us, True)
        traffic = _documents.producers("orders", limits)
    shape = _documents.Shape(shards, batch_size, retries, endless_retries, tuple(failures),
                             partial_responses, bisect, destinations, mappings)
    return _with_faults(_documents.documents(shape, traffic).map(_loaded),
                        _faults.Faults(tuple(faults), max_faults, until_us))


# ---- from documents to scenarios -----------------------------------------------------------------
def _drawn_of(source: _core.scenario.Source) -> Scenario:
    with warnings.catch_warnings():  # a failing record that is never put is a valid simple case
        warnings.simplefilter("ignore", TrimhorizonWarning)
        return Drawn(source)


def _loaded(document: dict[str, Any]) -> Scenario:
    return _rewritten(_core.scenario.read_source(_documents.flow(document), "-", []), [], [])


def _rewritten(source: _core.scenario.Source, replace, append) -> Scenario:
    """The scenario with the drawn parts in its text. Expectations of variants stay."""
    text = _core.scenario.rewrite(source, replace, append)
    return _drawn_of(_core.scenario.read_source(text, source.file, []))


# Composites, not `map`: for `map`, Hypothesis would print a call of the mapping function.
@st.composite
def _with_traffic(draw, bases, limits: _documents.Traffic) -> Scenario:
    base = draw(bases)
    block = draw(_documents.producers(base.streams[0], limits))
    return _rewritten(base._native, [("producers", _documents.flow(block))], [])


@st.composite
def _with_faults(draw, bases, limits: _faults.Faults) -> Scenario:
    base = draw(bases)
    drawn = draw(_faults.schedule(_faults.Targets.of(base), limits))
    append = [(["functions", function, "fail"], _documents.flow(entries))
              for function, entries in drawn["fail"].items()]
    if drawn["timeline"]:
        append.append((["timeline"], _documents.flow(drawn["timeline"])))
    if not append:  # no change: the base itself
        return _drawn_of(base._native)
    return _rewritten(base._native, [], append)


def _of_base(of: Base):
    if isinstance(of, Scenario):
        return st.just(of)
    if isinstance(of, st.SearchStrategy):
        return of
    raise TypeError(f"a scenario or a strategy of scenarios is needed, not {of!r}")


@st.composite
def _injections(draw, targets: _faults.Targets, limits: _faults.Faults) -> list[Injection]:
    return [_injection(entry) for entry in draw(_faults.timeline(targets, limits))]


def _injection(entry: dict[str, Any]) -> Injection:
    entry = dict(entry)
    at, duration = entry.pop("at"), entry.pop("for", None)
    (action, what), = entry.items()
    return Injection(at, action, duration, what)


def _known(given: Sequence[str], all_: Sequence[str], word: str) -> None:
    if isinstance(given, str):
        raise TypeError(f"{word}s must be a list of names: [{given!r}]")
    for each in given:
        if each not in all_:
            raise ValueError(f"there is no {word} {each!r}; there are {', '.join(all_)}")


def _at_least_one(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise ValueError(f"{name} must be at least 1, not {count}")
