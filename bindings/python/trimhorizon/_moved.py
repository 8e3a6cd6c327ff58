"""Where classes lived in earlier versions: a pickle names a class by its module.

An old name is a module that asks the new one for everything, when it is asked itself.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

_HOMES = {
    "_drawn": "strategies._documents",
}


def _stand_in(old: str, home: str) -> types.ModuleType:
    def ask(name: str) -> Any:
        if name.startswith("__"):  # of the module itself
            raise AttributeError(name)
        return getattr(importlib.import_module(f"trimhorizon.{home}"), name)

    module = types.ModuleType(f"trimhorizon.{old}", f"Moved to trimhorizon.{home}.")
    vars(module)["__getattr__"] = ask
    return module


for _old, _home in _HOMES.items():
    sys.modules[f"trimhorizon.{_old}"] = _stand_in(_old, _home)
