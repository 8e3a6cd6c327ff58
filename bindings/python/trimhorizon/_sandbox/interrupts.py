"""Ctrl-C while a run with handlers lasts: heard where it cannot leave anything half done.

Such a run patches the process (clock, randomness, environment variables) and puts everything back.
A KeyboardInterrupt in the middle of that would leave a process whose clock stands still, and a
second Ctrl-C is pressed exactly when the first one is being obeyed.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any, Callable

__all__ = ["Interrupts", "check", "interruptible"]

_held: "Interrupts | None" = None


def interruptible(call: Callable[..., Any], *arguments: Any) -> Any:
    """Calls the user's code: below this frame a Ctrl-C strikes at once."""
    return call(*arguments)


def check() -> None:
    """Obeys a Ctrl-C that was noted; the core asks between two events, every 20 ms."""
    if _held is not None:
        _held.check()


class Interrupts:
    """Holds SIGINT back from enter to exit, in the thread that hears it.

    Always:
     1. In the user's code, and in no other, the signal is passed on where it strikes.
     2. Elsewhere it is noted, and passed on at the next check, or at exit when all is undone.
     3. Noted while the exception of an earlier one is on its way out, it is dropped: that exception
        says the same.
    """

    def __init__(self) -> None:
        self._previous: Any = None
        self._noted = False
        self._raised: BaseException | None = None

    def __enter__(self) -> Interrupts:
        global _held
        if threading.current_thread() is threading.main_thread():
            previous = signal.getsignal(signal.SIGINT)
            if callable(previous):  # else nobody would raise: ignored, or not Python's
                self._previous = previous
                try:
                    signal.signal(signal.SIGINT, self._on)
                except ValueError:  # a second interpreter of the process
                    self._previous = None
                else:
                    _held = self
        return self

    def __exit__(self, kind, error, trace) -> None:
        global _held
        if self._previous is None:
            return
        _held = None
        if signal.getsignal(signal.SIGINT) == self._on:  # else a handler has chosen its own
            signal.signal(signal.SIGINT, self._previous)
        if self._noted and (error is None or error is not self._raised):
            self._pass(signal.SIGINT, sys._getframe())

    def check(self) -> None:
        """Passes a noted one on, in the thread that hears it."""
        if self._noted and threading.current_thread() is threading.main_thread():
            self._pass(signal.SIGINT, sys._getframe())

    def _on(self, number, frame) -> None:
        below = frame
        while below is not None:
            if below.f_code is interruptible.__code__:
                self._pass(number, frame)
                return
            below = below.f_back
        self._noted = True

    def _pass(self, number, frame) -> None:
        self._noted = False
        try:
            self._previous(number, frame)
        except BaseException as error:
            self._raised = error
            raise
