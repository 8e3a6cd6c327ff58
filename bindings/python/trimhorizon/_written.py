"""Writes files as the command line does: never over an input, and never a half of one."""

from __future__ import annotations

import os
import stat
from typing import Optional

__all__ = ["write_text"]


def write_text(path: "str | os.PathLike[str]", text: str, source: Optional[str] = None) -> None:
    """Writes a file beside its place, and then puts it there.

    ``source`` is the file that the result comes from. ValueError if ``path`` is that file, also
    through a link.
    """
    place = os.path.realpath(os.fspath(path))
    if source and os.path.exists(source) and os.path.exists(place) and \
            os.path.samefile(source, place):
        raise ValueError(f"{os.fspath(path)} is the file of the scenario: "
                         "give the result a name of its own")
    mode = os.stat(place).st_mode if os.path.exists(place) else None
    if mode is not None and not stat.S_ISREG(mode):  # a device, or a pipe: written as it is
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    folder, name = os.path.split(place)
    beside = os.path.join(folder, f".{name[:40]}.{os.getpid()}.part")
    try:
        with open(beside, "x", encoding="utf-8") as file:
            file.write(text)
        if mode is not None:
            os.chmod(beside, stat.S_IMODE(mode))
        os.replace(beside, place)
    except BaseException:
        if os.path.exists(beside):
            os.unlink(beside)
        raise
