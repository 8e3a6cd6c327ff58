"""All handlers of one run: what they are given, what is kept of their failures."""

import time
import warnings

import pytest

import trimhorizon as th
from trimhorizon._handlers import Runtime, warn_of_ignored_rules

REAL_SLEEP = [time.sleep]


def plain(event, context):
    return None


def make(handlers=None, **options):
    return Runtime(th.example()._native, 1, handlers, **options)


def test_without_handlers_it_leaves_the_process_alone():
    runtime = make(clock="nonsense", errors="nonsense")
    assert not runtime and runtime.pairs() == [] and runtime.functions_that_can_forget() == []
    with runtime.running():
        assert time.sleep is REAL_SLEEP[0]
    runtime.remember()
    runtime.forget()


def test_with_handlers_the_process_is_changed_while_it_runs():
    runtime = make({"billing": plain})
    assert runtime and [name for name, _ in runtime.pairs()] == ["billing"]
    with runtime.running():
        assert time.sleep is not REAL_SLEEP[0]
    assert time.sleep is REAL_SLEEP[0]


@pytest.mark.parametrize("options, words", [
    ({"clock": "mine"}, "^clock must be virtual or real, not 'mine'$"),
    ({"errors": "mine"}, "^errors must be judge or raise, not 'mine'$")])
def test_settings_are_checked(options, words):
    with pytest.raises(ValueError, match=words):
        make({"billing": plain}, **options)


def test_handlers_that_come_with_a_fork_are_the_fork_s():
    runtime = make()
    fork = runtime.fork()
    fork.add({"billing": plain})
    assert fork and not runtime


def test_the_first_hundred_failures_are_kept_and_all_are_counted():
    runtime = make({"billing": plain})
    for number in range(1, 151):
        runtime.note_failure(number, "billing", ValueError(number))
    fork = runtime.fork()
    fork.note_failure(151, "billing", ValueError(151))
    assert (runtime.failure_count, fork.failure_count) == (150, 151)
    assert [each.invocation for each in runtime.failures] == list(range(1, 101))


def test_a_failure_may_end_the_run():
    cause = ValueError("no")
    words = "^invocation 3 of billing raised ValueError: no$"
    with pytest.raises(th.HandlerError, match=words) as caught:
        make({"billing": plain}, errors="raise").note_failure(3, "billing", cause)
    assert caught.value.__cause__ is cause


def test_a_plain_function_can_forget_once_its_memory_is_kept():
    calls = []
    runtime = make({"billing": lambda event, context: calls.append(1)})
    assert runtime.functions_that_can_forget() == []
    runtime.remember()
    calls.append(1)
    runtime.forget()
    assert runtime.functions_that_can_forget() == ["billing"] and calls == []
    factory = th.handler(lambda: plain, factory=True)
    assert make({"billing": factory}).functions_that_can_forget() == ["billing"]


def test_ignored_rules_are_said_to_the_caller_s_caller():
    def public_function(names):
        warn_of_ignored_rules(names)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        public_function([])
    with pytest.warns(th.TrimhorizonWarning, match="^your handler of a, b decides ") as caught:
        public_function(["a", "b"])
    assert caught[0].filename == __file__
