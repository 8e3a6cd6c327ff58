"""What handlers see of the world while a run lasts: a virtual clock and seeded randomness.

The wall clocks are those of ``time-machine`` (in C, so that every captured reference follows), in
all threads. Waiting, the steady clocks and chance are functions of ours (``_patches``) that ask
which thread calls: threads that are not the run's see the real ones.
"""

from __future__ import annotations

import random
import selectors
import sys
import threading
import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone

from ._patches import CHANCE, CLOCKS, REAL, Patches, select, start, turn_off, turn_on

__all__: list[str] = []

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_REAL = REAL
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
        self._travel = None
        self._traveller = None
        self._shown_us = 0  # where the patched clocks stand
        self._begun_s = 0.0  # of a real clock

    # ---- for the runtime -------------------------------------------------------------------------
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
        """Time stands at ``us``; sleeping beyond ``deadline_us`` raises TimedOut."""
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


class Chance:
    """``random``, ``uuid``, ``os.urandom`` and numpy's chance as functions of the seed.

    Each call of a handler begins with its own: what it draws depends on the seed, its mapping and
    the mapping's count of calls, and on nothing that other handlers draw.
    """

    def __init__(self, seed: int):
        self.seed = seed
        self._call = 0
        self._bytes: random.Random | None = None
        self._saved: list = []

    def begin(self, call: int = 0) -> None:
        """While it lasts: chance as at the start of this call; 0: of the run."""
        self._call = call
        self._bytes = None
        random.seed(self.seed << 64 | call)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed([word & 0xFFFFFFFF for word in (
                self.seed, self.seed >> 32, call, call >> 32)])

    def bytes(self, size: int) -> bytes:
        """What ``os.urandom`` gives."""
        if self._bytes is None:
            self._bytes = random.Random(self.seed << 128 | self._call << 64 | 1)
        return self._bytes.getrandbits(size * 8).to_bytes(size, "little")

    def start(self) -> None:
        """Remembers the state of ``random`` and puts ours in its place."""
        theirs = random.getstate()
        self._saved.append(lambda: random.setstate(theirs))
        node = getattr(uuid, "_node", None)
        self._saved.append(lambda: setattr(uuid, "_node", node))
        uuid._node = 0x02_74_68_00_00_01  # a locally administered address
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            state = numpy.random.get_state()
            self._saved.append(lambda: numpy.random.set_state(state))
        self.begin()

    def stop(self) -> None:
        """Undoes what start did."""
        while self._saved:
            self._saved.pop()()


class Surroundings:
    """The patches of the process for one run: all of them at once, and all of them back."""

    def __init__(self, clock: Clock, chance: Chance):
        self._clock = clock
        self._chance = chance
        self._patches = Patches((*CHANCE, *CLOCKS) if clock.virtual else CHANCE)
        self._undo = ExitStack()

    def start(self, handlers) -> None:
        """One pass over all modules; ``handlers`` may have captured clocks elsewhere."""
        self._undo.callback(self._clock.stop)
        self._clock.start()
        self._chance.start()
        self._undo.callback(self._chance.stop)
        self._undo.callback(self._patches.undo)
        self._patches.put(handlers)
        self._patches.set(threading.Thread, "start", start)
        if self._clock.virtual:
            self._patches.set(selectors.DefaultSelector, "select", select)
        self._undo.callback(turn_off)
        turn_on(self._clock if self._clock.virtual else None, self._chance)

    def stop(self) -> None:
        """Undoes what start did, as far as it came."""
        self._undo.close()
