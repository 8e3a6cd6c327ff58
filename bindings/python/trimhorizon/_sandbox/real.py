"""The original functions of the process that a sandbox replaces.

They are kept in a dict, so that the search through the names of modules does not find them.
"""

from __future__ import annotations

import os
import random
import selectors
import threading
import time
from typing import Any

__all__ = ["CHANCE", "CLOCKS", "REAL"]

REAL: dict[str, Any] = {
    "sleep": time.sleep,
    "monotonic": time.monotonic,
    "monotonic_ns": time.monotonic_ns,
    "perf_counter": time.perf_counter,
    "perf_counter_ns": time.perf_counter_ns,
    "ctime": time.ctime,
    "asctime": time.asctime,
    "urandom": os.urandom,
    "seed": random.seed,
    "select": selectors.DefaultSelector.select,
    "start": threading.Thread.start,
}
for _module, _name in ((time, "clock_gettime"), (time, "clock_gettime_ns"), (os, "getrandom")):
    if hasattr(_module, _name):
        REAL[_name] = getattr(_module, _name)

CHANCE = ("urandom", "getrandom", "seed")
CLOCKS = tuple(name for name in REAL if name not in (*CHANCE, "select", "start"))
