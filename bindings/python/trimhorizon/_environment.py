"""What handlers are imported from, and the loop they are called outside of."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import Any, NamedTuple

from ._errors import HandlerError

__all__: list[str] = []


class FreshModules:
    """A module and its package as one execution environment imported them."""

    def __init__(self, module: str, name: str):
        self._root = module.split(".")[0]
        self._modules: dict[str, Any] = {}
        with self.modules():
            imported = importlib.import_module(module)
        self.function = getattr(imported, name)

    @contextmanager
    def modules(self):
        """While this lasts ``sys.modules`` has this environment's modules."""
        theirs = self._take()
        sys.modules.update(self._modules)
        try:
            yield
        finally:
            self._modules = self._take()
            sys.modules.update(theirs)

    def _take(self) -> dict[str, Any]:
        start = self._root + "."
        names = [name for name in sys.modules if name == self._root or name.startswith(start)]
        return {name: sys.modules.pop(name) for name in names}


class Made(NamedTuple):
    """What a factory made for one execution environment."""

    function: Any


def place(target) -> tuple[str, str]:
    if callable(target):
        return target.__module__, target.__name__
    module, _, name = target.replace("/", ".").rpartition(".")
    if not module:
        raise ValueError(f"'{target}' is not 'module.function'")
    return module, name


def resolve(target):
    if callable(target):
        return target
    module, name = place(target)
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:
        raise HandlerError(f"the handler {target} cannot be imported: {error}") from error


def outside_any_loop(call, *arguments):
    """Calls it. A notebook's own event loop is none of the handler's: Lambda calls it outside."""
    asyncio = sys.modules.get("asyncio")
    running = None if asyncio is None else asyncio._get_running_loop()
    if running is None:
        return call(*arguments)
    asyncio._set_running_loop(None)
    try:
        return call(*arguments)
    finally:
        asyncio._set_running_loop(running)
        asyncio.set_event_loop(running)  # asyncio.run leaves none behind
