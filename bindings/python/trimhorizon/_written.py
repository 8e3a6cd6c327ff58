"""Writes files as the command line does: never over an input, and never a half of one."""

from __future__ import annotations

import os
import stat

from . import _core

__all__ = ["write_text"]


def write_text(path: str | os.PathLike[str], text: str, source: _core.scenario.Source) -> None:
    """Writes a file beside its place, and then puts it there.

    ``source`` is the scenario that the result comes from. ValueError if ``path`` is its file, also
    through a link.
    """
    place = os.path.realpath(os.fspath(path))
    read = source.place or (source.file if source.from_file else "")
    if read and os.path.exists(read) and os.path.exists(place) and os.path.samefile(read, place):
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
