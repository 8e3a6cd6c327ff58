"""Makes the runs of a sweep on an executor of any kind, without losing one."""

from __future__ import annotations

import concurrent.futures as cf
import multiprocessing
import os
import pickle
import sys
import warnings
from typing import Any, Callable, Iterator, Sequence

from .. import _core
from .._errors import TrimhorizonError, TrimhorizonWarning
from .._handlers import Handler
from .._sandbox import REAL
from .worker import Answer, Chunk, Job, begin_worker, run_chunk, stopped

_CHUNK_MAX = 256  # runs in one call: so many that the cost of the call does not matter
_CHUNKS_PER_WORKER = 8  # small pieces, so that all workers end at about the same time
_TICK_S = 0.05


def executor_of(given: Any) -> Any:
    """The object that has ``submit``: the executor itself, or the executor of a Dask client."""
    if hasattr(given, "get_executor"):  # distributed.Client; it would make a pure task only once
        return given.get_executor(pure=False)
    if callable(getattr(given, "submit", None)):
        return given
    raise TypeError(
        "executor must be a concurrent.futures.Executor, a distributed.Client or an object with "
        f"submit(function, *args) whose answer has result(), not {type(given).__name__}")


def own_pool(workers: int | None) -> cf.ProcessPoolExecutor:
    """Processes for runs with handlers. They ignore Ctrl-C, since this process handles it."""
    return cf.ProcessPoolExecutor(workers or os.cpu_count(), initializer=begin_worker)


def check_handlers(handlers: dict[str, Any], pool: Any) -> None:
    """Finds handlers that a worker process could not import, before the first run."""
    if not isinstance(pool, cf.ProcessPoolExecutor):
        return
    context = getattr(pool, "_mp_context", None) or multiprocessing.get_context()
    interactive = not hasattr(sys.modules.get("__main__"), "__file__")
    for name, target in handlers.items():
        function = target.target if isinstance(target, Handler) else target
        try:
            pickle.dumps(target)
        except Exception as error:
            raise TrimhorizonError(
                f"the handler of {name} cannot be sent to a worker process ({error}): define it "
                "at the top of a module, or give 'module.function'") from error
        main = getattr(function, "__module__", "") == "__main__"
        if main and interactive and context.get_start_method() != "fork":
            raise TrimhorizonError(
                f"the handler of {name} was defined interactively, and a worker process started "
                f"by {context.get_start_method()} cannot import it: put it into a module")


class Gathered:
    """The answers so far."""

    def __init__(self) -> None:
        self.rows: list[_core.sweep.SweepRows] = []
        self.failures: dict[int, str] = {}
        self.ignored: list[str] = []

    def take(self, answer: Answer) -> None:
        """Adds the answer of a worker."""
        self.rows.extend(answer.rows)
        self.failures.update(answer.failures)
        self.ignored.extend(name for name in answer.ignored if name not in self.ignored)

    def fail(self, chunk: Chunk, error: str) -> None:
        """Notes that all runs of a chunk failed."""
        self.failures.update((task, error) for _, runs in chunk for task, _ in runs)


class Dispatcher:
    """One sweep on one executor. Calls ``report`` with the number of runs that have ended.

    Always:
     1. Each run ends once: with a row, or with an error that names it.
     2. If a worker dies and breaks its pool, no run is lost. The runs that are left are made in a
        new pool of the same kind, in processes of our own, or in this process. If that pool breaks
        too, the runs are made one by one, to find and name the one that kills its worker.
     3. A pool of our own ends with the sweep. A pool that was given stays open.
    """

    def __init__(self, job: Job, pool: Any, report: Callable[[int], object]):
        self._job = job
        self._pool = pool
        self._report = report
        self._ours: list[cf.ProcessPoolExecutor] = []
        self._ended = 0
        self._breaks = 0

    def __enter__(self) -> Dispatcher:
        return self

    def __exit__(self, kind, error, trace) -> None:
        given_up = kind is not None
        if given_up:
            stopped.add(self._job.name)
        for pool in self._ours:
            if given_up:
                _kill(pool)
            pool.shutdown(wait=not given_up, cancel_futures=True)

    def own(self, pool: cf.ProcessPoolExecutor) -> None:
        """Uses this pool from now on. It ends with the sweep."""
        self._ours.append(pool)
        self._pool = pool

    def run(self, chunks: list[Chunk], gathered: Gathered) -> None:
        """Makes all runs of the chunks, even if pools break."""
        left = self._round(chunks, gathered)
        self._breaks = 0
        while left:
            self._breaks += 1
            if not self._renew(sum(_size(chunk) for chunk in left)):
                for chunk in left:
                    gathered.take(run_chunk(self._job, chunk))
                    self._count(chunk)
                return
            if self._breaks < 2:
                left = self._round(left, gathered)
            else:  # some run kills its worker: find out which
                left = self._one_by_one(_singles(left), gathered)

    def _round(self, chunks: list[Chunk], gathered: Gathered) -> list[Chunk]:
        """Submits all chunks at once. Returns those that a broken pool did not make."""
        submitted, left = [], []
        for at, chunk in enumerate(chunks):
            try:
                submitted.append((self._pool.submit(run_chunk, self._job, chunk), chunk))
            except cf.BrokenExecutor:
                left.extend(chunks[at:])
                break
        try:
            for future, chunk in self._as_they_end(submitted):
                try:
                    gathered.take(future.result())
                except cf.BrokenExecutor:
                    left.append(chunk)
                    continue
                except Exception as error:
                    gathered.fail(chunk, f"{type(error).__name__}: {error}")
                self._count(chunk)
        except BaseException:
            for future, _ in submitted:
                if hasattr(future, "cancel"):
                    future.cancel()
            raise
        return left

    def _one_by_one(self, chunks: list[Chunk], gathered: Gathered) -> list[Chunk]:
        for at, chunk in enumerate(chunks):
            if self._round([chunk], gathered):
                gathered.fail(chunk, "its worker process died")
                self._count(chunk)
                return chunks[at + 1:]
        return []

    def _renew(self, runs: int) -> bool:
        """Replaces the broken pool. False: the runs must be made in this process."""
        broken = self._pool
        kind = type(broken).__name__
        if type(broken) is cf.ProcessPoolExecutor:
            where = "in a new pool of the same kind"
            fresh = cf.ProcessPoolExecutor(
                broken._max_workers, mp_context=broken._mp_context,
                initializer=broken._initializer, initargs=broken._initargs)
        elif self._job.handlers:  # the run that killed the worker must not kill this process
            where, fresh = "in processes of our own", own_pool(None)
        else:
            where, fresh = "in this process", None
        warnings.warn(
            f"a worker of the {kind} died and its pool is broken; the {runs} runs that are left "
            f"are made {where}", TrimhorizonWarning, stacklevel=5)
        if fresh is not None:
            self.own(fresh)
        return fresh is not None

    def _as_they_end(self, submitted: list[tuple[Any, Chunk]]) -> Iterator[tuple[Any, Chunk]]:
        if all(isinstance(future, cf.Future) for future, _ in submitted):
            chunks = dict(submitted)
            pending = set(chunks)
            while pending:
                done, pending = cf.wait(pending, _TICK_S, cf.FIRST_COMPLETED)
                self._report(self._ended)
                yield from ((future, chunks[future]) for future in done)
            return
        for future, chunk in submitted:  # futures of an unknown kind: take them in order
            while hasattr(future, "done") and not future.done():
                REAL["sleep"](_TICK_S / 10)
                self._report(self._ended)
            yield future, chunk

    def _count(self, chunk: Chunk) -> None:
        self._ended += _size(chunk)
        self._report(self._ended)


def chunk_size(tasks: int, pool: Any) -> int:
    """How many runs one call makes: many, but so that every worker gets some."""
    workers = getattr(pool, "_max_workers", None) or os.cpu_count() or 1
    return max(1, min(_CHUNK_MAX, -(-tasks // (workers * _CHUNKS_PER_WORKER))))


def chunks_of(plan: _core.sweep.SweepPlan, tasks: Sequence[int], size: int) -> list[Chunk]:
    """The tasks in pieces of at most ``size``, each with the settings of its points."""
    chunks: list[Chunk] = []
    for start in range(0, len(tasks), size):
        points: dict[int, list[tuple[int, int]]] = {}
        for task in tasks[start:start + size]:
            points.setdefault(plan.point_of(task), []).append((task, plan.seed_of(task)))
        chunks.append([(plan.settings(point), runs) for point, runs in points.items()])
    return chunks


def _singles(chunks: list[Chunk]) -> list[Chunk]:
    return [[(settings, [run])] for chunk in chunks for settings, runs in chunk for run in runs]


def _size(chunk: Chunk) -> int:
    return sum(len(runs) for _, runs in chunk)


def _kill(pool: cf.ProcessPoolExecutor) -> None:
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()
