"""A simulation that you control: step it, look at it, inject faults, fork it, compare it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Mapping

from .. import _core
from .._arguments import microseconds, shard_name
from .._errors import TrimhorizonError
from .._handlers import Runtime
from .._results.result import Result
from .._source import call_expression, run_expression
from .._text import on_line
from .progress import Progress, reporter
from .views import Batch, InFlight, PendingEvent, Poller, Shard

_duration_text = _core.scenario.duration_text

__all__ = ["Simulation"]


def _time(us: int) -> timedelta:
    return timedelta(microseconds=us)


class Simulation:
    """A run that you control step by step. :meth:`Scenario.start` makes it.

    Examples
    --------
    >>> import trimhorizon as th
    >>> sim = th.example().start()
    >>> sim.run_until("350ms")
    >>> other = sim.fork()
    >>> other.inject("throttle", function="billing", duration="5s")
    >>> sim.run(); other.run()
    >>> sim.now < other.now
    True
    >>> th.diff(sim, other).event > 1
    True
    """

    def __init__(self, scenario: Any, native: _core.session.Session, runtime: Runtime,
                 calls: list[str]):
        self.scenario = scenario
        self._native = native
        self._runtime = runtime
        self._calls = calls  # calls that repeat it, as text; the first one starts it

    # ---- going on --------------------------------------------------------------------------------
    def step(self) -> bool:
        """Lets the next event happen, completely or not at all.

        If a handler stops the step (Ctrl-C, ``errors="raise"``, an import that fails), the
        simulation is as it was before the step, and can continue.

        Returns
        -------
        bool
            False if nothing is left to happen, or if ``duration`` is reached.

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.step(), sim.step(), sim.steps
        (True, True, 2)
        """
        with self._runtime.running():
            return self._native.step()

    def run_until(self, until: str | timedelta | float, *, progress: Progress = None) -> None:
        """Lets everything up to ``until`` happen. Simulated time is ``until`` afterwards.

        Parameters
        ----------
        until : str, timedelta or number
            Time since the beginning: ``"10s"``, or seconds. At most the scenario's ``duration``.
        progress : callable or bool, optional
            See :meth:`Scenario.run`.

        Raises
        ------
        ValueError
            If the time has passed already, or is not a duration.

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.run_until("350ms")
        >>> str(sim.now), sim.shards[0].stored
        ('0:00:00.350000', 3)
        """
        us, now_us = microseconds(until), self._native.now_us
        if us < now_us:
            raise ValueError(f"{_duration_text(us)} has passed: the simulation is at "
                             f"{_duration_text(now_us)}; call fork() to keep an earlier moment")
        whole_us = self.scenario._native.duration_us
        with self._runtime.running(), reporter(progress, "simulating") as report:
            # The core reports the fraction of `duration`, not of `until`.
            part = report and (lambda fraction: report(fraction * whole_us / us if us else 0.0))
            self._native.run_until(us, part)

    def run(self, *, progress: Progress = None) -> None:
        """Runs the simulation to its end. :meth:`result` has the outcome.

        Parameters
        ----------
        progress : callable or bool, optional
            See :meth:`Scenario.run`.

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.run()
        >>> sim.ended
        'drained'
        """
        with self._runtime.running(), reporter(progress, "simulating") as report:
            self._native.run(report)

    def fork(self, handlers: Mapping[str, Any] | None = None) -> Simulation:
        """A copy of the simulation as it is now. Both continue independently.

        The fork uses the same handlers. What they remember is not copied, so both simulations
        change the same memory. If that matters, give other ``handlers``. Answers that were given
        before the fork stay as they are.

        Parameters
        ----------
        handlers : mapping, optional
            The fork uses these functions from now on, see :meth:`Scenario.run`.

        Returns
        -------
        Simulation

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.run_until("350ms")
        >>> fork = sim.fork()
        >>> fork.run()
        >>> sim.ended, fork.ended
        ('running', 'drained')
        """
        runtime = self._runtime.fork()
        calls = list(self._calls)
        if handlers:
            runtime.add(handlers)
            calls += [self._call_to_here(), "sim = sim.fork(handlers=...)"]
        native = self._native.fork(runtime.pairs())
        return Simulation(self.scenario, native, runtime, calls)

    def inject(self, action: str, *, duration: str | None = None, **what: Any) -> None:
        """Makes an entry of ``timeline:`` happen now.

        Parameters
        ----------
        action : str
            ``crash_poller`` (mapping, shard), ``throttle`` or ``outage`` (function),
            ``fail_destination`` (destination), ``lose_acknowledgements`` (producer, probability),
            ``UpdateEventSourceMapping`` (name, Enabled).
        duration : str, optional
            How long, the entry's ``for``: ``"30s"``. Default: to the end of the run.
        **what
            The keys of the action. A shard can be given as a number.

        Raises
        ------
        ScenarioError
            If the scenario does not have a thing of that name.
        TrimhorizonError
            If the run has reached its ``duration``.

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.run_until("450ms")
        >>> sim.inject("crash_poller", mapping="billing-orders", shard=0)
        >>> sim.pollers[0].incarnation
        1
        """
        here = self._call_to_here()
        call = dict(what, **({"duration": duration} if duration else {}))
        if "shard" in what:
            what["shard"] = shard_name(what["shard"])
        entry: dict[str, Any] = {"at": "0s"}
        if duration is not None:
            entry["for"] = duration
        entry[action] = what
        with self._runtime.running():
            self._native.inject(json.dumps(entry, ensure_ascii=False))
        self._calls += [here, "sim." + call_expression("inject", action, **call)]

    # ---- looking at it ---------------------------------------------------------------------------
    @property
    def now(self) -> timedelta:
        """Simulated time since the beginning."""
        return _time(self._native.now_us)

    @property
    def steps(self) -> int:
        """The number of events that have happened."""
        return self._native.steps

    @property
    def ended(self) -> str:
        """``running``, ``drained`` or ``duration``."""
        return self._native.ended

    @property
    def trace_digest(self) -> str:
        """The digest of everything that has happened so far."""
        return self._native.trace_digest

    @property
    def shards(self) -> list[Shard]:
        """All shards."""
        return [Shard(*each[:4], _time(each[4]), *each[5:]) for each in self._native.shards]

    @property
    def pollers(self) -> list[Poller]:
        """All pollers, with their iterators, checkpoints, lanes and invocations in flight."""
        pollers = []
        for *head, lane, flight in self._native.pollers:
            if flight is not None:
                number, attempt, started, ends, records = flight
                flight = InFlight(number, attempt, _time(started), _time(ends), records)
            pollers.append(Poller(*head, [Batch(*each) for each in lane], flight))
        return pollers

    @property
    def checkpoints(self) -> dict[str, dict[str, str | None]]:
        """Per mapping and shard, the id of the last settled record, or None."""
        found: dict[str, dict[str, str | None]] = {}
        for poller in self.pollers:
            found.setdefault(poller.mapping, {})[poller.shard] = poller.checkpoint
        return found

    @property
    def iterators(self) -> dict[str, dict[str, int]]:
        """Per mapping and shard, the position of the first record that is not settled."""
        found: dict[str, dict[str, int]] = {}
        for poller in self.pollers:
            found.setdefault(poller.mapping, {})[poller.shard] = poller.iterator
        return found

    @property
    def lanes(self) -> dict[str, dict[str, list[Batch]]]:
        """Per mapping and shard, a stack of batches to work on. The last one is next."""
        found: dict[str, dict[str, list[Batch]]] = {}
        for poller in self.pollers:
            found.setdefault(poller.mapping, {})[poller.shard] = poller.lane
        return found

    @property
    def pending(self) -> list[PendingEvent]:
        """The events that are due, in the order in which they will happen."""
        return [PendingEvent(_time(at), *rest) for at, *rest in self._native.pending]

    def result(self) -> Result:
        """The result so far. To collect it, the same run is made again.

        If the run has not ended, an expectation that does not hold yet is undecided.

        Returns
        -------
        Result

        Examples
        --------
        >>> import trimhorizon as th
        >>> sim = th.example().start()
        >>> sim.run_until("700ms")
        >>> sim.result().fates, sim.result().ended
        ({'billing-orders': {'pending': 7}}, 'running')
        """
        return Result(self._native.result(self._replay_expression()), {}, True,
                      self._runtime.failures, self._runtime.failure_count)

    def _call_to_here(self) -> str:
        """The call that brings a simulation to this moment, as text."""
        due, now_us = self._native.pending, self._native.now_us
        if due and due[0][0] <= now_us:  # other events are due at this instant
            return f"[sim.step() for _ in range({self._native.steps} - sim.steps)]"
        return f'sim.run_until("{_duration_text(now_us)}")' if now_us else ""

    def _replay_expression(self) -> str:
        running = self._native.ended == "running"
        if len(self._calls) == 1 and not running:
            return run_expression(self.scenario._native, self._native.seed, bool(self._runtime))
        last = [self._call_to_here() if running else "sim.run()", "sim.result()"]
        return "; ".join(call for call in [*self._calls, *last] if call)

    def __repr__(self) -> str:
        return on_line(f"<Simulation of {self.scenario.file} at {self.now}, {self.ended}>")

    def __reduce__(self):
        raise TrimhorizonError(
            "a simulation cannot be pickled: pickle its result() or its scenario")

    def _run_again(self):
        return self._native.again()
