"""What stands in for the process's clocks and randomness while a run with handlers lasts.

The functions are made once for the process, and ask at each call which run is on: a module that is
first imported in one run keeps what it captured (``from time import sleep``) for the next.

Always:
 1. Outside of a run, and in threads that are not the run's, they are the real ones.
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
# A machine that has been up for a thousand seconds at the scenario's epoch.
_UP_S = 1000


class _On:
    """The run that is on, if any: its clock (None: the real one), its chance, its thread."""

    clock: Any = None
    chance: Any = None
    thread: int | None = None
    children: set[threading.Thread] = set()  # threads that it, or one of them, has started


def turn_on(clock: Any, chance: Any) -> None:
    """From now on the calling thread sees these."""
    _On.clock, _On.chance, _On.thread = clock, chance, threading.get_ident()
    _On.children = set()


def turn_off() -> None:
    """Everybody sees what is real."""
    _On.clock = _On.chance = _On.thread = None
    _On.children = set()


def belongs_to_run() -> bool:
    """Whether the calling thread is the run's, or was started by it."""
    return threading.get_ident() == _On.thread or threading.current_thread() in _On.children


def _clock() -> Any:
    return _On.clock if _On.thread == threading.get_ident() else None


def _chance() -> Any:
    return _On.chance if _On.thread == threading.get_ident() else None


# ---- the functions -------------------------------------------------------------------------------
def sleep(seconds):
    """Simulated time goes on; nobody waits."""
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
    """Of the steady clocks, simulated time."""
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
    """The real one reads a clock of its own in C; this one asks ``time.time``."""
    return REAL["ctime"](time.time() if seconds is None else seconds)


def asctime(*parts):
    """As ``ctime``: by ``time.localtime``."""
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
    """``random.seed()`` takes bytes of the operating system: here those of the seed."""
    chance = _chance()
    if a is None and chance is not None:
        a = chance.bytes(32)
    return REAL["seed"](a, version)


def select(selector, timeout=None):
    """An event loop that only waits for its timers waits in virtual time."""
    clock = _clock()
    if timeout is None or timeout <= 0 or clock is None:
        return REAL["select"](selector, timeout)
    if len(selector.get_map()) <= 1:  # nothing but the loop's own wake-up
        ready = REAL["select"](selector, 0)
        if not ready:
            clock.advance(math.ceil(timeout * 1_000_000))
        return ready
    started = REAL["monotonic"]()
    ready = REAL["select"](selector, timeout)
    clock.advance(math.ceil((REAL["monotonic"]() - started) * 1_000_000))
    return ready


def start(thread):
    """A thread that the run starts belongs to it."""
    if belongs_to_run():
        _On.children.add(thread)
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
