"""Sweeps: run a scenario with each combination of some settings and with many seeds."""

from __future__ import annotations

import json
import math
import uuid
from itertools import islice
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from .. import _core
from .._arguments import check_has, mapping_of, seed_number, settings_of
from .._errors import ScenarioError, TrimhorizonError
from .._handlers import warn_of_ignored_rules
from .._handlers.runtime import warn_of_settings_without_handlers
from .._handlers.settings import Clock, Errors, checked_handlers
from .._results.html import sweep_fragment
from .._results.tables import Table
from .._running.progress import Progress, reporter
from .._scenario import Scenario
from .._source import run_expression
from .._text import on_page
from .dispatch import (
    Dispatcher,
    Gathered,
    check_handlers,
    chunk_size,
    chunks_of,
    executor_of,
    own_pool,
)
from .worker import Job

__all__ = ["Sweep", "SweepError", "SweepFailure", "sweep"]


class SweepFailure(NamedTuple):
    """A run of a sweep that failed twice.

    Attributes
    ----------
    point : dict
        Path to value, as text.
    seed : int
    error : str
    replay : str
        The line that repeats this run.
    """

    point: dict[str, str]
    seed: int
    error: str
    replay: str


class SweepError(TrimhorizonError):
    """Some runs of a sweep failed, each of them twice. The other runs are kept.

    Attributes
    ----------
    failures : list of SweepFailure
    sweep : Sweep
        The runs that succeeded. ``sweep.missing`` counts the others.

    Examples
    --------
    >>> import trimhorizon as th
    >>> try:
    ...     th.sweep(th.example(), {"BatchSize": [5]}, errors="raise",
    ...              handlers={"billing": "math.sqrt"})
    ... except th.SweepError as error:
    ...     print(error.failures[0].replay)
    th.example().set({"BatchSize": "5"}).run(seed=1, handlers=...)
    """

    def __init__(self, failures: list[SweepFailure], sweep: Sweep):
        super().__init__(failures, sweep)
        self.failures = failures
        self.sweep = sweep

    def __str__(self) -> str:
        lines = [f"{len(self.failures)} of {len(self.sweep) + len(self.failures)} runs failed, "
                 "twice each; .sweep has the others"]
        for each in self.failures[:10]:
            where = [f"{path}={value}" for path, value in each.point.items()]
            lines.append(f"  {', '.join([*where, f'seed {each.seed}'])}: {each.error}")
            lines.append(f"    {each.replay}")
        if len(self.failures) > 10:
            lines.append(f"  and {len(self.failures) - 10} more")
        return on_page("\n".join(lines))


class Sweep(Table):
    """The result of a sweep: a table with one row per run, and the means of each point.

    A row has ``point``, the value of each axis under its path, ``seed``, ``verdict``, ``ended`` and
    numbers: ``simulated``, ``produced``, ``stored``, ``never_accepted``, ``lost``, ``duplicates``;
    per mapping ``invocations.<mapping>``, ``deliveries``, ``effects``, ``lost``, ``duplicates``,
    ``fates.<mapping>.<fate>`` and ``metrics.<mapping>.<metric>[.<statistic>]``. Times are
    microseconds. A value is None if there was no sample, or no such mapping.

    The name of a column can be given without its mapping: ``sweep["IteratorAge.p99"]``.

    Attributes
    ----------
    grid : dict
        Path to its values, as text.
    seeds : list of int
    verdict : str
        The worst of all runs.
    missing : int
        Runs that failed.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.sweep(th.example(), {"BatchSize": [1, 5]}, seeds=range(3))
    >>> len(found), found[0]["BatchSize"], found[0]["seed"], found["Invocations"]
    (6, 1, 0, [10, 10, 10, 2, 2, 2])
    """

    def __init__(self, native: _core.sweep.Sweep):
        super().__init__(native.table())
        self._sweep = native

    @classmethod
    def from_json(cls, text: str) -> Sweep:
        """Reads the JSON of :meth:`to_json` or of ``trimhorizon sweep``.

        Raises
        ------
        TrimhorizonError
            If the text is something else.

        Examples
        --------
        >>> import trimhorizon as th
        >>> found = th.sweep(th.example(), {"BatchSize": [1, 5]})
        >>> th.Sweep.from_json(found.to_json()) == found
        True
        """
        return cls(_core.sweep.sweep_from_json(text))

    @property
    def grid(self) -> dict[str, list[str]]:
        """Path to its values, as text."""
        return dict(self._sweep.axes)

    @property
    def seeds(self) -> list[int]:
        """The seeds that every point was run with."""
        return self._sweep.seeds

    @property
    def verdict(self) -> str:
        """The worst of all runs: holds, violated or undecided."""
        return self._sweep.verdict

    @property
    def missing(self) -> int:
        """Runs that failed and have no row."""
        return self._sweep.missing

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, str) and which not in self.columns:
            names = self._sweep.columns_named(which)
            if len(names) > 1:
                raise KeyError(f"{which} means more than one column: {', '.join(names)}")
            which = names[0]
        return super().__getitem__(which)

    def summary(self, *columns: str) -> Table:
        """Means over the seeds: one row per point and column.

        Parameters
        ----------
        *columns : str
            ``"lost"``, ``"fates.discarded"``, ``"IteratorAge.p99"``, …, or ``"all"``. Default:
            the columns that the text shows.

        Returns
        -------
        Table
            ``point``, the axes, ``column``, ``unit`` (``us`` or ``count``), ``n``, ``mean``,
            ``half_width``: half of the 95 % confidence interval of the mean by Student's t, None
            for a single run.

        Examples
        --------
        >>> import trimhorizon as th
        >>> found = th.sweep(th.example(), {"BatchSize": [1, 5]}, seeds=range(3))
        >>> [(row["BatchSize"], row["mean"], row["half_width"], row["n"])
        ...  for row in found.summary("Invocations")]
        [(1, 10.0, 0.0, 3), (5, 2.0, 0.0, 3)]
        """
        return Table(self._sweep.summary(columns))

    def text(self, *columns: str) -> str:
        """The table that the command line prints.

        Parameters
        ----------
        *columns : str
            Columns to show (``--show``), see :meth:`summary`.

        Returns
        -------
        str

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.sweep(th.example(), {"BatchSize": [5]}).text("Invocations").splitlines()[3:5]
        ['  BatchSize  Invocations', '          5        2 ± -']
        """
        return self._sweep.text(columns).rstrip("\n")

    def to_json(self) -> str:
        """Exactly what ``trimhorizon sweep --format json`` prints.

        Returns
        -------
        str

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.sweep(th.example()).to_json().splitlines()[1]
        ' "schema_version": 1,'
        """
        return self._sweep.json()

    def to_dict(self) -> dict[str, Any]:
        """:meth:`to_json`, parsed.

        Returns
        -------
        dict

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.sweep(th.example()).to_dict()["verdict"]
        'holds'
        """
        return json.loads(self.to_json())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sweep):
            return NotImplemented
        return self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return on_page(self.text())

    def _repr_html_(self) -> str:
        return sweep_fragment(self)

    def __getstate__(self) -> dict[str, str]:
        return {"json": self.to_json()}

    def __setstate__(self, state: dict[str, str]) -> None:
        self.__init__(_core.sweep.sweep_from_json(state["json"]))


def sweep(
    scenario: Scenario,
    grid: Mapping[str, Sequence[Any]] | None = None,
    seeds: Iterable[int] | None = None,
    *,
    executor: Any = None,
    handlers: Mapping[str, Any] | None = None,
    workers: int | None = None,
    progress: Progress = None,
    clock: Clock = "virtual",
    errors: Errors = "judge",
) -> Sweep:
    """Runs every point of a grid of settings with every seed, without tables.

    The result is that of ``trimhorizon sweep``, byte for byte, and does not depend on where the
    runs are made. The whole grid is checked before the first run. A run that fails is made once
    more. If it fails again, it is named at the end; the other runs are not affected.

    Parameters
    ----------
    scenario : Scenario
        A scenario or one of its variants.
    grid : mapping
        From a path to the values to try. Paths and values are as for :meth:`Scenario.set`: text is
        YAML, other values are used as they are. Several paths give all combinations.
    seeds : iterable of int, optional
        Default: the scenario's own seed.
    executor : optional
        Default: threads of the core, without the GIL. Otherwise a ``concurrent.futures`` executor
        (threads, processes, ``mpi4py.futures.MPIPoolExecutor``), a ``distributed.Client``, or
        an object with ``submit(function, *args)`` whose answer has ``result()``. It stays open. If
        a pool breaks because a worker died, a warning says so, and the runs that are left are made
        elsewhere.
    handlers : mapping, optional
        As for :meth:`Scenario.run`. A process runs one handler at a time, so these runs use
        processes. The handlers must be importable, and a handler that keeps state from run to run
        needs ``th.handler(..., fresh=True)``.
    workers : int, optional
        The number of threads, or with handlers of processes. Not used with an executor.
        Default: all cores.
    progress : callable or bool, optional
        Called from time to time with the fraction that is done, 0 to 1. True shows a bar if tqdm is
        installed.
    clock, errors : str
        For handlers, as for :meth:`Scenario.run`.

    Returns
    -------
    Sweep

    Raises
    ------
    ScenarioError
        With every mistake of the grid in ``.diagnostics``.
    SweepError
        If runs failed twice. ``.failures`` names them, ``.sweep`` has the others.
    TrimhorizonError
        If worker processes cannot import a handler, or if there is no function of its name.
    TypeError, ValueError
        If the executor or the seeds are not valid.

    Notes
    -----
    Ctrl-C stops the threads and processes of a sweep within 100 ms. On an executor of yours it
    cancels the runs that have not begun. Runs that have begun in other processes go on to their
    end.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.sweep(th.example(), {"BatchSize": [1, 5, 10]}, seeds=range(20))
    >>> len(found), found.verdict
    (60, 'holds')
    """
    check_has("start", scenario, "sweep takes a scenario (th.load, th.loads)")
    axes = [(path, _texts(path, values)) for path, values in mapping_of("grid", grid).items()]
    numbers = _seeds(seeds)
    _check_size(scenario, axes, numbers)
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    handlers = checked_handlers(handlers)
    warn_of_settings_without_handlers(handlers, clock, errors)
    native = scenario._native
    for name in handlers:
        if name not in native.functions:
            raise TrimhorizonError(
                f"{native.file} has no function `{name}`; it has {native.functions}")
    with reporter(progress, scenario.title or scenario.file) as report:
        plan = _core.sweep.plan_sweep(native, axes, numbers, list(handlers), workers or 0, None)
        if executor is None and not handlers:
            parts, failures = _in_threads(plan, workers or 0, report)
            ignored = []
        else:
            parts, failures, ignored = _on_executor(plan, native, executor, handlers, workers,
                                                    report, clock, errors)
    warn_of_ignored_rules(ignored)
    made = Sweep(plan.sweep(parts))
    if not failures:
        return made
    raise SweepError([_failure(plan, native, task, error, handlers)
                      for task, error in sorted(failures.items())], made)


def _texts(path: str, values: Sequence[Any]) -> list[str]:
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__iter__"):
        raise TypeError(f"{path} needs a list of values, not {values!r}")
    values = islice(values, _core.sweep.RUNS_MAX + 1)  # one more than a sweep may have is enough
    values = [value.item() if hasattr(value, "item") else value for value in values]  # NumPy's
    return [value if isinstance(value, str) else json.dumps(value) for value in values]


def _check_size(scenario: Scenario, axes: list[tuple[str, list[str]]], seeds: list[int]) -> None:
    """The bound of the command line, before anybody looks at a million values."""
    if math.prod([max(1, len(seeds)), *(len(values) for _, values in axes)]) > _core.sweep.RUNS_MAX:
        message, hint = f"more than {_core.sweep.RUNS_MAX} runs", (
            "take fewer values or seeds, or several sweeps")
        raise ScenarioError(f"{scenario.file}: error: {message}\n  {hint}",
                            [(scenario.file, 0, 0, message, hint)])


def _seeds(seeds: Iterable[int] | None) -> list[int]:
    if seeds is None:
        return []
    if isinstance(seeds, (str, bytes, Mapping)) or not hasattr(seeds, "__iter__"):
        raise TypeError(f"seeds must be whole numbers, such as range(100), not {seeds!r}")
    numbers = [seed_number(seed) for seed in islice(seeds, _core.sweep.RUNS_MAX + 1)]
    if not numbers:
        raise ValueError("a sweep needs at least one seed")
    if len(set(numbers)) < len(numbers):
        raise ValueError("a seed appears twice")
    return numbers


def _in_threads(plan, threads: int, report):
    rows, failed = plan.run(range(plan.tasks), threads, report)
    if not failed:
        return [rows], {}
    again, failed = plan.run([task for task, _ in failed], threads, None)
    return [rows, again], dict(failed)


def _on_executor(plan, native, executor, handlers, workers, report, clock, errors):
    job = Job(uuid.uuid4().hex, _core.__version__, native.text, native.file, native.set,
              native.variant, plan.mappings, handlers or None, clock, errors, native.attached)
    gathered = Gathered()

    def report_ended(ended: int) -> None:
        if report:
            report(min(1.0, ended / plan.tasks))

    pool = own_pool(workers) if executor is None else executor_of(executor)
    with Dispatcher(job, pool, report_ended) as dispatcher:
        if executor is None:
            dispatcher.own(pool)
        if handlers:
            check_handlers(handlers, pool)
        size = chunk_size(plan.tasks, pool)
        dispatcher.run(chunks_of(plan, range(plan.tasks), size), gathered)
        again, gathered.failures = sorted(gathered.failures), {}
        dispatcher.run(chunks_of(plan, again, 1), gathered)
    return gathered.rows, gathered.failures, gathered.ignored


def _failure(plan, native, task: int, error: str, handlers) -> SweepFailure:
    settings, seed = settings_of(plan.settings(plan.point_of(task))), plan.seed_of(task)
    replay = run_expression(native, seed, bool(handlers), settings) or plan.line(task)
    return SweepFailure(settings, seed, error, replay)
