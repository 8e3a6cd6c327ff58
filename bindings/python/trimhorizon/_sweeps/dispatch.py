"""The runs of a sweep on an executor, whatever it is; none is lost."""

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
from .worker import Answer, Chunk, Job, ignore_interrupts, run_chunk, stopped

_CHUNK_MAX = 256  # runs in one call: enough that the call itself costs nothing
_CHUNKS_PER_WORKER = 8  # so that the last one does not wait long for the others
_TICK_S = 0.05


def executor_of(given: Any) -> Any:
    """What has ``submit``: the executor itself, or that of a Dask client."""
    if hasattr(given, "get_executor"):  # distributed.Client; pure tasks would be made once only
        return given.get_executor(pure=False)
    if callable(getattr(given, "submit", None)):
        return given
    raise TypeError(
        "executor is a concurrent.futures.Executor, a distributed.Client or anything with "
        f"submit(function, *args) whose answer has result(), not {type(given).__name__}")


def own_pool(workers: int | None) -> cf.ProcessPoolExecutor:
    """Processes for runs with handlers: they do not hear Ctrl-C, which is for us."""
    return cf.ProcessPoolExecutor(workers or os.cpu_count(), initializer=ignore_interrupts)


def check_handlers(handlers: dict[str, Any], pool: Any) -> None:
    """Says before the first run what a worker process could not import."""
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
    """What has come back so far."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.failures: dict[int, str] = {}
        self.ignored: list[str] = []

    def take(self, answer: Answer) -> None:
        """The answer of a worker."""
        self.rows.extend(answer.rows)
        self.failures.update(answer.failures)
        self.ignored.extend(name for name in answer.ignored if name not in self.ignored)

    def fail(self, chunk: Chunk, error: str) -> None:
        """A whole chunk came to nothing."""
        self.failures.update((task, error) for _, runs in chunk for task, _ in runs)


class Dispatcher:
    """One sweep on one executor. ``tell`` is called with the number of runs that have ended.

    Always:
     1. Each run ends once: with a row, or with an error that names it.
     2. A pool that breaks because a worker died costs no run. What it left is made again, in a
        fresh pool of the same kind, in processes of our own, or here. When that breaks too the
        runs go one by one, so that the one which kills its worker is known, and named.
     3. A pool of our own ends with the sweep; one that was given stays open.
    """

    def __init__(self, job: Job, pool: Any, tell: Callable[[int], object]):
        self._job = job
        self._pool = pool
        self._tell = tell
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
        """From now on on this pool, which ends with the sweep."""
        self._ours.append(pool)
        self._pool = pool

    def run(self, chunks: list[Chunk], gathered: Gathered) -> None:
        """Makes all runs of the chunks, through broken pools."""
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
            else:  # a run that kills its worker: find out which
                left = self._one_by_one(_singles(left), gathered)

    def _round(self, chunks: list[Chunk], gathered: Gathered) -> list[Chunk]:
        """Makes them all at once; what a broken pool left undone is returned."""
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
        """A pool in place of the broken one; False: the runs are to be made here."""
        broken = self._pool
        kind = type(broken).__name__
        if type(broken) is cf.ProcessPoolExecutor:
            where = "in a fresh pool of the same kind"
            fresh = cf.ProcessPoolExecutor(
                broken._max_workers, mp_context=broken._mp_context,
                initializer=broken._initializer, initargs=broken._initargs)
        elif self._job.handlers:  # what killed the worker must not kill this process
            where, fresh = "in processes of our own", own_pool(None)
        else:
            where, fresh = "in this process", None
        warnings.warn(
            f"a worker of the {kind} died and its pool is broken; the {runs} runs that it left "
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
                self._tell(self._ended)
                yield from ((future, chunks[future]) for future in done)
            return
        for future, chunk in submitted:  # somebody else's futures: in their order
            while hasattr(future, "done") and not future.done():
                REAL["sleep"](_TICK_S / 10)
                self._tell(self._ended)
            yield future, chunk

    def _count(self, chunk: Chunk) -> None:
        self._ended += _size(chunk)
        self._tell(self._ended)


def chunk_size(tasks: int, pool: Any) -> int:
    """How many runs are worth a call, and still leave something for every worker."""
    workers = getattr(pool, "_max_workers", None) or os.cpu_count() or 1
    return max(1, min(_CHUNK_MAX, -(-tasks // (workers * _CHUNKS_PER_WORKER))))


def chunks_of(plan: _core.sweep.SweepPlan, tasks: Sequence[int], size: int) -> list[Chunk]:
    """The tasks in pieces of that size, each with the settings of its points."""
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
