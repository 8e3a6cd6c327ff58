"""Simulated time as handlers see it.

``time-machine`` changes the wall clocks, for all threads. It works in C, so captured references
change too. ``sleep`` and the monotonic clocks are replaced by functions that check which thread
calls: threads that do not belong to the run get the real ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .real import REAL

__all__ = ["Clock", "TimedOut"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NO_DEADLINE = 1 << 62


class TimedOut(BaseException):
    """The handler slept longer than its Timeout. Lambda stops it here."""


class Clock:
    """Simulated time, in microseconds since the scenario's epoch.

    It counts all the time. ``start`` and ``stop`` only decide whether the wall clocks of the
    process show it. A clock that is not ``virtual`` does not change them, and runs in real time.

    >>> clock = Clock(epoch_ms=0, virtual=True)
    >>> clock.begin(1_000_000, deadline_us=4_000_000)
    >>> clock.advance(500_000)
    >>> clock.now_us, clock.wall_s
    (1500000, 1.5)
    >>> try:
    ...     clock.advance(3_000_000)
    ... except TimedOut:
    ...     clock.now_us
    4000000
    """

    def __init__(self, epoch_ms: int, virtual: bool):
        self.now_us = 0
        self.timed_out = False
        self.virtual = virtual
        self._epoch = _EPOCH + timedelta(milliseconds=epoch_ms)
        self._epoch_s = epoch_ms / 1000
        self._deadline_us = _NO_DEADLINE
        self._travel = None
        self._traveller = None
        self._shown_us = 0  # what the wall clocks show
        self._begun_s = 0.0  # when a real clock began

    @property
    def wall_s(self) -> float:
        """Seconds since 1970."""
        return self._epoch_s + self.now_us / 1_000_000

    @property
    def seen_us(self) -> int:
        """The time that a handler sees. A real clock goes on while the handler works."""
        if self.virtual:
            return self.now_us
        return self.now_us + round((REAL["monotonic"]() - self._begun_s) * 1_000_000)

    def begin(self, us: int, deadline_us: int = _NO_DEADLINE) -> None:
        """Sets the time to ``us``. Sleeping past ``deadline_us`` raises TimedOut."""
        self.now_us = us
        self.timed_out = False
        self._deadline_us = deadline_us
        if not self.virtual:
            self._begun_s = REAL["monotonic"]()
        self._show()

    def advance(self, us: int) -> None:
        """Lets time pass, at most up to the deadline."""
        if self.now_us + us > self._deadline_us:
            self.now_us = max(self.now_us, self._deadline_us)
            self.timed_out = True
            self._show()
            raise TimedOut()
        self.now_us += us
        self._show()

    def start(self) -> None:
        """From now on the wall clocks of the process show this time."""
        if not self.virtual:
            return
        self._travel = _time_machine().travel(self._epoch, tick=False)
        self._traveller = self._travel.start()
        self._shown_us = 0
        self._show()

    def stop(self) -> None:
        """The wall clocks are real again."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = self._traveller = None

    def _show(self) -> None:
        if self._traveller is not None:  # a difference is exact, and much faster than a date
            self._traveller.shift(timedelta(microseconds=self.now_us - self._shown_us))
            self._shown_us = self.now_us


def _time_machine():
    try:
        import time_machine
    except ImportError as error:
        raise ImportError(
            "the virtual clock for handlers needs time-machine: "
            "pip install 'trimhorizon[handlers]', or pass clock='real' to use the real clock"
        ) from error
    return time_machine
