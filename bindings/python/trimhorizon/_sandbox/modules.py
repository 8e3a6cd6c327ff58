"""Imports the user's modules again for one execution environment."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import Any, Iterator

__all__ = ["FreshModules"]


class FreshModules:
    """A module and its package as one execution environment imported them.

    Attributes
    ----------
    function : callable
        The object with that name in the module.
    """

    def __init__(self, module: str, name: str):
        self._root = module.split(".")[0]
        self._modules: dict[str, Any] = {}
        with self.in_place():
            imported = importlib.import_module(module)
        self.function = getattr(imported, name)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """A context in which ``sys.modules`` has the modules of this environment."""
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
