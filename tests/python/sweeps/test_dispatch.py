"""The runs of a sweep on executors that break, alone: no process is started, and none dies."""

import concurrent.futures as cf
import types
import warnings

import pytest

import trimhorizon as th
from trimhorizon._sweeps import dispatch
from trimhorizon._sweeps.dispatch import (
    Dispatcher,
    Gathered,
    check_handlers,
    chunk_size,
    chunks_of,
    executor_of,
)
from trimhorizon._sweeps.worker import Answer, Job, stopped

JOB = Job("a sweep", "0", "", "-", [], "", [], None, "virtual", "judge")
WITH_HANDLERS = JOB._replace(handlers={"billing": "math.sqrt"})


def done(chunk):
    return Answer([f"row {task}" for _, runs in chunk for task, _ in runs], [], [])


class Pool:
    """A process pool as far as the dispatcher knows one: its workers die of some tasks."""

    made = []
    deadly = set()

    def __init__(self, max_workers=2, mp_context=None, initializer=None, initargs=()):
        self._max_workers, self._mp_context = max_workers, mp_context
        self._initializer, self._initargs = initializer, initargs
        self.broken = False
        self.shut_down = None
        self.tasks = []
        Pool.made.append(self)

    def submit(self, function, job, chunk):
        if self.broken:
            raise cf.BrokenExecutor("a worker died")
        future = cf.Future()
        tasks = [task for _, runs in chunk for task, _ in runs]
        self.tasks.append(tasks)
        if Pool.deadly & set(tasks):
            self.broken = True
            future.set_exception(cf.BrokenExecutor("a worker died"))
        else:
            future.set_result(done(chunk))
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        self.shut_down = (wait, cancel_futures)


@pytest.fixture(autouse=True)
def pools(monkeypatch):
    monkeypatch.setattr(dispatch.cf, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(dispatch, "run_chunk", lambda job, chunk: done(chunk))
    Pool.made, Pool.deadly = [], set()
    yield
    stopped.discard(JOB.name)


def chunks(*sizes):
    """Chunks of so many runs, with numbers in their order."""
    made, task = [], 0
    for size in sizes:
        made.append([([f"BatchSize={task}"], [(task + i, 1) for i in range(size)])])
        task += size
    return made


def run(pool, *sizes, job=JOB):
    gathered, told = Gathered(), []
    with Dispatcher(job, pool, told.append) as dispatcher:
        dispatcher.run(chunks(*sizes), gathered)
    assert told == sorted(told) and (told[-1] if told else 0) == sum(sizes)
    tasks = [int(row.split()[1]) for row in gathered.rows] + list(gathered.failures)
    assert sorted(tasks) == list(range(sum(sizes)))  # each of them once
    return gathered


def test_nothing_to_do_is_done():
    assert run(Pool()).rows == []


def test_without_trouble_every_chunk_is_submitted_once():
    pool = Pool()
    gathered = run(pool, 3, 2, 1)
    assert len(gathered.rows) == 6 and not gathered.failures
    assert pool.tasks == [[0, 1, 2], [3, 4], [5]] and pool.shut_down is None


class DeadlyOnce(set):
    """Of these a worker dies the first time."""

    def __and__(self, tasks):
        struck = set(self) & tasks
        self -= struck
        return struck


def test_what_a_broken_pool_left_is_made_in_a_fresh_one_of_the_same_kind():
    Pool.deadly = DeadlyOnce({2})
    pool = Pool(3, "context", print, (1,))
    with pytest.warns(th.TrimhorizonWarning, match=(
            "^a worker of the Pool died and its pool is broken; the 3 runs that are left are "
            "made in a new pool of the same kind$")) as caught:
        gathered = run(pool, 2, 2, 1)
    assert len(caught) == 1 and not gathered.failures
    fresh = Pool.made[1]
    assert (fresh._max_workers, fresh._mp_context, fresh._initializer, fresh._initargs) == (
        3, "context", print, (1,))
    assert sorted(fresh.tasks) == [[2, 3], [4]]
    assert fresh.shut_down == (True, True) and pool.shut_down is None  # that one was given


def test_a_run_that_always_kills_its_worker_is_found_one_by_one_and_named():
    Pool.deadly = {3}
    with pytest.warns(th.TrimhorizonWarning) as caught:
        gathered = run(Pool(), 2, 3, 1)
    assert gathered.failures == {3: "its worker process died"} and len(gathered.rows) == 5
    assert [str(each.message).split("the ")[2].split(" that")[0] for each in caught] == [
        "4 runs", "3 runs", "1 runs"]
    assert Pool.made[2].tasks == [[2], [3]]


def test_several_that_kill_are_all_named():
    Pool.deadly = {0, 4, 5}
    with pytest.warns(th.TrimhorizonWarning):
        assert set(run(Pool(), 2, 2, 2).failures) == {0, 4, 5}


class Unknown(Pool):
    """A kind of pool that nobody can make again."""


def test_a_pool_of_an_unknown_kind_is_replaced_by_this_process():
    Pool.deadly = DeadlyOnce({1})
    with pytest.warns(th.TrimhorizonWarning, match="^a worker of the Unknown .* in this process$"):
        gathered = run(Unknown(), 1, 1, 2)
    assert len(gathered.rows) == 4 and len(Pool.made) == 1


def test_with_handlers_it_is_replaced_by_processes_of_our_own():
    """What killed the worker must not kill this process."""
    Pool.deadly = DeadlyOnce({1})
    with pytest.warns(th.TrimhorizonWarning, match="in processes of our own$"):
        run(Unknown(), 1, 1, 2, job=WITH_HANDLERS)
    assert Pool.made[1]._initializer is dispatch.begin_worker


def test_a_chunk_whose_call_fails_is_named_and_the_others_are_made():
    class Refuses(Pool):
        def submit(self, function, job, chunk):
            future = super().submit(function, job, chunk)
            if len(self.tasks) == 2:
                future = cf.Future()
                future.set_exception(OSError("no room"))
            return future

    gathered = run(Refuses(), 1, 2, 1)
    assert gathered.failures == {1: "OSError: no room", 2: "OSError: no room"}


class Later:
    """Somebody else's future: it has ``done`` and ``result``, and is no ``cf.Future``."""

    def __init__(self, call, looks):
        self.result, self.looks = call, looks

    def done(self):
        self.looks -= 1
        return self.looks < 0


def test_futures_of_others_are_waited_for_in_their_order():
    class Cluster:
        def submit(self, function, job, chunk):
            return Later(lambda: function(job, chunk), looks=3)

    assert run(Cluster(), 1, 2).rows == ["row 0", "row 1", "row 2"]


def test_what_is_given_up_is_stopped_and_own_pools_are_killed():
    terminated = []
    own, given = Pool(), Pool()
    own._processes = {1: types.SimpleNamespace(terminate=lambda: terminated.append(1))}
    with pytest.raises(KeyboardInterrupt):
        with Dispatcher(JOB, given, lambda ended: None) as dispatcher:
            dispatcher.own(own)
            raise KeyboardInterrupt
    assert JOB.name in stopped and terminated == [1]
    assert own.shut_down == (False, True) and given.shut_down is None


def test_when_progress_raises_what_has_not_begun_is_cancelled():
    futures = []

    class Slow:
        def submit(self, function, job, chunk):
            futures.append(cf.Future())
            return futures[-1]

    def stop(ended):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        with Dispatcher(JOB, Slow(), stop) as dispatcher:
            dispatcher.run(chunks(1, 1), Gathered())
    assert [future.cancelled() for future in futures] == [True, True]


# ---- what is submitted where ---------------------------------------------------------------------
def test_anything_that_submits_is_an_executor():
    client = types.SimpleNamespace(get_executor=lambda pure: ("not pure", pure))
    assert executor_of(client) == ("not pure", False)
    pool = Pool()
    assert executor_of(pool) is pool
    with pytest.raises(TypeError, match="^executor must be a concurrent.futures.* not int$"):
        executor_of(3)


def test_handlers_must_reach_the_worker_processes():
    check_handlers({"billing": lambda event, context: None}, object())  # no processes
    check_handlers({"billing": "shop.handler", "audit": th.handler("shop.audit")}, Pool())
    with pytest.raises(th.TrimhorizonError, match="^the handler of billing cannot be sent to a "):
        check_handlers({"billing": lambda event, context: None}, Pool())


def test_an_interactive_handler_needs_a_process_that_forked(monkeypatch):
    import __main__

    def handler(event, context):
        pass

    handler.__module__, handler.__qualname__ = "__main__", "handler"
    monkeypatch.setattr(__main__, "handler", handler, raising=False)
    monkeypatch.delattr(__main__, "__file__", raising=False)
    method = types.SimpleNamespace(get_start_method=lambda: "spawn")
    with pytest.raises(th.TrimhorizonError, match="defined interactively.* started by spawn"):
        check_handlers({"billing": handler}, Pool(mp_context=method))
    method.get_start_method = lambda: "fork"
    check_handlers({"billing": handler}, Pool(mp_context=method))


def test_chunks_hold_each_task_once_with_the_settings_of_its_point():
    plan = types.SimpleNamespace(point_of=lambda task: task // 3, seed_of=lambda task: task % 3,
                                 settings=lambda point: [f"BatchSize={point}"])
    assert chunks_of(plan, range(7), 4) == [
        [(["BatchSize=0"], [(0, 0), (1, 1), (2, 2)]), (["BatchSize=1"], [(3, 0)])],
        [(["BatchSize=1"], [(4, 1), (5, 2)]), (["BatchSize=2"], [(6, 0)])]]
    assert [runs for ((_, runs),) in chunks_of(plan, [5, 1], 1)] == [[(5, 2)], [(1, 1)]]


@pytest.mark.parametrize("tasks, size", [(0, 1), (1, 1), (16, 1), (17, 2), (160, 10), (10**6, 256)])
def test_a_chunk_is_worth_a_call_and_leaves_something_for_every_worker(tasks, size):
    assert chunk_size(tasks, Pool(max_workers=2)) == size


def test_what_workers_say_is_gathered():
    gathered = Gathered()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gathered.take(Answer(["a"], [(1, "no")], ["billing"]))
        gathered.take(Answer(["b"], [], ["billing", "audit"]))
        gathered.fail([(["BatchSize=1"], [(7, 1), (8, 2)])], "lost")
    assert gathered.rows == ["a", "b"] and gathered.ignored == ["billing", "audit"]
    assert gathered.failures == {1: "no", 7: "lost", 8: "lost"}
