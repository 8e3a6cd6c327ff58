"""Where classes lived in earlier versions: a pickle names a class by its module.

An old name is a module that asks the new one for everything, when it is asked itself.
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


def _stand_in(old: str, homes: list[str]) -> types.ModuleType:
    def ask(name: str) -> Any:
        for home in [] if name.startswith("__") else homes:  # those are of the module itself
            module = importlib.import_module(f"trimhorizon.{home}")
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"module trimhorizon.{old} has no {name}")

    module = types.ModuleType(f"trimhorizon.{old}", f"Moved to {', '.join(homes)}.")
    vars(module)["__getattr__"] = ask
    return module


for _old, _homes in _HOMES.items():
    sys.modules[f"trimhorizon.{_old}"] = _stand_in(_old, _homes)
