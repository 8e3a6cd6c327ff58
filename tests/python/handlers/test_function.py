"""A function of the scenario as the core calls it, without a run: a Call in, an Answer out."""

import json
import time
import types

import pytest

import trimhorizon as th
from trimhorizon._core.handlers import RESPONSE_BYTES_MAX, End
from trimhorizon._handlers import Runtime

EVENT = json.dumps({"Records": [{"kinesis": {"sequenceNumber": str(n)}} for n in range(3)]})


def call(**changes):
    return types.SimpleNamespace(**{
        "event_json": EVENT, "number": 1, "chance": 1, "request_id": "id", "starts_us": 0,
        "epoch_ms": 0, "timeout_us": 3_000_000, "environment": 0, "cold": False, "alone": False,
        **changes})


def answers(target, *calls, **options):
    """What it answers, and the runtime that noted its failures."""
    runtime = Runtime(th.example()._native, 1, {"billing": th.handler(target, **options)})
    ((name, function),) = runtime.pairs()
    assert name == "billing"
    with runtime.running():
        return [function(each) for each in calls or [call()]], runtime


def answer(target, **options):
    ((answer,), runtime) = answers(target, **options)
    return answer, runtime


def test_what_it_returns_is_its_response():
    given = []
    said, runtime = answer(lambda event, context: given.append(event) or {"n": [1, None]})
    assert given == [json.loads(EVENT)] and said.response == '{"n": [1, null]}'
    assert (said.end, said.slept_us, said.effects) == (End.returned, 0, None)
    assert runtime.failures == [] and runtime.failure_count == 0


def test_what_it_raises_is_noted():
    def fails(event, context):
        raise ValueError("no")

    said, runtime = answer(fails)
    assert (said.end, said.response) == (End.error, "")
    (failure,) = runtime.failures
    assert failure[:3] == (1, "billing", "ValueError: no")
    assert "raise ValueError" in failure.traceback


def test_leaving_the_process_is_a_crash_and_ctrl_c_is_ctrl_c():
    def leaves(event, context):
        raise SystemExit

    def interrupted(event, context):
        raise KeyboardInterrupt

    assert answer(leaves)[0].end == End.crash
    with pytest.raises(KeyboardInterrupt):
        answer(interrupted)


def test_sleeping_beyond_the_timeout_is_a_timeout_whatever_it_makes_of_it():
    def stubborn(event, context):
        try:
            time.sleep(5)
        except BaseException:  # noqa: B036
            return "went on"

    for target in (lambda event, context: time.sleep(5), stubborn):
        said, runtime = answer(target)
        assert (said.end, said.slept_us) == (End.timeout, 3_000_000) and not runtime.failures
    assert answer(lambda event, context: time.sleep(3))[0].end == End.returned


def test_a_response_that_is_too_large_is_told_and_still_given_to_the_core():
    said, runtime = answer(lambda event, context: "x" * RESPONSE_BYTES_MAX)
    assert said.end == End.returned and len(said.response) > RESPONSE_BYTES_MAX
    assert runtime.failures[0].error.startswith("ResponseSizeTooLarge: Response payload size")


def says(numbers, fail=False):
    def handler(event, context):
        for number in numbers:
            th.effect(str(number))
        if fail:
            raise ValueError("after the work")

    return handler


def test_effects_are_what_it_says_or_what_it_answers():
    assert answer(says([2, 0]))[0].effects == [2, 0]
    assert answer(says([1], fail=True))[0].effects == [1]
    assert answer(says([]))[0].effects is None
    assert answer(says([]), effects="reported")[0].effects == []
    assert answer(says([1]), effects="answered")[0].effects is None
    assert th.effect("1") is False  # no call is in progress


def test_from_the_first_word_on_silence_means_nothing():
    spoken = iter([[], [1], []])
    said, _ = answers(lambda event, context: says(next(spoken))(event, context),
                      call(), call(number=2), call(number=3))
    assert [each.effects for each in said] == [None, [1], []]
    spoken = iter([[], [1]])
    with pytest.raises(th.HandlerError, match="for some batches only"):
        answers(lambda event, context: says(next(spoken))(event, context),
                call(alone=True), call(alone=True))


def test_an_environment_has_a_log_stream_until_a_cold_start():
    streams = []
    day = 86_400_000_000
    answers(lambda event, context: streams.append(context.log_stream_name),
            call(cold=True), call(starts_us=day), call(environment=1, cold=True),
            call(starts_us=day, cold=True))
    assert streams[0] == streams[1] and len(set(streams)) == 3


def test_a_factory_makes_one_for_the_run_or_for_each_environment():
    def make():
        made.append(len(made))
        return lambda event, context: number

    made, number = [], 0
    calls = [call(cold=True), call(), call(environment=1, cold=True), call(cold=True)]
    answers(make, *calls, factory=True)
    assert len(made) == 1
    answers(make, *calls, factory=True, fresh=True)
    assert len(made) == 1 + 3
    with pytest.raises(th.HandlerError, match="factory of billing must return a handler, not 7"):
        answer(lambda: 7, factory=True)
    with pytest.raises(th.HandlerError, match="the factory of billing failed: division by zero"):
        answer(lambda: 1 / 0, factory=True)


def test_a_fork_goes_on_in_the_same_environments():
    streams = []
    runtime = Runtime(th.example()._native, 1, {
        "billing": lambda event, context: streams.append(context.log_stream_name)})
    with runtime.running():
        runtime.pairs()[0][1](call(cold=True))
    fork = runtime.fork()
    with fork.running():
        fork.pairs()[0][1](call(starts_us=86_400_000_000))
        fork.pairs()[0][1](call(environment=1, cold=True))
    with runtime.running():
        runtime.pairs()[0][1](call(environment=1, starts_us=86_400_000_000, cold=True))
    assert streams[0] == streams[1] and len(set(streams)) == 3
