"""Simulated time alone: it counts, it ends at a deadline, it is shown and taken back."""

import datetime
import time

import pytest

from trimhorizon._sandbox import Clock, TimedOut

EPOCH_MS = 1_767_225_600_000  # 2026-01-01


@pytest.fixture
def shown():
    """A clock that the process shows."""
    clock = Clock(EPOCH_MS, virtual=True)
    clock.start()
    yield clock
    clock.stop()


def test_time_stands_until_it_is_advanced():
    clock = Clock(EPOCH_MS, virtual=True)
    clock.begin(1_000_000)
    assert (clock.now_us, clock.seen_us, clock.wall_s) == (1_000_000, 1_000_000, 1_767_225_601.0)
    clock.advance(250)
    clock.advance(0)
    assert clock.now_us == 1_000_250 and not clock.timed_out
    clock.begin(7)
    assert clock.now_us == 7


def test_beyond_the_deadline_it_stops_there():
    clock = Clock(EPOCH_MS, virtual=True)
    clock.begin(100, deadline_us=200)
    clock.advance(100)  # up to the deadline is in time
    with pytest.raises(TimedOut):
        clock.advance(1)
    assert clock.now_us == 200 and clock.timed_out
    with pytest.raises(TimedOut):  # whoever caught it is stopped again
        clock.advance(5)
    clock.begin(300)
    assert not clock.timed_out
    clock.advance(10**12)


def test_being_stopped_is_no_exception_that_a_handler_catches():
    assert not issubclass(TimedOut, Exception)


def test_the_process_shows_it_to_the_microsecond(shown):
    shown.begin(1_500_001)
    assert time.time_ns() == (EPOCH_MS * 1000 + 1_500_001) * 1000
    shown.advance(2_000_000)
    assert time.time() == pytest.approx(EPOCH_MS / 1000 + 3.500001, abs=1e-6)
    assert datetime.datetime.now(datetime.timezone.utc).isoformat() == (
        "2026-01-01T00:00:03.500001+00:00")
    shown.begin(0)  # backwards: the next handler begins earlier
    assert time.time() == EPOCH_MS / 1000


def test_stopping_gives_the_real_time_back():
    clock = Clock(0, virtual=True)
    clock.stop()  # it never started
    for _ in range(2):
        clock.start()
        assert time.time() == 0
        clock.stop()
        assert time.time() > 1_700_000_000


def test_a_real_clock_goes_on_by_itself_and_patches_nothing():
    clock = Clock(0, virtual=False)
    clock.start()
    assert time.time() > 1_700_000_000
    clock.begin(1000)
    first = clock.seen_us
    time.sleep(0.002)
    assert 1000 <= first < first + 2000 <= clock.seen_us and clock.now_us == 1000
    clock.stop()
