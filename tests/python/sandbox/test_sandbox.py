"""All parts at once: put in place together, and taken back whatever happens."""

import os
import random
import selectors
import signal
import threading
import time
import uuid

import pytest

from trimhorizon._errors import TrimhorizonError
from trimhorizon._sandbox import Sandbox

EPOCH_MS = 1_767_225_600_000


def process():
    """What a sandbox may change."""
    return (time.sleep, time.monotonic, os.urandom, random.seed, random.getstate(),
            threading.Thread.start, selectors.DefaultSelector.select,
            {**os.environ, "PYTEST_CURRENT_TEST": ""},
            getattr(uuid, "_node", None), signal.getsignal(signal.SIGINT), time.tzname,
            time.time() > EPOCH_MS / 1000 + 1000)


@pytest.fixture(autouse=True)
def nothing_is_left():
    before = process()
    yield
    assert process() == before


def test_time_chance_and_variables_are_simulated_at_once():
    sandbox = Sandbox(EPOCH_MS, seed=1)
    seen = []
    for _ in range(2):
        with sandbox.active([]):
            sandbox.clock.begin(0)
            sandbox.chance.begin(1)
            sandbox.variables.show("billing", "128", "stream")
            time.sleep(2)
            seen.append((time.time(), time.monotonic(), random.random(), os.urandom(4),
                         str(uuid.uuid4()), os.environ["AWS_LAMBDA_FUNCTION_NAME"], time.timezone))
    assert seen[0] == seen[1] and seen[0][:2] == (1_767_225_602.0, 1002.0)
    assert seen[0][5:] == ("billing", 0)


def test_with_a_real_clock_only_chance_is_seeded():
    sandbox = Sandbox(EPOCH_MS, seed=1, virtual=False)
    with sandbox.active([]):
        assert time.time() > 1_767_225_600 and time.monotonic() != 1000.0
        sandbox.chance.begin(1)
        first = random.random(), os.urandom(4)
        sandbox.chance.begin(1)
        assert (random.random(), os.urandom(4)) == first


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_everything_is_taken_back_when_the_body_fails(error):
    with pytest.raises(error):
        with Sandbox(EPOCH_MS, seed=1).active([]):
            raise error


def test_everything_is_taken_back_when_it_cannot_be_put_in_place(monkeypatch):
    sandbox = Sandbox(EPOCH_MS, seed=1)

    def fails(functions):
        raise MemoryError

    monkeypatch.setattr(sandbox._patches, "put", fails)
    with pytest.raises(MemoryError):
        with sandbox.active([]):
            pytest.fail("it is not in place")


def test_there_is_none_inside_of_another_and_none_in_its_threads():
    raised = []

    def nested():
        try:
            with Sandbox(0, seed=1).active([]):
                pass
        except TrimhorizonError as error:
            raised.append(str(error))

    with Sandbox(EPOCH_MS, seed=1).active([]):
        nested()
        thread = threading.Thread(target=nested)
        thread.start()
        thread.join()
    assert raised == ["a handler cannot start a run with handlers"] * 2


def test_another_thread_waits_for_its_turn():
    entered, leave, order = threading.Event(), threading.Event(), []

    def first():
        with Sandbox(0, seed=1).active([]):
            entered.set()
            leave.wait()
            order.append("first")

    def second():
        with Sandbox(0, seed=1).active([]):
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    entered.wait()
    threads[1].start()
    threads[1].join(0.15)
    assert threads[1].is_alive() and order == []
    leave.set()
    [thread.join() for thread in threads]
    assert order == ["first", "second"]


def test_a_fork_has_a_clock_and_a_chance_of_its_own():
    sandbox = Sandbox(EPOCH_MS, seed=7)
    sandbox.clock.begin(5)
    fork = sandbox.fork()
    assert (fork.clock.now_us, fork.chance.seed, fork.clock.virtual) == (0, 7, True)
    fork.clock.begin(9)
    assert sandbox.clock.now_us == 5
