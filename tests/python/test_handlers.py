"""Your handler in the loop: the event, the context, the judgement, the clock."""

import asyncio
import base64
import datetime
import os
import random
import sys
import time
import uuid
from decimal import Decimal
from time import sleep as captured_sleep

import pytest

import trimhorizon as th
from conftest import REPORT, sequence, shop


def run(handler, text=None, **options):
    return th.loads(text or shop()).run(handlers={"billing": handler}, **options)


def test_the_event_is_exactly_that_of_lambda():
    events = []
    run(lambda event, context: events.append(event))
    assert [len(event["Records"]) for event in events] == [3, 3]
    record = events[0]["Records"][1]
    assert list(events[0]) == ["Records"]
    assert list(record) == ["kinesis", "eventSource", "eventVersion", "eventID", "eventName",
                            "invokeIdentityArn", "awsRegion", "eventSourceARN"]
    assert list(record["kinesis"]) == ["kinesisSchemaVersion", "partitionKey", "sequenceNumber",
                                       "data", "approximateArrivalTimestamp"]
    assert record["kinesis"]["partitionKey"] == "k1"
    assert record["eventID"] == "shardId-000000000000:" + sequence(record)
    assert base64.b64decode(record["kinesis"]["data"]).startswith(b"r1")
    assert record["kinesis"]["approximateArrivalTimestamp"] == 1767225600.0
    assert record["eventSourceARN"] == "arn:aws:kinesis:us-east-1:123456789012:stream/orders"


def test_the_context_is_that_of_lambda():
    seen = []

    def handler(event, context):
        seen.append(context)
        assert context.get_remaining_time_in_millis() == 3000
        time.sleep(1.25)
        assert context.get_remaining_time_in_millis() == 1750

    result = run(handler)
    context = seen[0]
    assert (context.function_name, context.function_version, context.memory_limit_in_mb) == (
        "billing", "$LATEST", "256")
    failing = run(lambda e, c: 1 / 0).destinations["dlq"][0]["requestContext"]
    assert context.invoked_function_arn == failing["functionArn"]  # the core has it a second time
    assert context.log_group_name == "/aws/lambda/billing"
    assert context.log_stream_name.startswith("2026/01/01/[$LATEST]")
    assert context.client_context is None and context.identity.cognito_identity_id is None
    assert [c.aws_request_id for c in seen] == result.invocations["request_id"]
    assert result.handler_failures == []


SUCCESS = [None, "", [], {}, {"batchItemFailures": []}, {"batchItemFailures": None}, "done", 7]
FAILURE = ["", None, "123", {"not": "text"}]


@pytest.mark.parametrize("answer", SUCCESS[:6], ids=repr)
def test_these_answers_are_success(answer):
    result = run(lambda event, context: answer, shop(mapping=REPORT))
    assert result.invocations["outcome"] == ["success", "success"]
    assert (result.lost, result.duplicates) == (0, 0)


@pytest.mark.parametrize("identifier", FAILURE, ids=repr)
def test_these_identifiers_fail_the_whole_batch(identifier):
    answer = {"batchItemFailures": [{"itemIdentifier": identifier}]}
    result = run(lambda event, context: answer, shop(records=3, retries=2, mapping=REPORT))
    assert result.invocations["outcome"] == ["malformed"] * 3
    assert result.destinations["dlq"][0]["functionError"] is None


def test_the_recorded_lesson_of_partial_responses():
    """ESM-PBR-06: progress resets the retry budget; r5 comes five times, the others once."""

    def handler(event, context):
        bad = [sequence(r) for r in event["Records"] if r["kinesis"]["partitionKey"] == "k5"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in bad]}

    result = run(handler, shop(mapping=REPORT))
    assert result.records["deliveries.billing-orders"] == [1, 1, 1, 1, 1, 5]
    assert result.records["effects.billing-orders"] == [1, 1, 1, 1, 1, 0]
    message = result.destinations["dlq"][0]
    assert (message["approximateInvokeCount"], message["batchSize"]) == (4, 1)


def test_a_report_that_nobody_asked_for_is_loss():
    def handler(event, context):
        return {"batchItemFailures": [{"itemIdentifier": sequence(event["Records"][0])}]}

    result = run(handler)
    assert result.lost == 2
    assert result.to_dict()["mappings"]["billing-orders"]["lost_by_cause"] == {"report_ignored": 2}


def test_an_exception_is_a_function_error():
    def handler(event, context):
        raise ValueError("no")

    result = run(handler)
    assert result.invocations["outcome"] == ["error"] * 8
    assert result.handler_failure_count == 8
    failure = result.handler_failures[0]
    assert (failure.invocation, failure.function, failure.error) == (1, "billing", "ValueError: no")
    assert "raise ValueError" in failure.traceback


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", lambda: 0], ids=["object", "set",
                                                                               "bytes", "function"])
def test_what_json_cannot_say_is_a_function_error(value):
    assert run(lambda e, c: value).invocations["outcome"] == ["error"] * 8


def test_an_answer_above_6_mb_is_a_function_error_and_told():
    """ESM-RTY-09"""
    result = run(lambda e, c: "x" * (6 * 1024 * 1024 + 99), shop(records=1, retries=0))
    assert result.invocations["outcome"] == ["error"] and result.handler_failure_count == 1
    assert result.handler_failures[0].error == (
        "ResponseSizeTooLarge: Response payload size (6291557 bytes) exceeded maximum allowed "
        "payload size (6291556 bytes)")
    fits = run(lambda e, c: "x" * (6 * 1024 * 1024 + 98), shop(records=1, retries=0))
    assert fits.invocations["outcome"] == ["success"] and not fits.handler_failures


def test_decimals_are_said_as_numbers():
    assert run(lambda e, c: {"n": Decimal("1.5")}).invocations["outcome"] == ["success"] * 2


def raise_base():
    raise GeneratorExit


@pytest.mark.parametrize("leave", [lambda: sys.exit(1), raise_base], ids=["exit", "BaseException"])
def test_leaving_is_a_crash_and_the_next_start_is_cold(leave):
    calls = []

    def handler(event, context):
        calls.append(context.log_stream_name)
        if len(calls) == 1:
            leave()

    result = run(handler)
    assert result.invocations["outcome"] == ["crash", "success", "success"]
    assert calls[0] != calls[1] == calls[2]


def test_sleeping_takes_simulated_time_only():
    def handler(event, context):
        time.sleep(2)

    started = time.monotonic()
    result = run(handler)
    assert time.monotonic() - started < 2
    rows = result.invocations
    assert [e - s for s, e in zip(rows["started"], rows["ended"])] == [2_100_000] * 2


def test_sleeping_beyond_timeout_is_a_timeout():
    after = []

    def handler(event, context):
        try:
            time.sleep(5)
        except Exception:  # noqa: BLE001 - being stopped is not an exception a handler can catch
            after.append("caught")
        after.append("went on")

    result = run(handler, shop(records=3, retries=1))
    assert after == []
    assert result.invocations["outcome"] == ["timeout"] * 2
    assert result.invocations[0]["ended"] - result.invocations[0]["started"] == 3_000_000


def test_the_scenario_s_duration_counts_towards_timeout():
    result = run(lambda e, c: time.sleep(2.95), shop(records=3, retries=0))
    assert result.invocations["outcome"] == ["timeout"]


def test_all_clocks_agree():
    seen = []

    def handler(event, context):
        first = time.monotonic()
        seen.append((time.time(), datetime.datetime.now(), time.time_ns() // 1_000_000,
                     datetime.datetime.now(datetime.timezone.utc).isoformat()))
        time.sleep(0.5)
        captured_sleep(0.25)
        seen.append((time.monotonic() - first, time.time()))

    run(handler, shop(records=1))
    assert seen[0] == (1767225600.0, datetime.datetime(2026, 1, 1), 1767225600000,
                       "2026-01-01T00:00:00+00:00")
    assert seen[1] == (0.75, 1767225600.75)
    assert abs(time.time() - 1767225600) > 1000 and time.sleep is captured_sleep


def test_an_event_loop_waits_in_simulated_time():
    async def wait():
        await asyncio.gather(asyncio.sleep(1), asyncio.sleep(0.5))
        return 1

    started = time.perf_counter()
    result = run(lambda e, c: asyncio.run(wait()), shop(records=1))
    assert time.perf_counter() - started < 1
    assert result.invocations[0]["ended"] == 1_100_000


def test_chance_repeats_with_the_seed_and_is_given_back():
    def make():
        seen = []

        def handler(event, context):
            seen.append((random.random(), str(uuid.uuid4()), str(uuid.uuid1()), os.urandom(8),
                         random.SystemRandom().random()))

        return seen, handler

    state = random.getstate()
    (one, first), (two, second), (three, third) = make(), make(), make()
    run(first), run(second), run(third, seed=2)
    assert one == two != three
    assert len(set(one)) == 2
    assert random.getstate() == state
    assert os.urandom(8) != os.urandom(8)


def test_chance_does_not_move_with_what_another_handler_draws():
    def drawn(others):
        seen = []

        def handler(event, context):
            seen.append((random.random(), os.urandom(4)))

        def other(event, context):
            random.random(), os.urandom(1)

        scenario = th.loads("""
            trimhorizon: 1
            streams: {orders: {ShardCount: 2}}
            producers: {shop: {stream: orders, rate: 10/s, records: 20}}
            functions: {billing: {}, audit: {duration: 30ms}}
            event_source_mappings:
              a: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON,
                  BatchSize: 2}
              b: {EventSourceArn: orders, FunctionName: audit, StartingPosition: TRIM_HORIZON}
            """)
        scenario.run(handlers={"billing": handler, **({"audit": other} if others else {})})
        return seen

    assert drawn(others=True) == drawn(others=False)


def test_effects_are_what_the_handler_says():
    def handler(event, context):
        for record in event["Records"]:
            th.effect(record)
            if record["kinesis"]["partitionKey"] == "k1":
                raise ValueError("after the work for k0 and k1")

    result = run(handler, shop(records=3, retries=1))
    assert result.records["effects.billing-orders"] == [2, 2, 0]
    assert result.duplicates == 2


def test_what_is_skipped_has_no_effect():
    done = set()

    def handler(event, context):
        for record in event["Records"]:
            if sequence(record) not in done:
                done.add(sequence(record))
                th.effect(record["eventID"])
        if context.aws_request_id and len(done) == 3 and not getattr(handler, "failed", False):
            handler.failed = True
            raise RuntimeError("after all effects")

    result = run(handler)
    assert result.invocations["outcome"] == ["error", "success", "success"]
    assert (result.duplicates, result.lost) == (0, 0)


def test_effects_of_other_records_are_refused():
    result = run(lambda e, c: th.effect("4711"), shop(records=1, retries=0))
    assert "is not in this batch" in result.handler_failures[0].error
    assert th.effect({"kinesis": {"sequenceNumber": "1"}}) is False  # outside a run: nothing


FAILS = ", fail: [{attempts: [1], after: %s}]"


def test_a_failing_invocation_that_reaches_nothing_does_not_call():
    calls = []
    result = run(lambda e, c: calls.append(len(e["Records"])), shop(function=FAILS % "none"))
    assert result.invocations["outcome"] == ["error", "success"] * 2
    assert calls == [3, 3] and result.duplicates == 0


def test_a_failing_invocation_after_all_work_throws_the_answer_away():
    calls = []
    result = run(lambda e, c: calls.append(len(e["Records"])), shop(function=FAILS % "all"))
    assert result.invocations["outcome"] == ["error", "success"] * 2
    assert calls == [3] * 4 and result.duplicates == 6


def test_a_failing_invocation_after_some_work_hands_over_some():
    calls = []
    result = run(lambda e, c: calls.append(len(e["Records"])), shop(function=FAILS % "some"))
    whole = [n for n in calls if n == 3]
    assert len(whole) == 2 and result.duplicates == sum(calls) - 6


def test_rules_for_records_are_ignored_and_said_once():
    text = shop(function=", respond: swallow, fail: [{records: [r1]}]")
    with pytest.warns(th.TrimhorizonWarning, match="billing") as caught:
        result = run(lambda e, c: None, text)
    assert len(caught) == 1 and result.lost == 0


def test_outages_and_throttles_hold_for_handlers_too():
    calls = []
    more = "timeline:\n  - {at: 0s, for: 1s, outage: {function: billing}}\n"
    result = run(lambda e, c: calls.append(1), shop(more=more))
    assert result.invocations["outcome"][:2] == ["error", "error"] and len(calls) == 2


def test_a_handler_can_end_the_run():
    cause = ValueError("a mistake of mine")

    def handler(event, context):
        raise cause

    with pytest.raises(th.HandlerError, match="invocation 1 of billing") as caught:
        run(handler, errors="raise")
    assert caught.value.__cause__ is cause


def test_names_of_functions_are_checked():
    with pytest.raises(th.TrimhorizonError, match="did you mean `billing`"):
        th.loads(shop()).run(handlers={"biling": print})
    with pytest.raises(TypeError, match="a handler must be"):
        th.loads(shop()).run(handlers={"billing": 7})


def test_handlers_do_not_start_runs_with_handlers():
    def handler(event, context):
        run(lambda e, c: None)

    assert "cannot start a run" in run(handler, shop(records=1)).handler_failures[0].error


def test_other_functions_stay_modelled():
    text = shop().replace("functions:\n", "functions:\n  audit: {duration: 1s}\n").replace(
        "event_source_mappings:\n",
        "event_source_mappings:\n  audit-orders: {EventSourceArn: orders, FunctionName: audit, "
        "StartingPosition: TRIM_HORIZON}\n")
    calls = []
    result = run(lambda e, c: calls.append(1), text)
    assert len(calls) == 2 and result.fates["audit-orders"] == {"processed": 6}


def test_without_time_machine_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "time_machine", None)
    with pytest.raises(ImportError, match=r"trimhorizon\[handlers\]"):
        run(lambda e, c: None)
    assert run(lambda e, c: None, clock="real").lost == 0


def test_a_run_repeats(tmp_path):
    def make():
        state = {"n": 0}

        def handler(event, context):
            state["n"] += 1
            time.sleep(random.random() / 2)
            if state["n"] % 3 == 0:
                raise ValueError(state["n"])

        return handler

    assert run(make(), shop(records=20)) == run(make(), shop(records=20))


def test_explaining_does_not_call_again():
    calls = []
    result = run(lambda e, c: calls.append(1))
    assert "processed" in result.explain("r1")
    assert len(calls) == 2


MODULE = """\
import time
started = time.time()
from helped.inner import count
def handler(event, context):
    count.append(1)
    if len(count) == 2:
        raise SystemExit
"""


def test_modules_are_fresh_in_every_environment(tmp_path, monkeypatch):
    (tmp_path / "helped").mkdir()
    (tmp_path / "helped" / "__init__.py").write_text("")
    (tmp_path / "helped" / "inner.py").write_text("count = []\n")
    (tmp_path / "helped" / "app.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    scenario = th.loads(shop(records=6, batch=1))
    result = scenario.run(handlers={"billing": th.handler("helped.app.handler", fresh=True)})
    # Every environment crashes at its second invocation; the record comes again, to a new one.
    assert result.invocations["outcome"] == ["success", "crash"] * 5 + ["success"]
    assert "helped.app" not in sys.modules
    shared = scenario.run(handlers={"billing": "helped.app.handler"})
    assert shared.invocations["outcome"] == ["success", "crash"] + ["success"] * 5


def test_a_module_that_cannot_be_imported_ends_the_run():
    with pytest.raises(th.HandlerError, match="no_such_module"):
        run("no_such_module.handler")
    with pytest.raises(th.HandlerError, match="cannot be imported") as caught:
        run(th.handler("no_such_module.handler", fresh=True))
    assert isinstance(caught.value.__cause__, ImportError)


def test_two_threads_take_turns():
    import threading

    results, overlap, inside = {}, [], []

    def handler(event, context):
        inside.append(1)
        overlap.append(len(inside))
        time.sleep(1)
        inside.pop()

    def go(name):
        results[name] = run(handler, shop(records=30))

    threads = [threading.Thread(target=go, args=(name,)) for name in "ab"]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results["a"] == results["b"] and set(overlap) == {1}
