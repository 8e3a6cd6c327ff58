"""Exploring with handlers: as tables, run by run, and not at all."""

import random
import re
import signal
import time
import uuid
import zlib

import pytest

import trimhorizon as th
from conftest import REPORT, TOP, sequence, shop

SCENARIOS = ["400-loss-needs-a-fault", "410-done-and-given-up"]
CRASH = {"sites": ["poller_crash"], "properties": ["at_most_once"]}


def path_of(name):
    return f"{TOP}/scenarios/{name}.yaml"


def small(**options):
    return th.loads(shop(records=3, batch=2, retries=1, **options))


def plain(event, context):
    return None


def make_idempotent():
    """Does every record once; ``done`` stands for a table."""
    done = set()

    def handler(event, context):
        for record in event["Records"]:
            if record["kinesis"]["data"] not in done:
                done.add(record["kinesis"]["data"])
                th.effect(record)

    return handler


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_handler_like_the_model_has_the_same_ways_to_end(name):
    scenario = th.load(path_of(name))
    modelled, own = th.explore(scenario), th.explore(scenario, handlers={"billing": plain})
    assert own.outcomes == modelled.outcomes and own.verdict_words == modelled.verdict_words
    assert [v.story for v in own.violations] == [v.story for v in modelled.violations]
    assert any("its answers were always the same" in note for note in own.notes)


def test_a_handler_that_raises_is_a_poison_record():
    def raises(event, context):
        for record in event["Records"]:
            if record["kinesis"]["partitionKey"] == "k1":
                raise ValueError("k1")
            th.effect(record)

    options = {"faults": 2, "sites": ["function_error", "poller_crash", "trim"]}
    modelled = th.explore(small(function=", fail: [{records: [r1]}]"), **options)
    reported = th.handler(raises, effects="reported")
    own = th.explore(small(), handlers={"billing": reported}, **options)
    assert own.outcomes == modelled.outcomes and len(own.outcomes) > 5
    assert "ValueError: k1" in own.handler_failures[0].error


def test_a_violation_with_a_handler_runs_again_with_it():
    scenario = th.load(path_of("400-loss-needs-a-fault"))
    found = th.explore(scenario, handlers={"billing": plain},
                       properties=["no_loss", "at_most_once"])
    assert len(found.violations) == 2
    for violation in found.violations:
        result = violation.scenario.run(handlers={"billing": plain})
        assert (result.lost, result.duplicates) == ((2, 0) if violation.property == "no_loss"
                                                    else (0, result.duplicates))
        again = th.replay(scenario, violation.decisions, handlers={"billing": plain})
        assert again.matches and any(line.startswith(violation.property) for line in again.broken)
    assert "scenario.run(handlers=" in repr(found) and "trimhorizon replay" not in repr(found)


def test_a_failure_strikes_before_the_call_and_the_handler_sees_only_what_it_reached():
    batches = []

    def handler(event, context):
        batches.append([r["kinesis"]["partitionKey"] for r in event["Records"]])
        for record in event["Records"]:
            th.effect(record)

    found = th.explore(small(), 1, sites=["function_error"], properties=["at_most_once"],
                            handlers={"billing": handler})
    assert ["k0"] in batches and ["k0", "k1"] in batches and [] not in batches
    batches.clear()
    result = found.violations[0].scenario.run(handlers={"billing": handler})
    assert result.duplicates >= 1 and len(batches[0]) <= len(batches[1])


def test_idempotency_with_fresh_memory_holds_within_the_bound():
    without = th.explore(small(), 2, handlers={"billing": plain}, **CRASH)
    assert without.violations[0].minimum_faults == 1
    made = th.handler(make_idempotent, factory=True)
    found = th.explore(small(), 2, handlers={"billing": made}, **CRASH)
    assert found.verdict_words == "HOLDS for all schedules with at most 2 faults"
    notes = "\n".join(found.notes)
    assert "it received r0 and r1 again: its effects: r0 and r1, then none" in notes
    assert "every run started from the beginning" in notes
    assert "runs," in repr(found)


MODULE = """
import trimhorizon as th
done = set()
def handler(event, context):
    for record in event["Records"]:
        if record["kinesis"]["data"] not in done:
            done.add(record["kinesis"]["data"])
            th.effect(record)
"""


def test_a_module_is_imported_again_for_every_run(tmp_path, monkeypatch):
    (tmp_path / "remembering_shop.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    fresh = th.handler("remembering_shop.handler", fresh=True)
    found = th.explore(small(), 2, handlers={"billing": fresh}, **CRASH)
    assert found.verdict == "holds" and found.complete_through == 2
    # A function that crashes takes its environment with it, and what that remembers.
    crashing = small(function=", fail: [{attempts: [1], as: crash, after: all}]")
    result = th.explore(crashing, 0, handlers={"billing": fresh}, **CRASH)
    assert result.violations[0].minimum_faults == 0


def test_a_violation_of_a_handler_that_remembers_runs_again_with_it():
    def make():
        calls = []

        def handler(event, context):  # gives up remembering after three calls
            calls.append(1)
            for record in event["Records"]:
                if len(calls) > 3 or record["kinesis"]["data"] not in done:
                    done.add(record["kinesis"]["data"])
                    th.effect(record)

        done = set()
        return handler

    made = {"billing": th.handler(make, factory=True)}
    found = th.explore(small(), 3, handlers=made, **CRASH)
    assert found.violations[0].minimum_faults >= 2
    assert found.violations[0].point_of_no_return
    result = found.violations[0].scenario.run(handlers=made)
    assert result.duplicates > 0 and result.lost == 0
    assert th.replay(small(), found.violations[0].decisions, handlers=made).matches
    assert th.explore(small(), 3, random=200, handlers=made, **CRASH).verdict == "violated"


def test_a_memory_that_stays_is_an_error_that_names_both_ways_out():
    shared = make_idempotent()
    with pytest.raises(th.ExploreError, match="its memory stays between two runs") as caught:
        th.explore(small(), 1, handlers={"billing": th.handler(lambda: shared, factory=True)},
                   **CRASH)
    assert "fresh=True" in caught.value.hint and "factory=True" in caught.value.hint


def on_the_clock(event, context):
    if time.time() % 2 > 1:
        raise TimeoutError


def on_chance(event, context):
    if random.random() < 0.5:
        raise ValueError


def on_the_request(event, context):
    time.sleep(int(context.aws_request_id[-2:], 16) / 1000)


def on_an_id(event, context):
    time.sleep(uuid.uuid4().int % 1000 / 1000)


def on_age(event, context):
    age = time.time() - event["Records"][0]["kinesis"]["approximateArrivalTimestamp"]
    if age > 3600:
        th.effect(event["Records"][0])


@pytest.mark.parametrize("handler", [on_the_clock, on_chance, on_the_request, on_an_id,
                                     on_age],
                         ids=lambda each: each.__name__)
def test_what_depends_on_time_request_or_chance_is_noticed_and_run_by_run(handler):
    handlers = {"billing": th.handler(handler, effects="reported" if handler is on_age else "auto")}
    found = th.explore(small(), 1, handlers=handlers, **CRASH)
    notes = "\n".join(found.notes)
    assert "it depends on the time, the request or chance" in notes
    assert found.to_json() == th.explore(small(), 1, handlers=handlers, **CRASH).to_json()


def test_a_handler_that_always_fails_never_comes_to_rest():
    def raises(event, context):
        raise ValueError("no")

    endless = th.loads(shop(records=2, batch=2, retries=-1))
    for handler in (raises, th.handler(lambda: lambda e, c: on_chance_no(e), factory=True)):
        found = th.explore(endless, 2, sites=["trim"], handlers={"billing": handler})
        (loop,) = found.loops
        assert loop.loop and loop.minimum_faults == 0 and len(found.outcomes) >= 1


def on_chance_no(event):
    time.sleep(random.random() / 1000)
    raise ValueError("no")


def test_effects_for_some_batches_only_must_be_said():
    def some(event, context):
        for record in event["Records"]:
            if record["kinesis"]["partitionKey"] == "k2":
                th.effect(record)

    with pytest.raises(th.HandlerError, match='effects="reported"'):
        th.explore(small(), 1, handlers={"billing": some})
    told = {"billing": th.handler(some, effects="reported")}
    assert th.explore(small(), 0, handlers=told).violations[0].minimum_faults == 0
    told = {"billing": th.handler(some, effects="answered")}
    assert th.explore(small(), 0, handlers=told).verdict == "holds"


def test_a_report_of_failures_is_read_as_the_mapping_does():
    def reports(event, context):
        bad = [sequence(r) for r in event["Records"] if r["kinesis"]["partitionKey"] == "k1"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in bad]}

    own = th.explore(small(mapping=REPORT), 1, sites=["poller_crash"],
                     handlers={"billing": reports})
    text = shop(records=3, batch=2, retries=1, mapping=REPORT,
                function=", respond: report_failures, fail: [{records: [r1]}]")
    assert own.outcomes == th.explore(th.loads(text), 1, sites=["poller_crash"]).outcomes


def test_rules_for_records_are_ignored_and_that_is_said():
    scenario = small(function=", fail: [{records: [r1]}]")
    with pytest.warns(th.TrimhorizonWarning, match="are ignored"):
        th.explore(scenario, 0, handlers={"billing": plain})


def test_errors_of_handlers_and_factories_come_through():
    def wrong(event, context):
        raise ValueError("no")

    with pytest.raises(th.HandlerError, match="ValueError: no"):
        th.explore(small(), 1, handlers={"billing": wrong}, errors="raise")
    with pytest.raises(th.HandlerError, match="must return a handler"):
        th.explore(small(), 1, handlers={"billing": th.handler(lambda: 7, factory=True)})
    assert th.example().run().lost == 0  # nothing is left patched
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_example_of_the_page_runs(monkeypatch):
    with open(f"{TOP}/docs/explorer.md", encoding="utf-8") as page:
        (code,) = re.findall(r"```python\n(.*?)```", page.read(), re.DOTALL)
    monkeypatch.chdir(TOP)
    names = {}
    exec(code, names)
    without = {"sites": ["poller_crash"], "properties": ["at_most_once"]}
    assert th.explore(names["scenario"], 2, **without).violations[0].minimum_faults == 1


def test_factories_make_a_handler_for_every_run():
    made = []

    def make():
        made.append(1)
        return plain

    handlers = {"billing": th.handler(make, factory=True)}
    small().run(handlers=handlers)
    small().run(handlers=handlers)
    assert len(made) == 2


# ---- drawn handlers ------------------------------------------------------------------------------
SITES = ["function_error", "timeout", "poller_crash", "poller_crash_anywhere", "checkpoint_lost",
         "ack_lost", "ack_lost_late", "trim", "throttle", "destination_failure",
         "overlapping_pollers"]
PROPERTIES = ["no_loss", "at_most_once", "order_first", "destination_exclusive"]


def drawn_handler(draw):
    """What it does with a batch follows from the keys in it."""
    salt = draw.random()

    def handler(event, context):
        records = event["Records"]
        keys = [each["kinesis"]["partitionKey"] for each in records]
        bits = zlib.crc32(repr((salt, keys)).encode())
        reached = (bits >> 8) % (len(records) + 1)
        kind = bits % 7
        bad = [r for i, r in enumerate(records) if kind == 4 and bits >> (10 + i) & 1]
        for record in records if kind <= 2 or kind == 4 else records[:reached]:
            if record not in bad:
                th.effect(record)
        if kind == 3:
            raise ValueError("no")
        if kind == 6:
            time.sleep(5)
        return {"batchItemFailures": [{"itemIdentifier": sequence(each)} for each in bad]}

    return handler


def drawn_case(seed):
    draw = random.Random(seed)
    bisect = "    BisectBatchOnFunctionError: true\n"
    mapping = draw.choice(["", REPORT]) + draw.choice(["", bisect])
    scenario = th.loads(shop(records=draw.randint(1, 4), batch=draw.randint(1, 3),
                             retries=draw.randint(0, 2), mapping=mapping))
    options = {"faults": draw.randint(0, 2), "sites": draw.sample(SITES, 3),
               "properties": PROPERTIES, "batch_sizes": draw.choice(["full", "full", "any"])}
    return scenario.set({"ShardCount": draw.choice([1, 1, 2])}), drawn_handler(draw), options


@pytest.mark.parametrize("seed", range(16))
def test_a_table_and_whole_runs_find_the_same_and_what_is_found_runs_again(seed):
    scenario, handler, options = drawn_case(seed)
    effects = ["reported", "answered"][seed % 2]

    def make():  # sleeps for a microsecond in the first call: no table
        rest = [1e-6]

        def sleepy(event, context):
            time.sleep(rest.pop() if rest else 0)
            return handler(event, context)

        return sleepy

    plain = {"billing": th.handler(handler, effects=effects)}
    table = th.explore(scenario, handlers=plain, **options)
    runs = th.explore(scenario,
        handlers={"billing": th.handler(make, factory=True, effects=effects)}, **options)
    assert "its answers were always the same" in table.notes[-1]
    merged = not any("no states were merged" in note for note in runs.notes)
    # A first call that is stopped at its Timeout has slept just as long.
    assert not merged or "timeout" in runs.to_dict()["situations_reached"]
    assert runs.outcomes == table.outcomes
    assert [(v.property, v.minimum_faults) for v in runs.violations] == [
        (v.property, v.minimum_faults) for v in table.violations]
    for violation in table.violations:
        again = th.replay(scenario, violation.decisions, handlers=plain)
        assert again.matches and any(line.startswith(violation.property) for line in again.broken)
        result = violation.scenario.run(handlers=plain)
        counts = {}
        for row in result.records:
            done = row["effects.billing-orders"]
            counts[row["id"]] = counts.get(row["id"], 0) + done
        assert counts in [each["effects"] for each in table.outcomes]
        assert result.lost > 0 or violation.property != "no_loss"
