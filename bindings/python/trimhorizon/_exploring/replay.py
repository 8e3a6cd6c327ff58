"""Replaying: a run with exactly the decisions that an exploration found."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .. import _core
from .._arguments import seed_number
from .._handlers import Runtime
from .._scenario import Scenario

__all__ = ["Replay", "replay"]


class Replay(NamedTuple):
    """A run with given decisions; ``repr`` is the page of ``trimhorizon replay``.

    Attributes
    ----------
    matches : bool
        It asked exactly the questions that were recorded, to the end.
    drift : str
        Where it did not: what was expected, and what came.
    at_rest : bool
    questions : int
    decisions, story : list of str
    broken : list of str
        Properties that are broken at its end, each with the records.
    text : str
        The page.
    """

    matches: bool
    drift: str
    at_rest: bool
    questions: int
    decisions: list[str]
    story: list[str]
    broken: list[str]
    text: str

    def __repr__(self) -> str:
        return self.text.rstrip("\n")


def replay(
    scenario: Scenario,
    decisions: str | None = None,
    *,
    handlers: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> Replay:
    """Runs a scenario with exactly these decisions, and says whether they fit: MATCH or DRIFT.

    Parameters
    ----------
    scenario : Scenario
    decisions : str, optional
        A token, ``th1:...``; default: those of the scenario.
    handlers : mapping, optional
        Those it was explored with.
    seed : int, optional
        Instead of the file's.

    Returns
    -------
    Replay

    Raises
    ------
    ExploreError
        Without decisions, or if the token is damaged.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), sites=["poller_crash"], properties=["at_most_once"])
    >>> again = th.replay(th.example(), found.violations[0].decisions)
    >>> again.matches, again.broken
    (True, ['at_most_once (r0, r1, r2, r3 and r4)'])
    >>> th.replay(th.example().set({"BatchSize": 4}), found.violations[0].decisions).matches
    False
    """
    if seed is not None:
        seed = seed_number(seed)
    runtime = Runtime(scenario._native, scenario.seed if seed is None else seed, handlers)
    with runtime.running():
        return Replay(*_core.explore.replay(scenario._native, decisions or "", seed,
                                            runtime.pairs()))
