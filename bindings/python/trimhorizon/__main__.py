"""``python -m trimhorizon`` runs the program of this installation with the same arguments."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def program() -> Path | None:
    """The native program that was installed, or built, with this package."""
    name = "trimhorizon.exe" if os.name == "nt" else "trimhorizon"
    here = Path(__file__).parent
    beside = here.parent.parent / name  # build/PRESET/python/trimhorizon
    if (here.parent / "trimhorizon").exists() and beside.is_file():
        return beside
    from importlib.metadata import PackageNotFoundError, files

    try:
        installed = files("trimhorizon") or []
    except PackageNotFoundError:
        return None
    for each in installed:
        if each.name == name and each.parent.name in ("bin", "Scripts"):
            return Path(each.locate()).resolve()
    return None


def main() -> int:
    """Replaces this process with the program. Without a program, reports that and returns 70."""
    found = program()
    if found is None:
        print("trimhorizon: the program is not installed with this package", file=sys.stderr)
        return 70
    arguments = [str(found), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(arguments[0], arguments)
    return subprocess.call(arguments)


if __name__ == "__main__":
    sys.exit(main())
