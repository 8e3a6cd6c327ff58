"""Ctrl-C during a run with handlers: delayed where it would leave something half done.

Such a run changes the process (clock, randomness, environment variables) and restores it at the
end. A KeyboardInterrupt in the middle of that would leave a process whose clock does not move. This
is likely, since users press Ctrl-C again while the first one is being handled.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any, Callable

__all__ = ["Interrupts", "check", "interruptible"]

_held: "Interrupts | None" = None


def interruptible(call: Callable[..., Any], *arguments: Any) -> Any:
    """Calls the user's code. Inside this call Ctrl-C takes effect at once."""
    return call(*arguments)


def check() -> None:
    """Handles a delayed Ctrl-C. The core calls this between two events, every 20 ms."""
    if _held is not None:
        _held.check()


class Interrupts:
    """Delays SIGINT from enter to exit, in the thread that receives it.

    Always:
     1. In the user's code, and only there, the signal takes effect at once.
     2. Elsewhere it is noted. It takes effect at the next check, or at exit when all is undone.
     3. If it is noted while the exception of an earlier one is propagating, it is dropped: that
        exception stops the run already.
    """

    def __init__(self) -> None:
        self._previous: Any = None
        self._noted = False
        self._raised: BaseException | None = None

    def __enter__(self) -> Interrupts:
        global _held
        if threading.current_thread() is threading.main_thread():
            previous = signal.getsignal(signal.SIGINT)
            if callable(previous):  # otherwise the signal is ignored, or not handled by Python
                self._previous = previous
                try:
                    signal.signal(signal.SIGINT, self._on)
                except ValueError:  # this is a subinterpreter
                    self._previous = None
                else:
                    _held = self
        return self

    def __exit__(self, kind, error, trace) -> None:
        global _held
        if self._previous is None:
            return
        _held = None
        if signal.getsignal(signal.SIGINT) == self._on:  # otherwise the user's code has set its own
            signal.signal(signal.SIGINT, self._previous)
        if self._noted and (error is None or error is not self._raised):
            self._pass(signal.SIGINT, sys._getframe())

    def check(self) -> None:
        """Lets a noted signal take effect, in the thread that receives signals."""
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
