"""Replaying: repeats a run with exactly the decisions that an exploration found."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .. import _core
from .._arguments import check_has, seed_number
from .._handlers import Runtime
from .._scenario import Scenario
from .._text import on_page

__all__ = ["Replay", "replay"]


class Replay(NamedTuple):
    """A run with given decisions. ``repr`` is the page that ``trimhorizon replay`` prints.

    Attributes
    ----------
    matches : bool
        Whether it asked exactly the recorded questions, to the end.
    drift : str
        The first difference: what was expected there, and what came. Empty if it matches.
    at_rest : bool
        Whether it ended with nothing left to happen.
    questions : int
        The number of questions that it asked.
    decisions, story : list of str
    broken : list of str
        The properties that it broke, each with the records.
    text : str
        The page that the command line prints.
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
        return on_page(self.text.rstrip("\n"))


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
        A token, ``th1:...``. Default: the decisions in the scenario.
    handlers : mapping, optional
        The handlers that you explored it with.
    seed : int, optional
        Used instead of the seed in the file.

    Returns
    -------
    Replay

    Raises
    ------
    ExploreError
        If there are no decisions, or if the token is damaged.

    Examples
    --------
    >>> import trimhorizon as th
    >>> found = th.explore(th.example(), sites=["poller_crash"], properties=["at_most_once"])
    >>> again = th.replay(th.example(), found.violations[0].decisions)
    >>> again.matches, again.broken
    (True, ['at_most_once (r0, r1, r2, r3 and r4)'])
    >>> th.replay(th.example().set({"BatchSize": 2}), found.violations[0].decisions).matches
    False
    """
    check_has("start", scenario, "replay takes a scenario (th.load, th.loads)")
    if seed is not None:
        seed = seed_number(seed)
    runtime = Runtime(scenario._native, scenario.seed if seed is None else seed, handlers)
    with runtime.running():
        return Replay(*_core.explore.replay(scenario._native, decisions or "", seed,
                                            runtime.pairs()))
