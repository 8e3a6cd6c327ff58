"""Module names of earlier versions, so that old pickles can still be read.

A pickle names a class by its module. Each old name here is a small module that looks up every
attribute in the new module when it is needed.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

_HOMES = {
    "_drawn": ["strategies._documents"],
    "_explore": ["_exploring.exploration"],
    "_replay": ["_exploring.replay"],
    "_result": ["_results.result"],
    "_simulation": ["_running.simulation", "_running.views", "_results.difference"],
    "_sweep": ["_sweeps.sweep"],
    "_tables": ["_results.tables"],
}


def _forwarding_module(old: str, homes: list[str]) -> types.ModuleType:
    def look_up(name: str) -> Any:
        for home in [] if name.startswith("__") else homes:  # the module itself has those
            module = importlib.import_module(f"trimhorizon.{home}")
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"module trimhorizon.{old} has no {name}")

    module = types.ModuleType(f"trimhorizon.{old}", f"Moved to {', '.join(homes)}.")
    vars(module)["__getattr__"] = look_up
    return module


for _old, _homes in _HOMES.items():
    sys.modules[f"trimhorizon.{_old}"] = _forwarding_module(_old, _homes)
