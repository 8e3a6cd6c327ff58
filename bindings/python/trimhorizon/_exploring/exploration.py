"""Exploring: every way in which a scenario can go wrong, up to a number of faults."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from .. import _core
from .._arguments import seed_number
from .._handlers import HandlerFailure, Runtime, warn_of_ignored_rules
from .._results.html import exploration_fragment
from .._running.progress import LayerProgress, layer_reporter
from .._scenario import Scenario

__all__ = ["Exploration", "Violation", "explore"]

_FAULTS_MAX = 100
_HOW_TO_FORGET = (
    "every run must begin with fresh memory: give it as th.handler(\"module.function\", "
    "fresh=True), whose module is imported anew, or as th.handler(make, factory=True), where "
    "make() returns a new handler; of a plain function only what lies in variables, containers and "
    "attributes can be put back"
)


@dataclass(frozen=True)
class Violation:
    """A property that can be broken, and the run that shows it with the fewest faults.

    Attributes
    ----------
    property : str
    minimum_faults : int
    minimal : {"minimum", "1-minimal"}
        ``1-minimal``: found at random; none of the faults can be left out.
    decisions : str
        A token, for :func:`replay` and ``trimhorizon replay --decisions``.
    decisions_in_words : list of str
    record : str
        Whose story it is; empty where no record stands out.
    story : list of str
        What happened to it, line by line.
    point_of_no_return : int or None
        The line of the story, from 1, after which no continuation without a further fault saves
        the record. None: it was not found within bounds.
    other_records, counterfactuals : list of dict
        As in the JSON.
    near_miss : str
    loop : list of str
        Of a run that never comes to rest: one turn.

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
        """The scenario with these decisions in it: every run of it goes exactly so.

        Of an exploration with handlers it runs with the same: ``.scenario.run(handlers=...)``.
        """
        return Scenario(_core.scenario.read_source(self._text, "found", []))

    def __repr__(self) -> str:
        faults = "1 fault" if self.minimum_faults == 1 else f"{self.minimum_faults} faults"
        lines = [f"{self.property} is broken by {faults} ({self.minimal})"]
        for number, line in enumerate(self.story, 1):
            mark = "▶" if number == self.point_of_no_return else " "
            lines.append(f" {mark} {number:2}  {line}")
        return "\n".join(lines + [f"    ↻  {line}" for line in self.loop])


def _violation(data: Mapping[str, Any], text: str) -> Violation:
    return Violation(
        data["property"], data["minimum_faults"], data["minimal"], data["decisions"],
        data["decisions_in_words"], data.get("record", ""), data.get("story", []),
        data.get("point_of_no_return"), data["other_records"], data["counterfactuals"],
        data.get("near_miss", ""), data.get("loop", []), text)


class Exploration:
    """What can become of a scenario; made by :func:`explore`.

    ``repr`` is the page of the command line. It pickles.

    Attributes
    ----------
    verdict : {"holds", "violated", "incomplete", "not_found"}
        ``not_found``: random runs showed nothing (in the JSON that is ``incomplete`` too).
    verdict_words : str
        ``HOLDS for all schedules with at most 2 faults``.
    faults, states : int
        Of a search without merging, ``states`` are runs.
    complete_through : int
        Every schedule with at most so many faults was made; -1: none is complete.
    outcomes : list of dict
        One for each way to end, those with the fewest faults first: ``stored, effects`` (id to
        count)``, discarded, lost`` (ids)``, minimum_faults``.
    violations : list of Violation
    loops : list of Violation
        Runs that never come to rest, where ``quiescence`` was not asked for.
    notes : list of str
        What the verdict does not say.
    assumptions : list of dict or None
        What the verdict would be under other assumptions; None without ``assumptions=True``.
    assumptions_met : dict
        The switches on which some run depended, and their values.
    handler_failures : list of HandlerFailure
        Exceptions of your handlers, the first 100.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), 1, sites=["poller_crash"], properties=["no_loss"])
    >>> found.verdict_words, len(found.outcomes)
    ('HOLDS for all schedules with at most 1 faults', 3)
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
        """In one word."""
        if self._data["verdict"] == "incomplete" and "random_runs" in self._data:
            return "not_found"
        return self._data["verdict"]

    @property
    def verdict_words(self) -> str:
        """In the words of the command line."""
        return self._data["verdict_words"]

    @property
    def faults(self) -> int:
        """At most so many in one run."""
        return self._data["faults"]

    @property
    def complete_through(self) -> int:
        """The last layer of faults that is complete, or -1."""
        return self._data["complete_through"]

    @property
    def states(self) -> int:
        """How many were told apart; without merging, how many runs were made."""
        return self._data["states"]

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """Every way to end, those with the fewest faults first."""
        return self.to_dict()["outcomes"]

    @property
    def violations(self) -> list[Violation]:
        """What is broken, each with the fewest faults."""
        found = self._state["found"]
        return [_violation(*each) for each in zip(self._data["violations"], found)]

    @property
    def loops(self) -> list[Violation]:
        """Runs without end that no property forbids."""
        found = self._state["found"][len(self._data["violations"]):]
        return [_violation(*each) for each in zip(self._data["loops"], found)]

    @property
    def notes(self) -> list[str]:
        """What stands beside the verdict."""
        return list(self._data["notes"])

    @property
    def assumptions(self) -> list[dict[str, Any]] | None:
        """One dict for each alternative: ``assumption, value, verdict, depends, differences``."""
        return self.to_dict().get("assumption_sweep")

    @property
    def assumptions_met(self) -> dict[str, str]:
        """Switches that some run met, and their values."""
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
        """The page of the command line.

        Parameters
        ----------
        outcomes : bool, default False
            With the list of them (``--outcomes``).

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
        return self.to_text().rstrip("\n")

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
        raise TypeError(f"{name} is a whole number, not {value!r}")
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise ValueError(f"{name} is {bounds}, not {value}")
    return value


def _bounds(seconds, states, random, threads) -> tuple[float, int, int, int]:
    if seconds is not None and not seconds > 0:
        raise ValueError(f"seconds is more than 0, not {seconds!r}")
    if random is not None and (seconds is not None or states is not None):
        raise ValueError("random makes as many runs as it says: seconds and states bound a search")
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
    errors: str = "judge",
) -> Exploration:
    """Makes every run in which at most ``faults`` things go wrong, over the code that simulates.

    What is left out is as in the scenario's ``explore:`` block. The GIL is released; Ctrl-C stops
    at once.

    Parameters
    ----------
    scenario : Scenario
        The base or a variant: the one that is given.
    faults : int, optional
        At most so many in one run, 0 to 100.
    handlers : mapping, optional
        Your functions, as for :meth:`Scenario.run`; see Notes. They are called by one thread.
    properties, sites : list of str, optional
        What must hold, and where faults may strike (``docs/explorer.md`` has the tables).
    batch_sizes : {"full", "any"}, optional
    seconds, states : number, optional
        Bounds; only what is complete is reported then.
    random : int, optional
        So many runs with faults at random instead, for what is too large to enumerate.
    assumptions : bool, default False
        Also under every alternative of what is not known of AWS.
    seed : int, optional
        Instead of the file's; it decides the keys of generated records.
    threads : int, optional
        Default: all cores. The result does not depend on it.
    progress : callable or bool, optional
        Called now and then with the layer and the number of states; True shows a bar.
    errors : {"judge", "raise"}, default "judge"
        As for :meth:`Scenario.run`.

    Returns
    -------
    Exploration

    Raises
    ------
    ExploreError
        For what cannot be explored: too much, or a handler with a memory that cannot be made fresh.
    ScenarioError
        For names of sites, properties and batch sizes that do not exist.
    HandlerError
        See :meth:`Scenario.run`; also when a handler calls :func:`effect` for some batches only.

    Notes
    -----
    Without a fault an invocation is what your handler does. With one at site ``function_error`` it
    fails *before record i*: your handler is called with the records before it, what it did for them
    (:func:`effect`, else what it answers) stays, its answer is thrown away, and the invocation is
    an error. *After all effects* it is called with the whole batch, and its answer is thrown away.
    That is decided before the call, whatever the handler would have done itself; where an entry of
    ``fail:`` for whole invocations holds, no fault is spent. ``timeout`` strikes a call that would
    have succeeded, and throws its answer away. `respond` and `fail` for records have no meaning.

    *Tables.* An answer is looked up by function and records. At first sight, and at each of the
    first three attempts, your handler is called twice, at another time, with other ages, sequence
    numbers, request ids and chance; at the end each batch comes once more, in another order and in
    a new environment. If all calls for one batch come out alike (how it ended, its answer, effects,
    sleep), the handler is a function of its event, as far as was tried, and states are merged.

    *Run by run.* Otherwise ``notes`` say what differed, and every schedule is run from its
    beginning, with the scenario's time and seeded chance, and with fresh memory. A plain function
    begins each run with what it remembered when :func:`explore` was called: closures, the globals
    that it names, attributes and default arguments are put back, in place. What cannot be put back
    (an open connection, a file) is an ExploreError; ``th.handler("module.function", fresh=True)``
    and ``th.handler(make, factory=True)`` make such memory again. Each run is compared, call by
    call, with the one it continues. It takes longer: the number of runs grows with every fault by
    a factor.

    A memory that changes no outcome is no memory to the simulator: work that is done once must be
    said with :func:`effect`, or each success counts again.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), faults=1, sites=["poller_crash"],
    ...                    properties=["no_loss", "at_most_once"])
    >>> found.verdict_words
    'VIOLATED (1 faults, minimum)'
    >>> [each.property for each in found.violations]
    ['at_most_once']

    A handler that knows what it has done:

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
    if not isinstance(scenario, Scenario):
        raise TypeError(f"explore takes a scenario (th.load, th.loads), not {scenario!r}")
    if faults is not None:
        faults = _count("faults", faults, 0, _FAULTS_MAX)
    bounds = _bounds(seconds, states, random, threads)
    settings: dict[str, Any] = {}
    for name, value in (("sites", sites), ("properties", properties)):
        if isinstance(value, str):
            raise TypeError(f"{name} is a list of names: [{value!r}]")
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
            runtime.pairs(), runtime.forget, runtime.forgetful(), _HOW_TO_FORGET, report)
    warn_of_ignored_rules(found.ignored_rules)
    return Exploration(found, runtime.failures)
