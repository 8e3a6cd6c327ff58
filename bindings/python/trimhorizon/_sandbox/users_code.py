"""Finds out which code is the user's, and which functions are inside a callable."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
import types
from typing import Any, Iterator

__all__ = ["cells", "functions_of", "is_installed"]

_INSTALLED = tuple({os.path.join(sysconfig.get_path(each), "")
                    for each in ("stdlib", "platstdlib", "purelib", "platlib")})


def is_installed(key: str) -> bool:
    """Whether a module is installed, and so not the user's own."""
    try:
        names = object.__getattribute__(sys.modules.get(key), "__dict__")
    except AttributeError:
        return True
    file = names.get("__file__")
    if file is None:
        return key != "__main__"
    return str(file).startswith(_INSTALLED)


_FUNCTIONS_MAX = 1000  # with more, it is a program rather than a function


def functions_of(function: Any) -> Iterator[types.FunctionType]:
    """The Python functions inside a callable: wrapped, bound, partial, or in closures."""
    todo, seen = [function], {}  # by id, and kept alive, so that no id is used again
    while todo and len(seen) < _FUNCTIONS_MAX:
        each = todo.pop()
        if id(each) in seen or isinstance(each, (type, types.ModuleType)) or not callable(each):
            continue
        seen[id(each)] = each
        own = getattr(each, "__dict__", None)
        own = own if isinstance(own, dict) else {}
        todo.append(own.get("__wrapped__"))  # not getattr: an object may define every attribute
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
    """The closure cells that hold a value, with their values."""
    for cell in function.__closure__ or ():
        try:
            yield cell, cell.cell_contents
        except ValueError:  # not bound yet
            pass
