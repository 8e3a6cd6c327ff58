"""Puts the replacements of real functions wherever the real ones were captured.

Always:
 1. ``undo`` restores everything that ``put`` and ``set`` replaced: names of modules, closures,
    default arguments.
"""

from __future__ import annotations

import functools
import sys
import types
from typing import Any, Callable, Iterable

from .real import REAL
from .stand_ins import STAND_INS
from .users_code import cells, functions_of, is_installed

__all__ = ["Patches"]

# These modules wait for locks and processes, which takes real time. A virtual clock does not move
# meanwhile, so a wait with a timeout would never end.
_WAIT_IN_REAL_TIME = ("threading", "queue", "subprocess", "multiprocessing.connection")

# Installed modules that were searched: their names, how many, and which of them are captured. This
# saves time, since a search of all modules takes 10 to 30 ms. The user's own modules are searched
# every time.
_KNOWN: dict[frozenset, dict[str, tuple[Any, int, list[str]]]] = {}
_MISSING = object()


class Patches:
    """Replaces some real functions, and puts them back at the end.

    >>> import time
    >>> patches, real = Patches(["sleep"]), time.sleep
    >>> patches.put([])
    >>> time.sleep is real
    False
    >>> patches.undo()
    >>> time.sleep is real
    True
    """

    def __init__(self, names: Iterable[str]):
        self._ours = {id(REAL[name]): STAND_INS[name] for name in names if name in REAL}
        self._undo: list[Callable[[], Any]] = []
        self._known = _KNOWN.setdefault(frozenset(self._ours), {})

    def put(self, handlers: Iterable[Any]) -> None:
        """Replaces them everywhere: in all modules, and in the functions inside ``handlers``."""
        for key, module in list(sys.modules.items()):
            if key not in _WAIT_IN_REAL_TIME:
                self._put_in_module(key, module)
        for function in {id(f): f for each in handlers for f in functions_of(each)}.values():
            self._put_in_function(function)

    def set(self, where: Any, name: str, value: Any) -> None:
        """Sets an attribute until ``undo``."""
        old = vars(where).get(name, _MISSING)
        if old is _MISSING:
            self._undo.append(lambda: delattr(where, name))
        else:
            self._undo.append(lambda: setattr(where, name, old))
        setattr(where, name, value)

    def undo(self) -> None:
        """Puts everything back."""
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
        if getattr(names.get("__spec__"), "_initializing", False) and is_installed(key):
            return  # another thread is importing it: what it captures is not what a handler uses
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
                self._replace(functools.partial(setattr, module), names, name, ours)

    def _replace(self, put: Callable[[str, Any], Any], names: dict[str, Any], name: str,
                 ours: Any) -> None:
        """Replaces a global name until ``undo``, unless it gets another value meanwhile."""
        old = names[name]

        def restore() -> None:
            if names.get(name) is ours:
                put(name, old)

        self._undo.append(restore)
        put(name, ours)

    def _put_in_function(self, function: types.FunctionType) -> None:
        names = function.__globals__  # of a module, or of what was executed in a notebook or a test
        for name in self._captured(names):
            self._replace(names.__setitem__, names, name, self._ours[id(names[name])])
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
