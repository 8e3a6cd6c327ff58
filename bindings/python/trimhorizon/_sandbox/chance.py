"""Random numbers as handlers see them: seeded, with a new state for each call."""

from __future__ import annotations

import random
import sys
import uuid

__all__ = ["Chance"]


class Chance:
    """Makes ``random``, ``uuid``, ``os.urandom`` and numpy's random numbers follow from the seed.

    Each call of a handler begins with its own random state. It depends on the seed, the mapping and
    the number of the call in this mapping, but not on what other handlers draw.
    """

    def __init__(self, seed: int):
        self.seed = seed
        self._call = 0
        self._bytes: random.Random | None = None
        self._saved: list = []

    def begin(self, call: int = 0) -> None:
        """Sets the random state to that of the start of this call; 0 is the start of the run."""
        self._call = call
        self._bytes = None
        random.seed(self.seed << 64 | call)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed([word & 0xFFFFFFFF for word in (
                self.seed, self.seed >> 32, call, call >> 32)])

    def bytes(self, size: int) -> bytes:
        """The bytes that ``os.urandom`` returns."""
        if self._bytes is None:
            self._bytes = random.Random(self.seed << 128 | self._call << 64 | 1)
        return self._bytes.getrandbits(size * 8).to_bytes(size, "little")

    def start(self) -> None:
        """Keeps the current random state and sets ours."""
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
        """Restores the kept random state."""
        while self._saved:
            self._saved.pop()()
