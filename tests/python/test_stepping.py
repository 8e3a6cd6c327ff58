"""Simulations held in hand: steps, forks, faults now, views, differences."""

import datetime
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
    sim.run_until("500ms")  # what is past is done already
    assert sim.now == SECOND
    sim.run_until(1.5)
    assert sim.now == 1.5 * SECOND
    with pytest.raises(ValueError, match="no duration"):
        sim.run_until("soon")


def test_the_world_can_be_looked_at():
    sim = th.loads(shop(function=POISON)).start()
    sim.run_until("150ms")
    (shard,) = sim.shards
    assert (shard.stream, shard.shard, shard.stored) == ("orders", "shardId-000000000000", 6)
    (poller,) = sim.pollers
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
