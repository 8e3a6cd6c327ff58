"""Exploring: finds every way in which a scenario can go wrong with a number of faults."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from .. import _core
from .._arguments import check_has, seed_number
from .._handlers import HandlerFailure, Runtime, warn_of_ignored_rules
from .._handlers.settings import Errors
from .._results.html import exploration_fragment
from .._running.progress import LayerProgress, layer_reporter
from .._scenario import Scenario
from .._text import on_page

__all__ = ["Exploration", "Violation", "explore"]

_FAULTS_MAX = 100
_HOW_TO_FORGET = (
    "every run must begin with fresh memory: write th.handler(\"module.function\", fresh=True), "
    "which imports the module again, or th.handler(make, factory=True), where make() returns a new "
    "handler; for a plain function, only variables, containers and attributes can be put back"
)


@dataclass(frozen=True)
class Violation:
    """A property that can be broken, and the run that shows it with the fewest faults.

    Attributes
    ----------
    property : str
    minimum_faults : int
    minimal : {"minimum", "1-minimal"}
        ``1-minimal``: found by random runs; no single fault can be left out.
    decisions : str
        A token, for :func:`replay` and ``trimhorizon replay --decisions``.
    decisions_in_words : list of str
    record : str
        The record that the story is about. Empty if it is about no single record.
    story : list of str
        What happened to the record, line by line.
    point_of_no_return : int or None
        The line of the story, counted from 1. After it, no continuation without a further fault
        saves the record. None if the search for it reached a bound.
    other_records, counterfactuals : list of dict
        As in the JSON.
    near_miss : str
    loop : list of str
        For a run that never ends: one turn of the loop.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), sites=["poller_crash"], properties=["at_most_once"])
    >>> found.violations[0].scenario.run().duplicates
    5
    """

    property: str
    minimum_faults: int
    minimal: str
    decisions: str
    decisions_in_words: list[str]
    record: str
    story: list[str]
    point_of_no_return: int | None
    other_records: list[dict[str, Any]]
    counterfactuals: list[dict[str, Any]]
    near_miss: str
    loop: list[str]
    _text: str

    @property
    def scenario(self) -> Scenario:
        """The scenario with these decisions in it: every run of it makes the same choices.

        If you explored with handlers, run it with the same: ``.scenario.run(handlers=...)``.
        """
        return Scenario(_core.scenario.read_source(self._text, "found", []))

    def __repr__(self) -> str:
        faults = "1 fault" if self.minimum_faults == 1 else f"{self.minimum_faults} faults"
        lines = [f"{self.property} is broken by {faults} ({self.minimal})"]
        for number, line in enumerate(self.story, 1):
            mark = "▶" if number == self.point_of_no_return else " "
            lines.append(f" {mark} {number:2}  {line}")
        return on_page("\n".join(lines + [f"    ↻  {line}" for line in self.loop]))


def _violation(data: Mapping[str, Any], text: str) -> Violation:
    return Violation(
        data["property"], data["minimum_faults"], data["minimal"], data["decisions"],
        data["decisions_in_words"], data.get("record", ""), data.get("story", []),
        data.get("point_of_no_return"), data["other_records"], data["counterfactuals"],
        data.get("near_miss", ""), data.get("loop", []), text)


class Exploration:
    """The result of :func:`explore`: all outcomes that a scenario can have.

    ``repr`` is the page that the command line prints. An exploration can be pickled.

    Attributes
    ----------
    verdict : {"holds", "violated", "incomplete", "not_found"}
        ``not_found``: random runs broke no property (the JSON says ``incomplete`` for this).
    verdict_words : str
        ``HOLDS for all schedules with at most 2 faults``.
    faults, states : int
        In a search without merging, ``states`` is the number of runs.
    complete_through : int
        All schedules with at most this many faults were tried. -1 if no layer is complete.
    outcomes : list of dict
        One for each way to end, those with the fewest faults first. The keys are ``stored``,
        ``effects`` (id to count), ``discarded`` and ``lost`` (ids), ``minimum_faults``.
    violations : list of Violation
    loops : list of Violation
        Runs that never end, if ``quiescence`` is not one of the properties.
    notes : list of str
        What the verdict does not cover.
    assumptions : list of dict or None
        What the verdict would be under other assumptions; None without ``assumptions=True``.
    assumptions_met : dict
        The assumptions that some run used, and their values.
    handler_failures : list of HandlerFailure
        Exceptions of your handlers, the first 100.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), 1, sites=["poller_crash"], properties=["no_loss"])
    >>> found.verdict_words, len(found.outcomes)
    ('HOLDS for all schedules with at most 1 fault', 3)
    """

    def __init__(self, native: _core.explore.Explored, failures: Iterable[HandlerFailure] = ()):
        self._state = {
            "version": 1, "json": native.json, "text": native.text,
            "text_with_outcomes": native.text_with_outcomes, "found": native.found,
            "failures": [tuple(each) for each in failures],
        }
        self._data = json.loads(native.json)

    @property
    def verdict(self) -> str:
        """The verdict in one word."""
        if self._data["verdict"] == "incomplete" and "random_runs" in self._data:
            return "not_found"
        return self._data["verdict"]

    @property
    def verdict_words(self) -> str:
        """The verdict as the command line prints it."""
        return self._data["verdict_words"]

    @property
    def faults(self) -> int:
        """The largest number of faults in one run."""
        return self._data["faults"]

    @property
    def complete_through(self) -> int:
        """The last layer of faults that is complete, or -1."""
        return self._data["complete_through"]

    @property
    def states(self) -> int:
        """The number of different states; without merging, the number of runs."""
        return self._data["states"]

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """Every way to end, those with the fewest faults first."""
        return self.to_dict()["outcomes"]

    @property
    def violations(self) -> list[Violation]:
        """The broken properties, each with the fewest faults that break it."""
        found = self._state["found"]
        return [_violation(*each) for each in zip(self._data["violations"], found)]

    @property
    def loops(self) -> list[Violation]:
        """Runs that never end, where no property forbids it."""
        found = self._state["found"][len(self._data["violations"]):]
        return [_violation(*each) for each in zip(self._data["loops"], found)]

    @property
    def notes(self) -> list[str]:
        """The notes that are printed with the verdict."""
        return list(self._data["notes"])

    @property
    def assumptions(self) -> list[dict[str, Any]] | None:
        """One dict for each alternative: ``assumption, value, verdict, depends, differences``."""
        return self.to_dict().get("assumption_sweep")

    @property
    def assumptions_met(self) -> dict[str, str]:
        """The assumptions that some run used, and their values."""
        return dict(self._data["assumptions_met"])

    @property
    def handler_failures(self) -> list[HandlerFailure]:
        """Exceptions of your handlers, the first 100."""
        return [HandlerFailure(*each) for each in self._state["failures"]]

    def to_json(self) -> str:
        """``trimhorizon explore FILE --outcomes --format json``, byte for byte.

        Returns
        -------
        str

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.explore(th.example(), 0).to_json().splitlines()[1]
        ' "verdict": "holds",'
        """
        return self._state["json"]

    def to_dict(self) -> dict[str, Any]:
        """:meth:`to_json`, parsed.

        Returns
        -------
        dict

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.explore(th.example(), 0).to_dict()["complete_through"]
        0
        """
        return json.loads(self._state["json"])

    def to_text(self, *, outcomes: bool = False) -> str:
        """The page that the command line prints.

        Parameters
        ----------
        outcomes : bool, default False
            Whether to list the outcomes (``--outcomes``).

        Returns
        -------
        str

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.explore(th.example(), 0).to_text().splitlines()[0]
        '✓ HOLDS for all schedules with at most 0 faults'
        """
        return self._state["text_with_outcomes" if outcomes else "text"]

    def __repr__(self) -> str:
        return on_page(self.to_text().rstrip("\n"))

    def _repr_html_(self) -> str:
        return exploration_fragment(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Exploration):
            return NotImplemented
        return self._state == other._state

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        return dict(self._state)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._state = dict(state)
        self._data = json.loads(state["json"])


def _count(name: str, value: Any, least: int, most: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {bounds}, not {value}")
    return value


def _bounds(seconds, states, random, threads) -> tuple[float, int, int, int]:
    if seconds is not None and not seconds > 0:
        raise ValueError(f"seconds must be more than 0, not {seconds!r}")
    if random is not None and (seconds is not None or states is not None):
        raise ValueError(
            "random says how many runs to make: seconds and states can only bound a search")
    return (
        float(seconds or 0),
        0 if states is None else _count("states", states, 1),
        0 if random is None else _count("random", random, 1),
        0 if threads is None else _count("threads", threads, 1),
    )


def explore(
    scenario: Scenario,
    faults: int | None = None,
    *,
    handlers: Mapping[str, Any] | None = None,
    properties: Iterable[str] | None = None,
    sites: Iterable[str] | None = None,
    batch_sizes: str | None = None,
    seconds: float | None = None,
    states: int | None = None,
    random: int | None = None,
    assumptions: bool = False,
    seed: int | None = None,
    threads: int | None = None,
    progress: LayerProgress = None,
    errors: Errors = "judge",
) -> Exploration:
    """Makes every run in which at most ``faults`` things go wrong.

    The runs use the same code as :meth:`Scenario.run`. Arguments that you leave out come from the
    scenario's ``explore:`` block. The GIL is released, and Ctrl-C stops the search at once.

    Parameters
    ----------
    scenario : Scenario
        A scenario or one of its variants. Only this one is explored.
    faults : int, optional
        The largest number of faults in one run, 0 to 100.
    handlers : mapping, optional
        Your functions, as for :meth:`Scenario.run`; see Notes. One thread calls them.
    properties, sites : list of str, optional
        What must hold, and where faults may strike (``docs/explorer.md`` has the tables).
    batch_sizes : {"full", "any"}, optional
    seconds, states : number, optional
        Limits of the search. Only layers that are complete are reported then.
    random : int, optional
        Make this many runs with random faults instead, if a search would be too large.
    assumptions : bool, default False
        Explore again under each alternative of what is not known about AWS.
    seed : int, optional
        Used instead of the seed in the file. It decides the keys of generated records.
    threads : int, optional
        Default: all cores. The result does not depend on it.
    progress : callable or bool, optional
        Called from time to time with the layer and the number of states. True shows a bar.
    errors : {"judge", "raise"}, default "judge"
        As for :meth:`Scenario.run`.

    Returns
    -------
    Exploration

    Raises
    ------
    ExploreError
        If there is too much to explore, or if the memory of a handler cannot be put back.
    ScenarioError
        If a site, a property or ``batch_sizes`` has a name that does not exist.
    HandlerError
        See :meth:`Scenario.run`; also when a handler calls :func:`effect` for some batches only.

    Notes
    -----
    *Faults.* Without a fault, your handler decides how an invocation ends. A fault at site
    ``function_error`` strikes at one of two places. *Before record i*: your handler is called with
    the records before it. What it did for them stays (:func:`effect`, otherwise what it answers),
    its answer is discarded, and the invocation is an error. *After all effects*: your handler is
    called with the whole batch, and its answer is discarded. The place is chosen before the call,
    whatever the handler would do by itself. If an entry of ``fail:`` for whole invocations applies,
    no fault is spent. ``timeout`` strikes a call that would have succeeded, and its answer is
    discarded. ``respond`` and entries of ``fail:`` for records are ignored.

    *Tables.* The explorer first checks whether your handler always gives the same answer to the
    same records, since only then it can merge equal states. When a batch appears for the first
    time, and at each of its first three attempts, your handler is called twice, at another time,
    with other ages, sequence numbers, request ids and random numbers. At the end each batch is
    given to it once more, in another order and in a new environment. If all calls for each batch
    agree (how it ended, its answer, effects, sleep), the handler is treated as a table.

    *Run by run.* Otherwise ``notes`` says what differed, and every schedule is run from its
    beginning, with the scenario's time, seeded random numbers and fresh memory. A plain function
    begins each run with what it remembered when :func:`explore` was called: closures, the globals
    that it names, attributes and default arguments are put back, in place. What cannot be put back
    (an open connection, a file) raises an ExploreError. For such memory use
    ``th.handler("module.function", fresh=True)`` or ``th.handler(make, factory=True)``, which make
    it again. Each run is compared, call by call, with the run that it continues. This takes longer:
    each further fault multiplies the number of runs.

    The simulator sees only outcomes. If your handler does some work only once, say so with
    :func:`effect`; otherwise each success counts as another effect.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), faults=1, sites=["poller_crash"],
    ...                    properties=["no_loss", "at_most_once"])
    >>> found.verdict_words
    'VIOLATED (1 fault, minimum)'
    >>> [each.property for each in found.violations]
    ['at_most_once']

    A handler that remembers what it has done:

    >>> def make():
    ...     done = set()
    ...     def billing(event, context):
    ...         for record in event["Records"]:
    ...             if record["kinesis"]["data"] not in done:
    ...                 done.add(record["kinesis"]["data"])
    ...                 th.effect(record)
    ...     return billing
    >>> th.explore(th.example(), faults=1, sites=["poller_crash"], properties=["at_most_once"],
    ...            handlers={"billing": th.handler(make, factory=True)}).verdict
    'holds'
    """
    check_has("start", scenario, "explore takes a scenario (th.load, th.loads)")
    if faults is not None:
        faults = _count("faults", faults, 0, _FAULTS_MAX)
    bounds = _bounds(seconds, states, random, threads)
    settings: dict[str, Any] = {}
    for name, value in (("sites", sites), ("properties", properties)):
        if isinstance(value, str):
            raise TypeError(f"{name} must be a list of names: [{value!r}]")
        if value is not None:
            settings[f"explore.{name}"] = list(value)
    if batch_sizes is not None:
        settings["explore.batch_sizes"] = batch_sizes
    native = (scenario.set(settings) if settings else scenario)._native
    if seed is not None:
        seed = seed_number(seed)
    runtime = Runtime(native, scenario.seed if seed is None else seed, handlers, errors=errors)
    runtime.remember()
    with runtime.running(), layer_reporter(progress, scenario.title or scenario.file) as report:
        found = _core.explore.explore(
            native, seed, faults, *bounds[:3], bool(assumptions), bounds[3],
            runtime.pairs(), runtime.forget, runtime.functions_that_can_forget(), _HOW_TO_FORGET,
            report)
    warn_of_ignored_rules(found.ignored_rules)
    return Exploration(found, runtime.failures)
