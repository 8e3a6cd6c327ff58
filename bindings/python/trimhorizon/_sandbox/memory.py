"""Puts back what a plain function remembers between two calls.

An exploration makes many runs with one function. The function may remember earlier calls in a
closure, a global, an attribute or a default argument. Each run must begin with the same memory, so
it is put back to what it was when the exploration began.

Always:
 1. Objects are changed in place, so that other references see the change too. Names of immutable
    values are bound again.
 2. Installed modules and classes, and open things (files, connections, generators), are not put
    back. The explorer notices what they remember, since it calls the function twice.
"""

from __future__ import annotations

import collections
import functools
import random
import types
from typing import Any, Callable, Iterator

from .users_code import cells, functions_of, is_installed

__all__ = ["Memory"]

_OBJECTS_MAX = 100_000  # with more, it is not only the memory of a function
# Modules that belong to the process: almost everything can be reached from their objects.
_OF_THE_PROCESS = ("logging", "threading", "_thread", "asyncio", "concurrent", "trimhorizon",
                   "_pytest", "unittest", "importlib", "_frozen_importlib")
_WITHOUT_MEMORY = (str, bytes, int, float, complex, type(None), types.ModuleType,
                   types.BuiltinFunctionType)
_MISSING = object()


def _is_users(thing: Any) -> bool:
    """Whether a function, a class or a module belongs to the user's own code."""
    name = getattr(thing, "__name__" if isinstance(thing, types.ModuleType) else "__module__", None)
    if not isinstance(name, str) or name.split(".")[0] in _OF_THE_PROCESS:
        return False
    return not is_installed(name)


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


class Memory:
    """A snapshot of what a function reaches and can change."""

    def __init__(self, function: Any):
        self._seen: dict[int, Any] = {}  # kept alive, so that no id is used again
        self._restore: list[Callable[[], Any]] = []
        self._todo: list[Any] = [function]
        while self._todo and len(self._seen) < _OBJECTS_MAX:
            thing = self._todo.pop()
            if id(thing) not in self._seen:
                self._seen[id(thing)] = thing
                self._look_at(thing)

    def restore(self) -> None:
        """Puts everything back to what it was when the snapshot was made."""
        for each in self._restore:
            each()

    def _look_at(self, thing: Any) -> None:
        if isinstance(thing, types.FunctionType):
            if _is_users(thing):
                self._look_at_function(thing)
        elif isinstance(thing, type):
            if _is_users(thing):
                self._look_at_class(thing)
        elif isinstance(thing, types.MethodType):
            self._todo += [thing.__self__, thing.__func__]
        elif not isinstance(thing, _WITHOUT_MEMORY):
            self._look_at_object(thing)

    def _look_at_function(self, function: types.FunctionType) -> None:
        for cell in function.__closure__ or ():
            self._keep_cell(cell)
        self._todo += [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
        self._keep_names(function.__dict__)
        names = set(_names_in(function.__code__))
        self._keep_named(function.__globals__, names)
        reached = [value for _, value in cells(function)]
        self._todo += reached
        for value in [*reached, *(function.__globals__.get(name) for name in names)]:
            if isinstance(value, types.ModuleType) and _is_users(value):  # `module.seen.add(...)`
                self._keep_named(vars(value), names)

    def _look_at_class(self, thing: type) -> None:
        attributes = {name: value for name, value in vars(thing).items()
                      if not (name.startswith("__") and name.endswith("__"))}
        attributes.update({name: value for name, value in vars(thing).items()
                           if isinstance(value, types.FunctionType)})

        def restore() -> None:
            for name in [name for name in vars(thing)
                         if name not in attributes and not name.startswith("__")]:
                delattr(thing, name)
            for name, value in attributes.items():
                if vars(thing).get(name, _MISSING) is not value:
                    setattr(thing, name, value)

        self._restore.append(restore)
        for value in attributes.values():
            self._todo.append(getattr(value, "__func__", value))  # of a class or static method
        self._todo += thing.__bases__

    def _look_at_object(self, thing: Any) -> None:
        kind = type(thing)
        if kind.__module__.split(".")[0] in _OF_THE_PROCESS:
            return
        content = self._keep_content(thing)
        self._todo += content
        attributes = getattr(thing, "__dict__", None)
        if isinstance(attributes, dict):
            self._keep_names(attributes)
        for name in {name for each in kind.__mro__ for name in _slots(each)}:
            self._keep_slot(thing, name)
        if _is_users(kind):
            self._todo.append(kind)
        if callable(thing):
            self._todo += functions_of(thing)

    # ---- kinds of memory -------------------------------------------------------------------------
    def _keep_content(self, thing: Any) -> list[Any]:
        """Keeps the content of a container, and returns it."""
        if isinstance(thing, dict):
            base = collections.OrderedDict if isinstance(thing, collections.OrderedDict) else dict
            pairs = list(dict.items(thing))

            def put(pairs=pairs):
                for key, value in pairs:
                    base.__setitem__(thing, key, value)

            self._keep(lambda: base.clear(thing), put)
            return [each for pair in pairs for each in pair]
        for base, fill in ((list, "extend"), (set, "update"), (collections.deque, "extend"),
                           (bytearray, "extend")):
            if isinstance(thing, base):
                items = list(thing)
                self._keep(lambda: base.clear(thing), lambda: getattr(base, fill)(thing, items))
                return [] if base is bytearray else items
        if isinstance(thing, random.Random):
            state = thing.getstate()
            self._restore.append(lambda: thing.setstate(state))
        elif isinstance(thing, functools._lru_cache_wrapper) and not thing.cache_info().currsize:
            self._restore.append(thing.cache_clear)
        return list(thing) if isinstance(thing, (tuple, frozenset)) else []

    def _keep(self, clear: Callable[[], Any], fill: Callable[[], Any]) -> None:
        self._restore += [clear, fill]

    def _keep_names(self, names: dict[str, Any]) -> None:
        """Keeps all attributes of an object."""
        kept = dict(names)

        def restore() -> None:
            if list(names) != list(kept) or any(names[name] is not kept[name] for name in kept):
                names.clear()
                names.update(kept)

        self._restore.append(restore)
        self._todo += kept.values()

    def _keep_named(self, names: dict[str, Any], which: set[str]) -> None:
        """Keeps the names of a module that a function uses, also those that are not bound yet."""
        kept = {name: names.get(name, _MISSING) for name in which}

        def restore() -> None:
            for name, value in kept.items():
                if value is _MISSING:
                    names.pop(name, None)
                elif names.get(name, _MISSING) is not value:
                    names[name] = value

        self._restore.append(restore)
        self._todo += [value for value in kept.values() if value is not _MISSING]

    def _keep_cell(self, cell: types.CellType) -> None:
        try:
            value = cell.cell_contents
        except ValueError:  # not bound yet
            return
        self._restore.append(lambda: setattr(cell, "cell_contents", value))

    def _keep_slot(self, thing: Any, name: str) -> None:
        value = getattr(thing, name, _MISSING)
        if value is not _MISSING:
            self._restore.append(lambda: object.__setattr__(thing, name, value))
            self._todo.append(value)


def _slots(kind: type) -> Iterator[str]:
    slots = vars(kind).get("__slots__", ())
    for name in (slots,) if isinstance(slots, str) else slots:
        if name not in ("__dict__", "__weakref__") and _is_users(kind):
            yield name
