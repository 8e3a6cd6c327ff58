"""Signals and children of the process that runs the tests.

A test must not depend on how ``./test`` was started: ``nohup ./test &`` and many CI runners start
it with SIGINT ignored, and every program that a test starts would inherit that.
"""

import ctypes
import os
import pathlib
import signal
import sys
import time

_SET_CHILD_SUBREAPER = 36  # of prctl
# They belong to Python and end with it.
_HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def take_signals():
    """SIGINT does what it does in a program that was started in a terminal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def adopt_orphans():
    """A grandchild whose parent has died becomes a child of this process, which can end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants():
    """The processes that this one has started, and theirs: from pid to command line."""
    parents = {}
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX":
                command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parents[int(path.name)] = (int(parent), command)
        except (OSError, ValueError):
            continue
    found, last = {}, {os.getpid()}
    while last:
        last = {pid for pid, (parent, _) in parents.items() if parent in last and pid not in found}
        found.update((pid, parents[pid][1]) for pid in last)
    return found


def end_those_after(before, patience_s=5.0):
    """Ends all processes that were started since ``before``; the command lines of those that did
    not end by themselves."""
    until = time.monotonic() + patience_s
    while True:
        left = {pid: command for pid, command in descendants().items()
                if pid not in before and not any(each in command for each in _HELPERS)}
        if not left or time.monotonic() > until:
            break
        time.sleep(0.02)
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return sorted(left.values())
