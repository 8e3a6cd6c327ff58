"""The functions that replace clocks and chance: real for everybody but the run."""

import os
import random
import selectors
import threading
import time

import pytest

from trimhorizon._sandbox import REAL, Clock, TimedOut
from trimhorizon._sandbox.chance import Chance
from trimhorizon._sandbox.stand_ins import (
    STAND_INS,
    belongs_to_run,
    select,
    start,
    turn_off,
    turn_on,
)


@pytest.fixture
def clock():
    """A clock that is on in this thread; the wall clocks do not show it."""
    state = random.getstate()
    clock = Clock(0, virtual=True)
    turn_on(clock, Chance(1))
    yield clock
    turn_off()
    random.setstate(state)


def test_outside_of_a_run_they_are_the_real_ones():
    assert not belongs_to_run()
    before = time.monotonic()
    STAND_INS["sleep"](0.002)
    assert before + 0.002 <= STAND_INS["monotonic"]() <= time.monotonic()
    assert STAND_INS["perf_counter_ns"]() >= before
    assert STAND_INS["urandom"](8) != STAND_INS["urandom"](8)
    assert STAND_INS["ctime"](0) == time.ctime(0)
    if "clock_gettime" in REAL:
        assert STAND_INS["clock_gettime"](time.CLOCK_MONOTONIC) >= before


def test_sleeping_takes_simulated_time_only(clock):
    started = time.monotonic()
    STAND_INS["sleep"](3600)
    assert clock.now_us == 3_600_000_000 and time.monotonic() < started + 60
    STAND_INS["sleep"](1e-9)  # never shorter than asked for
    assert clock.now_us == 3_600_000_001
    with pytest.raises(ValueError, match="^sleep length must be non-negative$"):
        STAND_INS["sleep"](-1)
    clock.begin(0, deadline_us=10)
    with pytest.raises(TimedOut):
        STAND_INS["sleep"](1)


def test_steady_clocks_agree(clock):
    clock.advance(1_500_000)
    assert STAND_INS["monotonic"]() == STAND_INS["perf_counter"]() == 1001.5
    assert STAND_INS["monotonic_ns"]() == STAND_INS["perf_counter_ns"]() == 1_001_500_000_000
    if "clock_gettime" in REAL:
        assert STAND_INS["clock_gettime"](time.CLOCK_MONOTONIC) == 1001.5
        assert STAND_INS["clock_gettime_ns"](time.CLOCK_MONOTONIC) == 1_001_500_000_000
        assert STAND_INS["clock_gettime"](time.CLOCK_REALTIME) > 1_700_000_000
    assert {STAND_INS[name].__name__ for name in ("monotonic", "perf_counter_ns")} == {
        "monotonic", "perf_counter_ns"}


def test_random_that_seeds_itself_follows_from_the_seed(clock):
    drawn = []
    for _ in range(2):
        turn_on(clock, Chance(1))
        STAND_INS["seed"]()
        drawn.append((random.random(), STAND_INS["urandom"](4)))
    assert drawn[0] == drawn[1]
    STAND_INS["seed"](7)
    assert random.random() == random.Random(7).random()


def test_threads_that_are_not_the_run_s_see_real_time(clock):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(
        (belongs_to_run(), STAND_INS["monotonic"](), STAND_INS["sleep"](0.001))))
    thread.start()
    thread.join()
    assert seen[0][0] is False and seen[0][1] != 1000.0 and clock.now_us == 0


def test_a_thread_that_the_run_starts_belongs_to_it_but_waits_in_real_time(clock):
    seen = []
    thread = threading.Thread(target=lambda: seen.append((belongs_to_run(), STAND_INS["sleep"](0))))
    start(thread)
    thread.join()
    assert seen == [(True, None)] and clock.now_us == 0 and belongs_to_run()


def test_a_loop_that_waits_for_its_timers_waits_in_simulated_time(clock):
    with selectors.DefaultSelector() as selector:
        assert select(selector, 90) == [] and clock.now_us == 90_000_000
        assert select(selector, 0) == [] and clock.now_us == 90_000_000
        ours, theirs = os.pipe()
        other, end = os.pipe()
        selector.register(ours, selectors.EVENT_READ)
        selector.register(other, selectors.EVENT_READ)
        select(selector, 0.01)  # something may come: that takes real time, which counts
        assert 90_010_000 <= clock.now_us < 150_000_000
        for each in (ours, theirs, other, end):
            os.close(each)


def test_without_a_virtual_clock_only_chance_is_replaced():
    turn_on(None, Chance(1))
    try:
        assert STAND_INS["monotonic"]() != 1000.0 and belongs_to_run()
        first = STAND_INS["urandom"](4)
        turn_on(None, Chance(1))
        assert STAND_INS["urandom"](4) == first
    finally:
        turn_off()
    assert not belongs_to_run()
