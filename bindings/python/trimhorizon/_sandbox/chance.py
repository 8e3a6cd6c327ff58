"""Chance as handlers see it: seeded, and of each call its own."""

from __future__ import annotations

import random
import sys
import uuid

__all__ = ["Chance"]


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
