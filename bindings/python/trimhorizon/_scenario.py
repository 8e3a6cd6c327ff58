"""Scenarios: read them, change their settings, run them."""

from __future__ import annotations

import os
import warnings
from typing import Any, Mapping

from . import _core
from ._arguments import seed_number, settings_texts
from ._errors import TrimhorizonWarning
from ._handlers import Runtime, warn_of_ignored_rules
from ._handlers.settings import Clock, Errors
from ._results.result import Result
from ._running.progress import Progress, reporter
from ._running.simulation import Simulation
from ._source import run_expression, source_from, start_expression, state_of
from ._text import on_line, on_page

__all__ = ["Scenario", "example", "load", "loads"]

_EXAMPLE = """\
trimhorizon: 1
title: An example
lesson: Read, invoke, checkpoint, repeat.
duration: 1h
streams:
  orders: {ShardCount: 1}
producers:
  shop: {stream: orders, ids: r, rate: 10/s, records: 10}
functions:
  billing: {duration: 10ms}
event_source_mappings:
  billing-orders:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: 5
    MaximumRetryAttempts: 2
    DestinationConfig: {OnFailure: {Destination: dlq}}
destinations:
  dlq: {type: sqs}
"""


def load(path: str | os.PathLike[str], *, set: Mapping[str, Any] | None = None) -> Scenario:
    """Reads a scenario file.

    Parameters
    ----------
    path : str or path
        The file; ``-`` is standard input.
    set : mapping, optional
        New values for some keys, as with ``--set`` on the command line. A key is a path, or the
        end of a path if only one path ends so. Text is read as YAML (``"30s"``); other values are
        used as they are.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every mistake of the file in ``.diagnostics``.

    Examples
    --------
    >>> import trimhorizon as th
    >>> th.load("does-not-exist.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    trimhorizon._errors.ScenarioError: ...
    """
    return Scenario(_core.scenario.load_source(os.fsdecode(path), settings_texts(set)))


def loads(text: str, *, file: str = "-", set: Mapping[str, Any] | None = None) -> Scenario:
    """Reads a scenario from text. Messages name it ``file``. See :func:`load`.

    Examples
    --------
    >>> import trimhorizon as th
    >>> scenario = th.loads(th.example().text, set={"BatchSize": 2})
    >>> len(scenario.run().invocations)
    5
    """
    if not isinstance(text, str):
        raise TypeError(f"loads takes the text of a scenario, not {text!r}; load takes a file name")
    return Scenario(_core.scenario.read_source(text, file, settings_texts(set)))


def example() -> Scenario:
    """A small scenario for trying things: ten records, function ``billing``, nothing fails.

    Examples
    --------
    >>> import trimhorizon as th
    >>> th.example().run().fates
    {'billing-orders': {'processed': 10}}
    """
    return loads(_EXAMPLE, file="example")


class Scenario:
    """A scenario that was read without mistakes. It never changes.

    Attributes
    ----------
    text, file : str
        The YAML, and the name of the file that it came from.
    title, lesson : str
    seed : int
        The seed in the file. A run can use another one.
    streams, producers, functions, mappings, destinations, variants : list of str
        The names of these things.

    Examples
    --------
    >>> import trimhorizon as th
    >>> scenario = th.example()
    >>> scenario.functions, scenario.mappings, scenario.seed
    (['billing'], ['billing-orders'], 1)
    """

    def __init__(self, native: _core.scenario.Source):
        self._native = native
        for warning in native.warnings:
            warnings.warn(on_page(warning), TrimhorizonWarning, stacklevel=3)

    @property
    def text(self) -> str:
        """The YAML."""
        return self._native.text

    @property
    def file(self) -> str:
        """The file name that was given to :func:`load`."""
        return self._native.file

    @property
    def title(self) -> str:
        """The title, one line."""
        return self._native.title

    @property
    def lesson(self) -> str:
        """What it teaches, in one sentence."""
        return self._native.lesson

    @property
    def seed(self) -> int:
        """The seed in the file."""
        return self._native.seed

    @property
    def streams(self) -> list[str]:
        """Names of the streams."""
        return self._native.streams

    @property
    def producers(self) -> list[str]:
        """Names of the producers."""
        return self._native.producers

    @property
    def functions(self) -> list[str]:
        """Names of the functions: ``handlers`` may use them as keys."""
        return self._native.functions

    @property
    def mappings(self) -> list[str]:
        """Names of the event source mappings."""
        return self._native.mappings

    @property
    def destinations(self) -> list[str]:
        """Names of the failure destinations."""
        return self._native.destinations

    @property
    def variants(self) -> list[str]:
        """Names of the variants."""
        return self._native.variants

    @property
    def not_modelled(self) -> list[str]:
        """AWS properties that are accepted but have no effect here."""
        return self._native.not_modelled

    @property
    def decisions(self) -> str | None:
        """The token of its ``decisions:``, which every run follows; None without ``decisions:``."""
        return self._native.decisions

    def variant(self, name: str) -> Scenario:
        """The variant of that name: the same traffic under other settings.

        Raises
        ------
        KeyError
            If the scenario has no variant of that name.

        Examples
        --------
        >>> import trimhorizon as th
        >>> text = th.example().text + "variants: {single: {set: {BatchSize: 1}}}"
        >>> len(th.loads(text).variant("single").run().invocations)
        10
        """
        if name not in self.variants:
            raise KeyError(f"{self.file} has no variant {name!r}; it has {self.variants}")
        return Scenario(self._native.variant_named(name))

    def set(self, values: Mapping[str, Any]) -> Scenario:
        """The same scenario with other values for some keys, as with ``set=`` of :func:`load`.

        Examples
        --------
        >>> import trimhorizon as th
        >>> scenario = th.example().set({"BatchSize": 1, "functions.billing.duration": "2s"})
        >>> scenario.run().invocations[9]["ended"]
        21000000
        """
        native = self._native
        changed = _core.scenario.read_source(
            native.text, native.file, native.set + settings_texts(values), native.from_file,
            native.place, native.attached)
        return Scenario(changed.variant_named(native.variant) if native.variant else changed)

    def run(
        self,
        seed: int | None = None,
        *,
        handlers: Mapping[str, Any] | None = None,
        progress: Progress = None,
        variants: bool | None = None,
        tables: bool = True,
        clock: Clock = "virtual",
        errors: Errors = "judge",
    ) -> Result:
        """Runs the scenario and its variants to their ends, as ``trimhorizon run`` does.

        The GIL is released during the simulation. Ctrl-C stops a run within 100 ms.

        Parameters
        ----------
        seed : int, optional
            Used instead of the seed in the file; 0 to 2**63 - 1.
        handlers : mapping, optional
            Your functions, by the names of the scenario's functions: ``{"billing":
            lambda_handler}``, see :func:`handler`. They get the exact event of ESM-EVT-01. Their
            answers are judged as Lambda and the mapping would (ESM-PBR-01 to ESM-PBR-13).
            ``duration:`` and ``Timeout`` of the scenario still apply; what a handler sleeps is
            added to ``duration:``. Entries of ``fail:`` for invocations apply, those for records
            do not.
        progress : callable or bool, optional
            Called from time to time with the fraction that is done, and at the end with 1.0. True
            shows a bar if tqdm is installed.
        variants : bool, optional
            Whether to run the variants too, into ``result.variants``. Default: True without
            handlers, False with handlers.
        tables : bool, default True
            Whether to keep the tables of records, invocations and deliveries.
        clock : {"virtual", "real"}, default "virtual"
            With ``virtual``, handlers see simulated time, and ``time.sleep`` returns at once.
        errors : {"judge", "raise"}, default "judge"
            With ``judge``, an exception of a handler is a function error, and the run continues;
            ``result.handler_failures`` keeps it. With ``raise``, the first one ends the run as a
            :class:`HandlerError`.

        Returns
        -------
        Result

        Raises
        ------
        HandlerError, InternalError
        TrimhorizonError
            If a handler has a name that no function has.
        ImportError
            If handlers need a virtual clock and time-machine is not installed.

        Notes
        -----
        Handlers are called one after the other, in the order in which invocations start, and each
        call runs to its end. So a handler that sleeps has finished its writes before a concurrent
        one starts. The outcome of each call is recorded: ``explain``, ``diff`` and pickles do not
        call a handler again, and a fork does not repeat earlier calls.

        During a run with handlers the process has one virtual clock (``time``, ``datetime``,
        ``time.sleep``, ``monotonic``, asyncio's timers), seeded ``random``, ``uuid`` and
        ``os.urandom``, and Lambda's environment variables. Other runs with handlers wait until it
        ends. ``docs/testing-your-handler.md`` lists what stays real: waiting for threads, what
        threads of a handler see, ``random.Random()``, the order of sets.

        Examples
        --------
        >>> import trimhorizon as th
        >>> result = th.example().run(seed=7)
        >>> result.seed, result.verdict, result.lost, result.duplicates
        (7, 'holds', 0, 0)
        """
        names = self.variants if variants or (variants is None and not handlers) else []
        if seed is not None:
            seed = seed_number(seed)
        actual = self.seed if seed is None else seed
        runtime = Runtime(self._native, actual, handlers, clock, errors)
        with runtime.running(), reporter(progress, self.title or self.file) as report:
            parts = len(names) + 1
            made = []
            for at, native in enumerate(
                [self._native] + [self._native.variant_named(name) for name in names]
            ):
                part = report and (lambda fraction, at=at: report((at + fraction) / parts))
                replay = run_expression(native, actual, bool(runtime))
                made.append(_core.run.run(native, seed, runtime.pairs(), part, replay))
        warn_of_ignored_rules(made[0].ignored_rules)
        return Result(made[0], dict(zip(names, made[1:])), tables,
                      runtime.failures, runtime.failure_count)

    def start(
        self,
        seed: int | None = None,
        *,
        handlers: Mapping[str, Any] | None = None,
        clock: Clock = "virtual",
        errors: Errors = "judge",
    ) -> Simulation:
        """Starts a simulation that you go through step by step. Parameters as for :meth:`run`.

        Returns
        -------
        Simulation

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.run_until("1015ms")
        >>> sim.now
        datetime.timedelta(seconds=1, microseconds=15000)
        >>> sim.checkpoints
        {'billing-orders': {'shardId-000000000000': 'r4'}}
        """
        if seed is not None:
            seed = seed_number(seed)
        actual = self.seed if seed is None else seed
        runtime = Runtime(self._native, actual, handlers, clock, errors)
        native = _core.session.start(self._native, seed, runtime.pairs())
        warn_of_ignored_rules(native.ignored_rules)
        call = start_expression(self._native, native.seed, bool(runtime))
        return Simulation(self, native, runtime, [f"sim = {call}"])

    def __repr__(self) -> str:
        what = f" ({self.title})" if self.title else ""
        variant = f", variant {self._native.variant}" if self._native.variant else ""
        return on_line(f"<Scenario {self.file}{variant}{what}>")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self.__getstate__() == other.__getstate__()

    def __hash__(self) -> int:
        return hash((self.text, self.file, self._native.variant))

    def __getstate__(self) -> dict[str, Any]:
        return state_of(self._native)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._native = source_from(state)
