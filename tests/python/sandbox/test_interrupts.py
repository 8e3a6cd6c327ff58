"""Ctrl-C alone: where it strikes at once, where it waits, and when it is dropped."""

import os
import signal
import threading

import pytest

from trimhorizon._sandbox import check, interruptible
from trimhorizon._sandbox.interrupts import Interrupts

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


def press():
    signal.raise_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def same_handler_afterwards():
    before = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is before


def test_in_the_user_s_code_it_strikes_at_once():
    with pytest.raises(KeyboardInterrupt):
        with Interrupts():
            interruptible(press)
            pytest.fail("it did not strike")


def test_elsewhere_it_waits_for_the_next_check():
    passed = []
    with pytest.raises(KeyboardInterrupt):
        with Interrupts():
            press()
            passed.append("while patching")
            check()
            passed.append("after the check")
    assert passed == ["while patching"]


def test_at_the_latest_it_strikes_at_the_end():
    passed = []
    with pytest.raises(KeyboardInterrupt):
        with Interrupts():
            press()
            press()
            passed.append("all of it")
    assert passed == ["all of it"]


def test_one_on_top_of_another_that_is_on_its_way_is_dropped():
    with pytest.raises(KeyboardInterrupt) as caught:
        with Interrupts():
            try:
                interruptible(press)
            finally:
                press()  # in the middle of cleaning up
    assert caught.value.__context__ is None


def test_beside_another_exception_it_is_passed_on():
    with pytest.raises(KeyboardInterrupt) as caught:
        with Interrupts():
            press()
            raise ValueError("no")
    assert isinstance(caught.value.__context__, ValueError)


def test_the_user_s_own_handler_is_called():
    heard = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        with Interrupts():
            interruptible(press)
            press()
            assert heard == [signal.SIGINT]
            check()
            assert heard == [signal.SIGINT] * 2
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_handler_that_is_chosen_meanwhile_stays():
    def theirs(number, frame):
        pass

    before = signal.getsignal(signal.SIGINT)
    try:
        with Interrupts():
            signal.signal(signal.SIGINT, theirs)
        assert signal.getsignal(signal.SIGINT) is theirs
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            press()
            check()
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_hear_no_signals_and_hold_none():
    seen = []

    def hold():
        before = signal.getsignal(signal.SIGINT)
        with Interrupts() as interrupts:
            seen.append(signal.getsignal(signal.SIGINT) is before)
            interrupts.check()

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert seen == [True]
    check()  # nothing is held
