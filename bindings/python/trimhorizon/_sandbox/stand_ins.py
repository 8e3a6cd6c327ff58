"""Replaces the process's clocks and randomness during a run with handlers.

The functions here are made once for the process. At each call they check which run is active. This
is necessary, since a module that is first imported during a run keeps what it captured (``from time
import sleep``) for the next run.

Always:
 1. Outside of a run, and in threads that do not belong to the run, they call the real functions.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Any, Callable

from .real import REAL

__all__ = ["STAND_INS", "belongs_to_run", "turn_off", "turn_on"]

_STEADY = tuple(
    getattr(time, name)
    for name in ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME", "CLOCK_UPTIME")
    if hasattr(time, name)
)
# At the scenario's epoch, the machine has been running for a thousand seconds.
_UP_S = 1000


class _ActiveRun:
    """The active run, if any: its clock (None for the real one), randomness and thread."""

    clock: Any = None
    chance: Any = None
    thread: int | None = None
    children: set[threading.Thread] = set()  # threads that the run started, and their threads


def turn_on(clock: Any, chance: Any) -> None:
    """From now on the calling thread gets this clock and this randomness."""
    _ActiveRun.clock, _ActiveRun.chance = clock, chance
    _ActiveRun.thread = threading.get_ident()
    _ActiveRun.children = set()


def turn_off() -> None:
    """From now on every thread gets the real functions."""
    _ActiveRun.clock = _ActiveRun.chance = _ActiveRun.thread = None
    _ActiveRun.children = set()


def belongs_to_run() -> bool:
    """Whether the calling thread is the run's, or was started by it."""
    return (threading.get_ident() == _ActiveRun.thread
            or threading.current_thread() in _ActiveRun.children)


def _clock() -> Any:
    return _ActiveRun.clock if _ActiveRun.thread == threading.get_ident() else None


def _chance() -> Any:
    return _ActiveRun.chance if _ActiveRun.thread == threading.get_ident() else None


# ---- the functions -------------------------------------------------------------------------------
def sleep(seconds):
    """Simulated time passes, but no real time."""
    clock = _clock()
    if clock is None:
        return REAL["sleep"](seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    return clock.advance(math.ceil(seconds * 1_000_000))


def _steady(name: str, in_ns: bool) -> Callable[[], Any]:
    real = REAL[name]

    def read():
        clock = _clock()
        if clock is None:
            return real()
        return _steady_ns(clock) if in_ns else _steady_s(clock)

    read.__name__ = read.__qualname__ = name
    return read


def _steady_s(clock: Any) -> float:
    return _UP_S + clock.now_us / 1_000_000


def _steady_ns(clock: Any) -> int:
    return _UP_S * 1_000_000_000 + clock.now_us * 1000


def clock_gettime(which):
    """Simulated time for the monotonic clocks, otherwise the real function."""
    clock = _clock()
    if clock is None or which not in _STEADY:
        return REAL["clock_gettime"](which)
    return _steady_s(clock)


def clock_gettime_ns(which):
    """The same in nanoseconds."""
    clock = _clock()
    if clock is None or which not in _STEADY:
        return REAL["clock_gettime_ns"](which)
    return _steady_ns(clock)


def ctime(seconds=None):
    """Reads ``time.time``, since the real function reads the real clock in C."""
    return REAL["ctime"](time.time() if seconds is None else seconds)


def asctime(*parts):
    """Reads ``time.localtime``, for the same reason as ``ctime``."""
    return REAL["asctime"](*(parts or (time.localtime(),)))


def urandom(size):
    """Bytes that follow from the seed."""
    chance = _chance()
    return REAL["urandom"](size) if chance is None else chance.bytes(size)


def getrandom(size, flags=0):
    """Bytes that follow from the seed; it never waits for entropy."""
    chance = _chance()
    return REAL["getrandom"](size, flags) if chance is None else chance.bytes(size)


def seed(a=None, version=2):
    """``random.seed()`` would take bytes of the operating system; they follow from the seed."""
    chance = _chance()
    if a is None and chance is not None:
        a = chance.bytes(32)
    return REAL["seed"](a, version)


def select(selector, timeout=None):
    """Waits in virtual time if the event loop waits only for its timers."""
    clock = _clock()
    if timeout is None or timeout <= 0 or clock is None:
        return REAL["select"](selector, timeout)
    if len(selector.get_map()) <= 1:  # only the loop's own wake-up
        ready = REAL["select"](selector, 0)
        if not ready:
            clock.advance(math.ceil(timeout * 1_000_000))
        return ready
    started = REAL["monotonic"]()
    ready = REAL["select"](selector, timeout)
    clock.advance(math.ceil((REAL["monotonic"]() - started) * 1_000_000))
    return ready


def start(thread):
    """Notes that a thread which the run starts belongs to the run."""
    if belongs_to_run():
        _ActiveRun.children.add(thread)
    return REAL["start"](thread)


STAND_INS: dict[str, Any] = {
    "sleep": sleep,
    "monotonic": _steady("monotonic", False),
    "monotonic_ns": _steady("monotonic_ns", True),
    "perf_counter": _steady("perf_counter", False),
    "perf_counter_ns": _steady("perf_counter_ns", True),
    "clock_gettime": clock_gettime,
    "clock_gettime_ns": clock_gettime_ns,
    "ctime": ctime,
    "asctime": asctime,
    "urandom": urandom,
    "getrandom": getrandom,
    "seed": seed,
}
