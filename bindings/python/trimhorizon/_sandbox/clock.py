"""Simulated time as handlers see it.

The wall clocks are those of ``time-machine`` (in C, so that every captured reference follows), in
all threads. Waiting and the steady clocks are stand-ins, which ask which thread calls: threads
that are not the run's see the real ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .real import REAL

__all__ = ["Clock", "TimedOut"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NO_DEADLINE = 1 << 62


class TimedOut(BaseException):
    """The handler slept longer than its Timeout: Lambda stops it here."""


class Clock:
    """Simulated time, in microseconds since the scenario's epoch.

    It counts whether it is shown or not: ``start`` and ``stop`` only move the wall clocks of the
    process. One that is not ``virtual`` leaves them alone, and goes on by itself.

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
        self._shown_us = 0  # where the wall clocks stand
        self._begun_s = 0.0  # of a real clock

    @property
    def wall_s(self) -> float:
        """Seconds since 1970."""
        return self._epoch_s + self.now_us / 1_000_000

    @property
    def seen_us(self) -> int:
        """What a handler takes for now; a real clock goes on while it works."""
        if self.virtual:
            return self.now_us
        return self.now_us + round((REAL["monotonic"]() - self._begun_s) * 1_000_000)

    def begin(self, us: int, deadline_us: int = _NO_DEADLINE) -> None:
        """Time stands at ``us``; sleeping past ``deadline_us`` raises TimedOut."""
        self.now_us = us
        self.timed_out = False
        self._deadline_us = deadline_us
        if not self.virtual:
            self._begun_s = REAL["monotonic"]()
        self._show()

    def advance(self, us: int) -> None:
        """Time goes on, up to the deadline."""
        if self.now_us + us > self._deadline_us:
            self.now_us = max(self.now_us, self._deadline_us)
            self.timed_out = True
            self._show()
            raise TimedOut()
        self.now_us += us
        self._show()

    def start(self) -> None:
        """The wall clocks of the process show it from now on."""
        if not self.virtual:
            return
        self._travel = _time_machine().travel(self._epoch, tick=False)
        self._traveller = self._travel.start()
        self._shown_us = 0
        self._show()

    def stop(self) -> None:
        """Undoes what start did."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = self._traveller = None

    def _show(self) -> None:
        if self._traveller is not None:  # a difference is exact, and far cheaper than a date
            self._traveller.shift(timedelta(microseconds=self.now_us - self._shown_us))
            self._shown_us = self.now_us


def _time_machine():
    try:
        import time_machine
    except ImportError as error:
        raise ImportError(
            "handlers run under a virtual clock, which needs time-machine: "
            "pip install 'trimhorizon[handlers]', or pass clock='real' to run under the real one"
        ) from error
    return time_machine
