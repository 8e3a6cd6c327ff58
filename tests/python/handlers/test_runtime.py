"""All handlers of one run: what they are given, what is kept of their failures."""

import time
import warnings

import pytest

import trimhorizon as th
from conftest import shop
from trimhorizon._handlers import Runtime, warn_of_ignored_rules

REAL_SLEEP = [time.sleep]


def plain(event, context):
    return None


def make(handlers=None, **options):
    return Runtime(th.example()._native, 1, handlers, **options)


def test_without_handlers_it_leaves_the_process_alone():
    runtime = make()
    assert not runtime and runtime.pairs() == [] and runtime.functions_that_can_forget() == []
    with runtime.running():
        assert time.sleep is REAL_SLEEP[0]
    runtime.remember()
    runtime.forget()


def test_settings_without_handlers_are_not_silent():
    with pytest.warns(th.TrimhorizonWarning, match="clock='real' has no effect: this run has no h"):
        th.loads(shop()).run(clock="real")
    with pytest.warns(th.TrimhorizonWarning, match="errors='raise' has no effect"):
        th.sweep(th.loads(shop()), errors="raise")
    with pytest.raises(ValueError, match="clock must be virtual or real, not 'nonsense'"):
        th.loads(shop()).start(clock="nonsense")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        th.loads(shop()).run(clock="virtual", errors="judge")


class Nasty(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class Nastier(Exception):
    """Everything that shows it raises."""

    def __str__(self):
        raise SystemExit

    __repr__ = __str__


@pytest.mark.parametrize("kind", [Nasty, Nastier])
def test_an_exception_whose_str_raises_is_an_error_of_the_function(kind):
    def billing(event, context):
        raise kind

    result = th.loads(shop(retries=0)).run(handlers={"billing": billing})
    assert result.ended == "drained" and result.handler_failure_count == 2
    assert result.handler_failures[0].error.startswith(f"{kind.__name__}: (its __str__ raised ")
    assert kind.__name__ in result.handler_failures[0].traceback or kind is Nastier
    with pytest.raises(th.HandlerError, match=f"raised {kind.__name__}: "):
        th.loads(shop()).run(handlers={"billing": billing}, errors="raise")


@pytest.mark.parametrize("wrong", [3, [plain], plain, "module.function"])
def test_handlers_that_are_no_dict_are_answered_in_words(wrong):
    scenario = th.loads(shop())
    calls = [lambda: scenario.run(handlers=wrong), lambda: scenario.start(handlers=wrong),
             lambda: scenario.start().fork(handlers=wrong),
             lambda: th.sweep(scenario, handlers=wrong),
             lambda: th.explore(scenario, 0, handlers=wrong)]
    for call in calls:
        with pytest.raises(TypeError, match="^handlers must be a dict from a function's name to"):
            call()


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
