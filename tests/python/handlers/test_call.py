"""Between C++ and Python: the core calls any callable with a Call and takes an Answer."""

import json

import pytest

import trimhorizon as th
from conftest import shop
from trimhorizon import _core
from trimhorizon._core.handlers import Answer, Call, End


def run(function, text=None):
    source = th.loads(text or shop(records=3, retries=1))._native
    return _core.run.run(source, 7, [("billing", function)], None)


def outcomes(made):
    return made.invocations().column("outcome")


def test_a_call_has_names_for_everything_and_outlives_the_run():
    calls = []
    run(lambda call: calls.append(call) or Answer(End.returned, "null"))
    (call,) = calls
    assert isinstance(call, Call)
    assert len(json.loads(call.event_json)["Records"]) == 3
    assert (call.number, call.environment, call.cold, call.alone) == (1, 0, True, False)
    assert (call.starts_us, call.epoch_ms, call.timeout_us) == (0, 1_767_225_600_000, 3_000_000)
    assert len(call.request_id) == 36 and call.chance > 0
    with pytest.raises(AttributeError):
        call.number = 2


def test_an_answer_has_its_four_parts():
    answer = Answer(End.crash, slept_us=5, effects=[2, 0])
    assert (answer.end, answer.response, answer.slept_us, answer.effects) == (
        End.crash, "", 5, [2, 0])
    assert Answer(End.returned, "null").effects is None
    assert [end.name for end in (End.returned, End.error, End.timeout, End.crash)] == [
        "returned", "error", "timeout", "crash"]
    with pytest.raises(TypeError):
        Answer(0, "null")


@pytest.mark.parametrize("end, outcome", [
    (End.returned, "success"), (End.error, "error"), (End.timeout, "timeout"),
    (End.crash, "crash")])
def test_how_it_ended_is_the_outcome_of_the_invocation(end, outcome):
    assert outcomes(run(lambda call: Answer(end)))[0] == outcome


def test_what_it_slept_and_did_is_taken_from_the_answer():
    made = run(lambda call: Answer(End.error, "", 250_000, [1]))
    rows = made.invocations()
    assert [e - s for s, e in zip(rows.column("started"), rows.column("ended"))] == [350_000] * 2
    assert made.records().column("effects.billing-orders") == [0, 2, 0]


def test_one_answer_may_be_given_again_and_again():
    same = Answer(End.returned, '{"batchItemFailures": []}', 0, [0, 1, 2])
    made = run(lambda call: same, shop(records=6, batch=3))
    assert made.records().column("effects.billing-orders") == [1] * 6
    assert same.response and same.effects == [0, 1, 2]


def test_an_exception_ends_the_run():
    def fails(call):
        raise ValueError("of the runtime, not of the handler")

    with pytest.raises(ValueError, match="of the runtime"):
        run(fails)
    with pytest.raises(RuntimeError):
        run(lambda call: "no answer")
