"""Simulations held in hand: steps, forks, faults now, views, differences."""

import datetime
import importlib
import os
import random
import time

import pytest

import trimhorizon as th
from conftest import shop

SECOND = datetime.timedelta(seconds=1)
POISON = ", fail: [{records: [r5]}]"


def test_stepping_to_the_end_is_running():
    scenario = th.loads(shop(function=POISON))
    sim = scenario.start(seed=4)
    steps = 0
    while sim.step():
        steps += 1
    assert steps == sim.steps and sim.ended == "drained"
    assert sim.result() == scenario.run(seed=4)


@pytest.mark.parametrize("until", ["0s", "50ms", "100ms", "1s", "2h"])
def test_fork_then_run_is_run(until):
    scenario = th.loads(shop(function=POISON))
    sim = scenario.start()
    sim.run_until(until)
    fork = sim.fork()
    before = sim.trace_digest
    fork.run()
    assert sim.trace_digest == before
    sim.run()
    whole = scenario.run()
    assert fork.result() == sim.result() == whole
    assert fork.trace_digest == whole.trace_digest and th.diff(sim, fork) is None


def test_time_stands_where_it_was_sent():
    sim = th.loads(shop(function=POISON)).start()
    assert sim.now == 0 * SECOND
    sim.run_until("150ms")
    assert sim.now == 0.15 * SECOND
    sim.run_until(datetime.timedelta(seconds=1))
    with pytest.raises(ValueError, match="^0.5s has passed: the simulation is at 1s; call fork"):
        sim.run_until("500ms")
    assert sim.now == SECOND
    sim.run_until(1.5)
    assert sim.now == 1.5 * SECOND
    with pytest.raises(ValueError, match="not a duration"):
        sim.run_until("soon")
    with pytest.raises(TypeError, match="a duration must be text"):
        sim.run_until(None)
    with pytest.raises(ValueError, match="not a duration"):
        sim.run_until(float("nan"))


def test_time_passes_although_nothing_is_left_to_happen():
    sim = th.example().start()
    sim.run()
    ended = sim.now
    sim.run_until("10s")
    assert (sim.now, sim.ended) == (10 * SECOND, "drained")
    assert sim.result().simulated == ended and sim.fork().now == 10 * SECOND
    sim.inject("crash_poller", mapping="billing-orders", shard=0)
    sim.run()
    assert sim.result().disturbances[0]["at"] == 10_000_000


def test_the_world_can_be_looked_at():
    sim = th.loads(shop(function=POISON)).start()
    sim.run_until("150ms")
    (shard,) = sim.shards
    assert (shard.stream, shard.shard, shard.stored) == ("orders", "shardId-000000000000", 6)
    (poller,) = sim.pollers
    assert sim.lanes == {"billing-orders": {"shardId-000000000000": poller.lane}}
    assert poller.mapping == "billing-orders"
    assert (poller.phase, poller.checkpoint) == ("in_flight", "r2")
    assert (poller.iterator, poller.pending) == (3, 3)
    assert poller.lane[0].records == ["r3", "r4", "r5"] == poller.in_flight.records
    assert (poller.in_flight.started, poller.in_flight.ends) == (0.1 * SECOND, 0.2 * SECOND)
    assert sim.checkpoints == {"billing-orders": {"shardId-000000000000": "r2"}}
    assert sim.iterators == {"billing-orders": {"shardId-000000000000": 3}}
    assert [(e.event, e.at) for e in sim.pending] == [("invocation_done", 0.2 * SECOND)]
    assert sim.result().ended == "running"


def test_a_crash_now_repeats_the_work_in_flight():
    sim = th.loads(shop()).start()
    sim.run_until("150ms")
    fork = sim.fork()
    fork.inject("crash_poller", mapping="billing-orders", shard=0)
    fork.run(), sim.run()
    result = fork.result()
    assert result.duplicates == 3 and sim.result().duplicates == 0
    assert result.to_dict()["mappings"]["billing-orders"]["duplicates_by_cause"] == {
        "poller_crash": 3}
    assert "crash" in result.explain("r3")
    difference = th.diff(sim, fork)
    assert difference.a["t"] == 200_000 and difference.b["event"] == "fault"
    assert difference.totals["records.duplicates"] == (0, 3)
    assert difference.totals["mappings.billing-orders.invocations"] == (2, 3)
    assert "event" in repr(difference)


@pytest.mark.parametrize("action, what, outcome", [
    ("throttle", {"function": "billing", "duration": "10s"}, lambda r: r.simulated > 10 * SECOND),
    ("outage", {"function": "billing", "duration": "1s"},
     lambda r: "error" in r.invocations["outcome"]),
    ("UpdateEventSourceMapping", {"name": "billing-orders", "Enabled": False},
     lambda r: r.fates["billing-orders"].get("discarded", 0) == 0),
    ("fail_destination", {"destination": "dlq"}, lambda r: len(r.destinations["dlq"]) == 0),
    ("lose_acknowledgements", {"producer": "shop", "probability": "50%"}, lambda r: r.lost == 0),
])
def test_every_action_of_a_timeline_can_happen_now(action, what, outcome):
    sim = th.loads(shop(function=POISON)).start()
    sim.run_until("150ms")
    sim.inject(action, **what)
    sim.run()
    result = sim.result()
    assert outcome(result)
    assert sim.trace_digest == result.trace_digest


def test_injections_are_checked():
    sim = th.loads(shop()).start()
    with pytest.raises(th.ScenarioError, match="billing"):
        sim.inject("throttle", function="biling")
    with pytest.raises(th.ScenarioError, match="explode"):
        sim.inject("explode", function="billing")


def test_forks_of_forks_and_many_injections_replay():
    chance = random.Random(1)
    text = shop(records=40, batch=4, function=", fail: [{probability: 20%}]")
    for seed in range(20):
        sim = th.loads(text).start(seed=seed)
        for _ in range(chance.randrange(1, 6)):
            for _ in range(chance.randrange(1, 12)):
                sim.step()
            if chance.random() < 0.5:
                sim = sim.fork()
            if sim.ended == "running":
                sim.inject("crash_poller", mapping="billing-orders", shard=0)
        sim.run()
        assert sim.result().trace_digest == sim.trace_digest


def test_stepping_with_a_handler():
    calls = []

    def handler(event, context):
        calls.append(context.aws_request_id)
        time.sleep(0.2)

    scenario = th.loads(shop())
    sim = scenario.start(handlers={"billing": handler})
    sim.run_until("100ms")
    assert len(calls) == 1
    fork = sim.fork()
    sim.run()
    assert len(calls) == 2
    fork.run()
    assert len(calls) == 3 and calls[1] == calls[2]
    assert sim.result() == fork.result() == scenario.run(handlers={"billing": handler})
    assert time.sleep.__name__ == "sleep" and abs(time.time() - 1767225600) > 1000


def test_a_fork_may_get_another_handler():
    def failing(event, context):
        raise ValueError("no")

    sim = th.loads(shop()).start(handlers={"billing": lambda e, c: None})
    sim.run_until("150ms")
    fork = sim.fork(handlers={"billing": failing})
    fork.run(), sim.run()
    # Both invocations had started before the fork: what was answered stays answered.
    assert fork.result() == sim.result()
    bare = th.loads(shop()).start()
    other = bare.fork(handlers={"billing": failing})
    other.run()
    assert other.result().invocations["outcome"] == ["error"] * 8


def test_results_are_compared_too(poisoned):
    assert th.diff(poisoned.run(), poisoned.run()) is None
    found = th.diff(poisoned.run(), poisoned.set({"MaximumRetryAttempts": 2}).run())
    assert found.totals["mappings.billing-orders.invocations"] == (5, 4)


# ---- a handler that ends a step ------------------------------------------------------------------
def ends_at_the_second(error, ends):
    calls = []

    def handler(event, context):
        drawn = (random.random(), os.urandom(4))
        calls.append((context.aws_request_id, context.log_stream_name, drawn))
        if len(calls) == 2 and ends:
            raise error

    return calls, handler


@pytest.mark.parametrize("error, options", [
    (KeyboardInterrupt(), {}), (ValueError("no"), {"errors": "raise"}),
], ids=["Ctrl-C", "errors=raise"])
@pytest.mark.parametrize("go", [lambda sim: sim.run(), lambda sim: sim.run_until("5s"),
                                lambda sim: [each for each in iter(sim.step, False)]],
                         ids=["run", "run_until", "step"])
def test_a_step_happens_wholly_or_not_at_all(error, options, go):
    scenario = th.loads(shop(batch=2))
    wanted, plain = ends_at_the_second(error, False)
    undisturbed = scenario.run(handlers={"billing": plain})
    calls, handler = ends_at_the_second(error, True)
    sim = scenario.start(handlers={"billing": handler}, **options)
    with pytest.raises((KeyboardInterrupt, th.HandlerError)):
        go(sim)
    assert sim.ended == "running" and sim.pending
    assert sim.result().ended == "running" and sim.result().fates["billing-orders"]["pending"] == 4
    fork = sim.fork()
    sim.run()
    assert sim.result() == undisturbed and calls == [*wanted[:2], *wanted[1:]]
    fork.run()
    assert fork.result() == undisturbed


def test_an_import_that_fails_in_a_step_can_be_tried_again(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    fresh = th.handler("written_later.handler", fresh=True)
    sim = th.loads(shop()).start(handlers={"billing": fresh})
    for _ in range(2):
        with pytest.raises(th.HandlerError, match="written_later"):
            sim.run()
    (tmp_path / "written_later.py").write_text("def handler(event, context):\n    pass\n")
    importlib.invalidate_caches()
    sim.run()
    assert sim.result().fates == {"billing-orders": {"processed": 6}}


def test_of_a_run_that_has_not_ended_expectations_are_undecided():
    sim = th.loads(shop(more="expect: {duplicates: 1, never_accepted: 0}\n")).start()
    sim.run_until("50ms")
    assert sim.result().verdict == "undecided"
    sim.run()
    assert sim.result().verdict == "violated"
