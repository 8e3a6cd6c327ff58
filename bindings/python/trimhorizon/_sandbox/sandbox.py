"""Applies everything that a run with handlers changes in the process, and undoes it."""

from __future__ import annotations

import selectors
import threading
from contextlib import ExitStack, contextmanager
from typing import Any, Iterable, Iterator

from .._errors import TrimhorizonError
from .chance import Chance
from .clock import Clock
from .interrupts import Interrupts, check
from .patches import Patches
from .real import CHANCE, CLOCKS
from .stand_ins import belongs_to_run, select, start, turn_off, turn_on
from .variables import Variables

__all__ = ["Sandbox"]

_LOCK = threading.Lock()  # a sandbox changes the process, so only one is active at a time


class Sandbox:
    """The process as the handlers of one run see it.

    Attributes
    ----------
    clock : Clock
        Simulated time, or real time with ``virtual=False``.
    chance : Chance
    variables : Variables

    Examples
    --------
    >>> import time
    >>> def nap():
    ...     time.sleep(3600)
    ...     return time.time()
    >>> sandbox = Sandbox(epoch_ms=0, seed=7)
    >>> with sandbox.active([nap]):
    ...     nap()
    3600.0
    >>> time.time() > 1_700_000_000
    True
    """

    def __init__(self, epoch_ms: int, seed: int, virtual: bool = True):
        self.clock = Clock(epoch_ms, virtual)
        self.chance = Chance(seed)
        self.variables = Variables()
        self._epoch_ms = epoch_ms
        self._patches = Patches((*CHANCE, *CLOCKS) if virtual else CHANCE)

    def fork(self) -> Sandbox:
        """A new sandbox with the same settings."""
        return Sandbox(self._epoch_ms, self.chance.seed, self.clock.virtual)

    @contextmanager
    def active(self, functions: Iterable[Any]) -> Iterator[None]:
        """A context in which the process is changed, and no other run can change it.

        Clocks are replaced in all modules, and in ``functions``, which may have captured them in
        other places. Ctrl-C takes effect in the user's code and between two events.
        """
        if belongs_to_run():
            raise TrimhorizonError("a handler cannot start a run with handlers")
        with Interrupts(), _one_at_a_time(), ExitStack() as undo:
            self.variables.start()
            undo.callback(self.variables.stop)
            undo.callback(self.clock.stop)
            self.clock.start()
            undo.callback(self.chance.stop)
            self.chance.start()
            undo.callback(self._patches.undo)
            self._patches.put(functions)
            self._patches.set(threading.Thread, "start", start)
            if self.clock.virtual:
                self._patches.set(selectors.DefaultSelector, "select", select)
            undo.callback(turn_off)
            turn_on(self.clock if self.clock.virtual else None, self.chance)
            if self.clock.virtual:
                self.variables.use_utc()
            yield


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Waits until no other thread has an active sandbox. Ctrl-C stops the wait."""
    while not _LOCK.acquire(timeout=0.05):
        check()
    try:
        yield
    finally:
        _LOCK.release()
