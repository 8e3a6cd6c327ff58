"""What stands in for the process's clocks and randomness while a run with handlers lasts.

The functions are made once for the process, and ask at each call which run is on: a module that is
first imported in one run keeps what it captured (``from time import sleep``) for the next.

Always:
 1. Outside of a run, and in threads that are not the run's, they are the real ones.
 2. What ``put`` replaces, ``undo`` brings back: names of modules, closures, default arguments.
"""

from __future__ import annotations

import functools
import math
import os
import random
import selectors
import sys
import sysconfig
import threading
import time
import types
from typing import Any, Callable, Iterable, Iterator

__all__: list[str] = []

# Kept in a dict, where no pass over the names of modules finds them.
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

# They wait for locks and processes, which takes real time: with a clock that stands still, a wait
# with a timeout would never end.
_WAIT_IN_REAL_TIME = ("threading", "queue", "subprocess", "multiprocessing.connection")

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


def is_of_the_run() -> bool:
    """Whether the calling thread is the run's, or was started by it."""
    return threading.get_ident() == _On.thread or threading.current_thread() in _On.children


def _clock() -> Any:
    return _On.clock if _On.thread == threading.get_ident() else None


def _chance() -> Any:
    return _On.chance if _On.thread == threading.get_ident() else None


# ---- the functions -------------------------------------------------------------------------------
def sleep(seconds):
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
    clock = _clock()
    if clock is None or which not in _STEADY:
        return REAL["clock_gettime"](which)
    return _steady_s(clock)


def clock_gettime_ns(which):
    clock = _clock()
    if clock is None or which not in _STEADY:
        return REAL["clock_gettime_ns"](which)
    return _steady_ns(clock)


def ctime(seconds=None):
    return REAL["ctime"](time.time() if seconds is None else seconds)


def asctime(*parts):
    return REAL["asctime"](*(parts or (time.localtime(),)))


def urandom(size):
    chance = _chance()
    return REAL["urandom"](size) if chance is None else chance.bytes(size)


def getrandom(size, flags=0):
    chance = _chance()
    return REAL["getrandom"](size, flags) if chance is None else chance.bytes(size)


def seed(a=None, version=2):
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
    if is_of_the_run():
        _On.children.add(thread)
    return REAL["start"](thread)


_OURS: dict[str, Any] = {
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


# ---- where they are put --------------------------------------------------------------------------
# Installed modules that were looked through: their names, how many, and which had been captured. A
# pass over all of them costs 10 to 30 ms; the user's own modules are looked through every time.
_KNOWN: dict[frozenset, dict[str, tuple[Any, int, list[str]]]] = {}
_INSTALLED = tuple({os.path.join(sysconfig.get_path(each), "")
                    for each in ("stdlib", "platstdlib", "purelib", "platlib")})


def is_installed(key: str) -> bool:
    """Whether a module is none of the user's own."""
    try:
        names = object.__getattribute__(sys.modules.get(key), "__dict__")
    except AttributeError:
        return True
    file = names.get("__file__")
    if file is None:
        return key != "__main__"
    return str(file).startswith(_INSTALLED)


_BEHIND_MAX = 1000  # more are no function, but a program


def functions_behind(function: Any) -> Iterator[types.FunctionType]:
    """The Python functions of which a callable is made: wrapped, bound, partial, in closures."""
    todo, seen = [function], {}  # by id, and kept: no other object gets one of these ids
    while todo and len(seen) < _BEHIND_MAX:
        each = todo.pop()
        if id(each) in seen or isinstance(each, (type, types.ModuleType)) or not callable(each):
            continue
        seen[id(each)] = each
        own = getattr(each, "__dict__", None)
        own = own if isinstance(own, dict) else {}
        todo.append(own.get("__wrapped__"))  # an object may have an answer for every attribute
        if isinstance(each, functools.partial):
            todo += [each.func, *each.args, *each.keywords.values()]
        elif isinstance(each, types.MethodType):
            todo.append(each.__func__)
        elif isinstance(each, types.FunctionType):
            yield each
            todo += [value for _, value in cells(each)]
            todo += [*(each.__defaults__ or ()), *(each.__kwdefaults__ or {}).values()]
        elif not isinstance(each, types.BuiltinFunctionType):
            todo += [getattr(type(each), "__call__", None), *own.values()]


def cells(function: types.FunctionType) -> Iterator[tuple[types.CellType, Any]]:
    """Closure cells that hold something, and what."""
    for cell in function.__closure__ or ():
        try:
            yield cell, cell.cell_contents
        except ValueError:  # not bound yet
            pass


class Patches:
    """Puts our functions wherever the real ones were captured, and takes them back."""

    def __init__(self, names: Iterable[str]):
        self._ours = {id(REAL[name]): _OURS[name] for name in names if name in REAL}
        self._undo: list[Callable[[], Any]] = []
        self._known = _KNOWN.setdefault(frozenset(self._ours), {})

    def put(self, handlers: Iterable[Any]) -> None:
        """Everywhere: in all modules, and in the functions of which ``handlers`` are made."""
        for key, module in list(sys.modules.items()):
            if key not in _WAIT_IN_REAL_TIME and key != __name__:
                self._put_in_module(key, module)
        for function in {id(f): f for each in handlers for f in functions_behind(each)}.values():
            self._put_in_function(function)

    def set(self, where: Any, name: str, value: Any) -> None:
        """An attribute, until ``undo``."""
        old = vars(where).get(name, _MISSING)
        if old is _MISSING:
            self._undo.append(lambda: delattr(where, name))
        else:
            self._undo.append(lambda: setattr(where, name, old))
        setattr(where, name, value)

    def undo(self) -> None:
        """Everything is as it was."""
        while self._undo:
            self._undo.pop()()

    def _captured(self, names: Any) -> list[str]:
        if self._ours.keys().isdisjoint(map(id, names.values())):  # the usual case, in C
            return []
        return [name for name, value in list(names.items()) if id(value) in self._ours]

    def _put_in_module(self, key: str, module: Any) -> None:
        try:
            names = object.__getattribute__(module, "__dict__")  # does not load a lazy module
        except AttributeError:
            return
        known = self._known.get(key)
        if known is None or known[0] is not names or known[1] != len(names):
            captured = self._captured(names)
            if is_installed(key):
                self._known[key] = (names, len(names), captured)
        else:
            captured = known[2]
        for name in captured:
            ours = self._ours.get(id(names.get(name)))
            if ours is not None:
                self.set(module, name, ours)

    def _put_in_function(self, function: types.FunctionType) -> None:
        names = function.__globals__  # of a module, or of what was executed in a notebook or a test
        for name in self._captured(names):
            self._undo.append(functools.partial(names.__setitem__, name, names[name]))
            names[name] = self._ours[id(names[name])]
        for cell, value in cells(function):
            if id(value) in self._ours:
                self._undo.append(functools.partial(setattr, cell, "cell_contents", value))
                cell.cell_contents = self._ours[id(value)]
        defaults = function.__defaults__
        if any(id(value) in self._ours for value in defaults or ()):
            self._undo.append(functools.partial(setattr, function, "__defaults__", defaults))
            function.__defaults__ = tuple(self._ours.get(id(v), v) for v in defaults)
        named = function.__kwdefaults__
        if any(id(value) in self._ours for value in (named or {}).values()):
            self._undo.append(functools.partial(setattr, function, "__kwdefaults__", named))
            function.__kwdefaults__ = {k: self._ours.get(id(v), v) for k, v in named.items()}


_MISSING = object()
