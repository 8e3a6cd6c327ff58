"""The clock and the chance that handlers see, wherever they have captured them."""

import asyncio
import functools
import os
import queue
import random
import sys
import threading
import time
from time import monotonic, sleep

import pytest

import trimhorizon as th
from conftest import shop

HELPER = """\
from os import urandom
from time import monotonic, sleep as pause
drawn = []
def nap():
    pause(1)
    drawn.append((monotonic(), urandom(4)))
def handler(event, context):
    nap()
def decorated(function):
    import functools
    @functools.wraps(function)
    def wrapped(event, context):
        return function(event, context)
    return wrapped
"""
SECOND = 1_100_000  # asleep for a second, and the scenario's 100 ms


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """Where a module that captures its clock can be imported from."""
    (tmp_path / "capturing_helper.py").write_text(HELPER)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("capturing_helper", None)


def run(handler):
    result = th.loads(shop(records=1)).run(handlers={"billing": handler})
    assert result.handler_failures == []
    return result


def nap_lazily(event, context):
    import capturing_helper

    capturing_helper.nap()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_module_that_is_first_imported_during_a_run_keeps_virtual_time_in_the_next(helper, fresh):
    def forget():  # of what was drawn in this process, and by which import
        drawn = list(sys.modules["capturing_helper"].drawn)
        sys.modules["capturing_helper"].drawn.clear()
        return drawn

    (helper / "imports_lazily.py").write_text(
        "def handler(event, context):\n    import capturing_helper\n    capturing_helper.nap()\n")
    handler = th.handler("imports_lazily.handler", fresh=True) if fresh else nap_lazily
    runs = [(run(handler), forget()) for _ in range(3)]
    assert [result.invocations[0]["ended"] for result, _ in runs] == [SECOND] * 3
    assert runs[0] == runs[1] == runs[2] and runs[0][1][0][0] == 1001.0
    started = time.perf_counter()
    assert sys.modules["capturing_helper"].monotonic() == pytest.approx(time.monotonic(), abs=1)
    assert time.perf_counter() >= started


def make_handlers():
    import capturing_helper as helper

    def by_closure(pause):
        return lambda event, context: pause(1)

    class Callable:
        def __call__(self, event, context):
            helper.nap()

    def by_default(event, context, pause=sleep, *, now=monotonic):
        pause(1)
        assert now() == 1001.0

    return {
        "in a helper": lambda event, context: helper.nap(),
        "behind a decorator": helper.decorated(helper.handler),
        "partial": functools.partial(helper.handler),
        "an object": Callable(),
        "a method": Callable().__call__,
        "in a closure": by_closure(sleep),
        "in a default": by_default,
        "by name": "capturing_helper.handler",
    }


def test_captured_clocks_are_virtual_wherever_they_are_and_real_again_afterwards(helper):
    for how, handler in make_handlers().items():
        assert run(handler).invocations[0]["ended"] == SECOND, how
        assert sys.modules["capturing_helper"].pause is sleep is time.sleep, how
    by_default = make_handlers()["in a default"]
    assert by_default.__defaults__ == (sleep,) and by_default.__kwdefaults__ == {"now": monotonic}
    assert make_handlers()["in a closure"].__closure__[0].cell_contents is sleep


def test_what_is_captured_between_two_steps_is_found(helper):
    import capturing_helper

    sim = th.loads(shop(records=2, batch=1)).start(
        handlers={"billing": lambda event, context: capturing_helper.later(1)})
    capturing_helper.later = lambda seconds: None
    sim.run_until("50ms")
    capturing_helper.later = sleep
    sim.run()
    ended = sim.result().invocations["ended"]
    assert ended[1] - ended[0] == SECOND


def test_all_ways_to_ask_for_the_time_agree():
    seen = []

    def handler(event, context):
        time.sleep(1)
        seen.append((time.ctime(), time.asctime(), time.gmtime().tm_sec, time.localtime().tm_sec,
                     time.clock_gettime(time.CLOCK_MONOTONIC),
                     time.clock_gettime_ns(time.CLOCK_MONOTONIC),
                     time.clock_gettime(time.CLOCK_REALTIME), time.ctime(0)))

    run(handler)
    at = "Thu Jan  1 00:00:01 2026"
    assert seen == [(at, at, 1, 1, 1001.0, 1001 * 10**9, 1767225601.0, "Thu Jan  1 00:00:00 1970")]
    assert time.ctime()[-4:] != "2026" or time.time() > 1767225601.0


def test_chance_that_seeds_itself_again_repeats():
    seen = []

    def handler(event, context):
        random.seed()
        seen.append((random.random(), os.getrandom(4) if hasattr(os, "getrandom") else b""))
        random.seed(7)
        assert random.random() == random.Random(7).random()

    run(handler), run(handler)
    assert seen[0] == seen[1]


def test_steps_draw_what_a_run_draws():
    def make():
        seen = []
        return seen, lambda event, context: seen.append((os.urandom(4), random.random()))

    (whole, first), (steps, second) = make(), make()
    scenario = th.loads(shop(batch=1))
    scenario.run(handlers={"billing": first})
    sim = scenario.start(handlers={"billing": second})
    while sim.step():
        pass
    assert whole == steps and len(set(whole)) == 6


def test_a_handler_may_use_asyncio_run_inside_a_running_loop():
    """As in a notebook, whose cells run inside one."""
    async def wait():
        await asyncio.sleep(1)

    async def cell():
        loop = asyncio.get_running_loop()
        result = run(lambda event, context: asyncio.run(wait()))
        assert asyncio.get_running_loop() is loop
        await asyncio.sleep(0)
        return result

    assert asyncio.run(cell()).invocations[0]["ended"] == SECOND


def test_waiting_for_another_thread_takes_real_time_and_ends():
    def handler(event, context):
        threading.Event().wait(0.01)
        with pytest.raises(queue.Empty):
            queue.Queue().get(timeout=0.01)

    assert run(handler).invocations[0]["ended"] == 100_000


def test_other_threads_wait_in_real_time():
    seen = []

    def look():
        started = time.monotonic()
        time.sleep(0.01)
        seen.append(time.monotonic() - started)

    def handler(event, context):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert run(handler).invocations[0]["ended"] == 100_000
    assert 0.01 <= seen[0] < 60


def test_a_thread_of_a_handler_cannot_start_a_run_with_handlers_either():
    """It used to wait for the lock of the run that waited for it."""
    raised = []

    def start():
        try:
            th.example().run(handlers={"billing": lambda event, context: None})
        except th.TrimhorizonError as error:
            raised.append(str(error))

    def handler(event, context):
        thread = threading.Thread(target=start)
        thread.start()
        thread.join()

    run(handler)
    assert raised == ["a handler cannot start a run with handlers"]


def test_under_a_real_clock_the_remaining_time_shrinks_by_itself():
    seen = []

    def handler(event, context):
        seen.append(context.get_remaining_time_in_millis())
        time.sleep(0.01)
        seen.append(context.get_remaining_time_in_millis())

    result = th.loads(shop(records=1)).run(handlers={"billing": handler}, clock="real")
    assert seen[0] <= 3000 and seen[1] <= seen[0] - 9
    assert result.invocations[0]["ended"] == 100_000
