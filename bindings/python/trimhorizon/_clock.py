"""What handlers see of the world while a run lasts: a virtual clock and seeded randomness.

One patch per run: wall clocks by ``time-machine`` (in C, so that every captured reference follows),
``time.sleep``, ``monotonic`` and ``perf_counter`` and asyncio's waiting by functions of ours. All
of ours ask which thread calls: threads that are not the run's see the real thing.
"""

from __future__ import annotations

import math
import os
import random
import selectors
import sys
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_REAL = {
    "sleep": time.sleep,
    "monotonic": time.monotonic,
    "monotonic_ns": time.monotonic_ns,
    "perf_counter": time.perf_counter,
    "perf_counter_ns": time.perf_counter_ns,
}
_REAL_URANDOM = os.urandom
_REAL_SELECT = selectors.DefaultSelector.select
_NO_DEADLINE = 1 << 62


class TimedOut(BaseException):
    """The handler slept beyond its Timeout: Lambda stops it here."""


class Clock:
    """Simulated time as handlers see it, in microseconds since the scenario's epoch."""

    def __init__(self, epoch_ms: int, virtual: bool):
        self.now_us = 0
        self.timed_out = False
        self.virtual = virtual
        self._epoch = _EPOCH + timedelta(milliseconds=epoch_ms)
        self._epoch_s = epoch_ms / 1000
        self._deadline_us = _NO_DEADLINE
        self._thread: int | None = None  # whose time is virtual now; None: nobody's
        self._travel = None
        self._traveller = None
        self._shown_us = 0  # where the patched clocks stand
        self._undo: list = []

    # ---- for the runtime -------------------------------------------------------------------------
    @property
    def wall_s(self) -> float:
        """Seconds since 1970."""
        return self._epoch_s + self.now_us / 1_000_000

    def begin(self, us: int, deadline_us: int = _NO_DEADLINE) -> None:
        """Time stands at ``us``; sleeping beyond ``deadline_us`` raises TimedOut."""
        self.now_us = us
        self.timed_out = False
        self._deadline_us = deadline_us
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

    def start(self, namespaces) -> None:
        """Patches; ``namespaces`` are globals of handlers, where names may have been captured."""
        self._thread = threading.get_ident()
        if not self.virtual:
            return
        self._travel = _time_machine().travel(self._epoch, tick=False)
        self._traveller = self._travel.start()
        self._shown_us = 0
        self._show()
        ours = self._functions()
        replace = {id(_REAL[name]): function for name, function in ours.items()}
        for name, function in ours.items():
            self._set(time, name, function)
        for module in list(sys.modules.values()):
            if getattr(module, "__dict__", {}).get("sleep") is _REAL["sleep"]:
                self._set(module, "sleep", ours["sleep"])
        for namespace in namespaces:
            for name, value in list(namespace.items()):
                if id(value) in replace:
                    self._undo.append((namespace.__setitem__, name, value))
                    namespace[name] = replace[id(value)]
        self._set(selectors.DefaultSelector, "select", self._select())

    def stop(self) -> None:
        """Undoes what start did."""
        while self._undo:
            undo, name, value = self._undo.pop()
            undo(name, value)
        self._thread = None
        if self._travel is not None:
            self._travel.stop()
            self._travel = self._traveller = None

    # ---- the patches -----------------------------------------------------------------------------
    def _show(self) -> None:
        if self._traveller is not None:  # a difference is exact, and far cheaper than a date
            self._traveller.shift(timedelta(microseconds=self.now_us - self._shown_us))
            self._shown_us = self.now_us

    def _set(self, where, name: str, value) -> None:
        old = where.__dict__.get(name, _MISSING)
        undo = (lambda n, v, w=where: delattr(w, n)) if old is _MISSING else (
            lambda n, v, w=where: setattr(w, n, v))
        self._undo.append((undo, name, old))
        setattr(where, name, value)

    def _is_ours(self) -> bool:
        return self._thread is not None and threading.get_ident() == self._thread

    def _functions(self):
        def sleep(seconds):
            if not self._is_ours():
                return _REAL["sleep"](seconds)
            if seconds < 0:
                raise ValueError("sleep length must be non-negative")
            self.advance(math.ceil(seconds * 1_000_000))

        def reader(name, per_second):
            real = _REAL[name]

            def read():
                if not self._is_ours():
                    return real()
                # A machine that has been up for a thousand seconds at the scenario's epoch.
                if per_second == 1:
                    return 1000.0 + self.now_us / 1_000_000
                return 1_000_000_000_000 + self.now_us * 1000

            read.__name__ = name
            return read

        functions = {"sleep": sleep}
        for name in _REAL:
            if name != "sleep":
                functions[name] = reader(name, 1_000_000_000 if name.endswith("_ns") else 1)
        return functions

    def _select(self):
        def select(selector, timeout=None):
            """An event loop that only waits for its timers waits in virtual time."""
            if timeout is None or timeout <= 0 or not self._is_ours():
                return _REAL_SELECT(selector, timeout)
            if len(selector.get_map()) <= 1:  # nothing but the loop's own wake-up
                ready = _REAL_SELECT(selector, 0)
                if not ready:
                    self.advance(math.ceil(timeout * 1_000_000))
                return ready
            started = _REAL["monotonic"]()
            ready = _REAL_SELECT(selector, timeout)
            self.advance(math.ceil((_REAL["monotonic"]() - started) * 1_000_000))
            return ready

        return select


_MISSING = object()


def _time_machine():
    try:
        import time_machine
    except ImportError as error:
        raise ImportError(
            "handlers run under a virtual clock, which needs time-machine: "
            "pip install 'trimhorizon[handlers]', or pass clock='real' to run under the real one"
        ) from error
    return time_machine


class Chance:
    """``random``, ``uuid`` and ``os.urandom`` as functions of the seed while a run lasts."""

    def __init__(self, seed: int):
        self._seed = seed
        self._draw_from(seed)
        self._saved: list = []
        self._thread: int | None = None

    def _draw_from(self, what) -> None:
        self._state = random.Random(f"trimhorizon/{what}").getstate()
        self._bytes = random.Random(f"trimhorizon/bytes/{what}")

    def begin(self, number: int | None = None) -> None:
        """While it lasts: chance as at the start of a run, or of a call alone."""
        self._draw_from(self._seed if number is None else f"{self._seed}/{number}")
        random.setstate(self._state)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed(self._bytes.getrandbits(32))

    def fork(self) -> Chance:
        """The same future once more."""
        copy = Chance(self._seed)
        copy._state = self._state
        copy._bytes.setstate(self._bytes.getstate())
        return copy

    def urandom(self, size: int) -> bytes:
        """Bytes of the seed for the run's thread, real ones for any other."""
        if threading.get_ident() != self._thread:
            return _REAL_URANDOM(size)
        return self._bytes.getrandbits(size * 8).to_bytes(size, "little")

    def start(self) -> None:
        """Patches and remembers the state of ``random``."""
        self._thread = threading.get_ident()
        theirs = random.getstate()
        self._saved.append(lambda: random.setstate(theirs))
        random.setstate(self._state)
        for module in list(sys.modules.values()):
            names = getattr(module, "__dict__", {})
            for name in ("urandom", "_urandom"):
                if names.get(name) is _REAL_URANDOM:
                    self._saved.append(lambda m=module, n=name: setattr(m, n, _REAL_URANDOM))
                    setattr(module, name, self.urandom)
        node = getattr(uuid, "_node", None)
        self._saved.append(lambda: setattr(uuid, "_node", node))
        uuid._node = 0x02_74_68_00_00_01  # a locally administered address
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            state = numpy.random.get_state()
            self._saved.append(lambda: numpy.random.set_state(state))
            numpy.random.seed(self._bytes.getrandbits(32))

    def stop(self) -> None:
        """Undoes what start did, and keeps our state for the next step."""
        self._state = random.getstate()
        while self._saved:
            self._saved.pop()()
        self._thread = None
