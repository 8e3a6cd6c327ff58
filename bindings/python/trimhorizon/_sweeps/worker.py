"""The work of one worker of a sweep: some runs of some points, in any process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import Any, Mapping, NamedTuple, Sequence

from .. import _core
from .._errors import TrimhorizonError
from .._handlers import Runtime
from .._sandbox import REAL

# For each point: its PATH=VALUE texts, and (task, seed) of its runs.
Chunk = Sequence["tuple[list[str], list[tuple[int, int]]]"]

# Sweeps that were stopped. Their chunks stop too, if they run in this process.
stopped: set[str] = set()


class Job(NamedTuple):
    """What a worker must know about a sweep. It can be pickled."""

    name: str
    version: str
    text: str
    file: str
    set: list[str]
    variant: str
    mappings: list[str]
    handlers: Mapping[str, Any] | None
    clock: str
    errors: str
    attached: Mapping[str, bytes] = {}


class Answer(NamedTuple):
    """Rows, (task, error) of the runs that failed, functions whose rules are ignored."""

    rows: list[_core.sweep.SweepRows]
    failures: list[tuple[int, str]]
    ignored: list[str]


class Stop(Exception):
    """The sweep was stopped."""


def begin_worker() -> None:
    """For workers of our own: the process that started them handles Ctrl-C, and if it is killed,
    they end as well. Otherwise they would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # os.getppid() names another process when ours is killed before this line.
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker is the child of a process"
    threading.Thread(target=_end_with, args=(parent.pid,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        REAL["sleep"](0.5)
    os._exit(1)


def run_chunk(job: Job, chunk: Chunk) -> Answer:
    """Makes these runs. If one fails, its error is kept and the others are still made."""
    if job.version != _core.__version__:  # its rows may differ from ours
        raise TrimhorizonError(
            f"this worker has trimhorizon {_core.__version__}, the sweep needs {job.version}")

    def watch(fraction: float) -> None:
        if job.name in stopped:
            raise Stop

    if job.handlers:
        return _run_with_handlers(job, chunk, watch)
    rows, failures = _core.sweep.run_points(
        job.text, job.file, job.set, job.variant, job.mappings, chunk, watch, job.attached)
    return Answer([rows], failures, [])


def _run_with_handlers(job: Job, chunk: Chunk, watch) -> Answer:
    answer = Answer([], [], [])
    for settings, runs in chunk:
        source = _core.scenario.read_source(
            job.text, job.file, job.set + settings, attached=job.attached)
        if job.variant:
            source = source.variant_named(job.variant)
        for task, seed in runs:
            try:
                runtime = Runtime(source, seed, job.handlers, job.clock, job.errors)
                with runtime.running():
                    made = _core.run.run(source, seed, runtime.pairs(), watch)
            except Stop:
                raise
            except Exception as error:
                answer.failures.append((task, f"{type(error).__name__}: {error}"))
                continue
            answer.rows.append(_core.sweep.sweep_row(task, job.mappings, made))
            answer.ignored.extend(set(made.ignored_rules) - set(answer.ignored))
    return answer
