"""Exploring: the same as the command line, and with handlers that remember or do not."""

import json
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import textwrap
import time
import uuid

import pytest

import trimhorizon as th
from conftest import REPORT, TOP, sequence, shop

SCENARIOS = ["400-loss-needs-a-fault", "410-done-and-given-up", "420-order-past-a-failure"]
CRASH = {"sites": ["poller_crash"], "properties": ["at_most_once"]}


def path_of(name):
    return f"{TOP}/scenarios/{name}.yaml"


def small(**options):
    return th.loads(shop(records=3, batch=2, retries=1, **options))


# ---- without handlers ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_exploration_is_that_of_the_command_line(name, command):
    path = path_of(name)
    found = th.load(path).explore()
    assert found.to_json() == command("explore", path, "--outcomes", "--format", "json")
    assert repr(found) == command("explore", path).rstrip("\n")
    assert found.to_text(outcomes=True) == command("explore", path, "--outcomes")
    assert found.to_dict()["outcomes"] == found.outcomes and len(found.outcomes) > 3
    assert found.verdict == "violated" and found.complete_through == found.faults == 3


def test_a_variant_is_explored_by_itself(command):
    path = path_of("400-loss-needs-a-fault")
    found = th.load(path).variant("destination").explore(2)
    said = command("explore", path, "--variant", "destination", "--faults", "2", "--outcomes",
                   "--format", "json")
    assert found.to_json() == said and found.verdict == "holds" and found.violations == []


@pytest.mark.parametrize("seed", range(4))
def test_drawn_scenarios_say_the_same_in_python_and_on_the_command_line(seed, command, tmp_path):
    draw = random.Random(seed)
    text = shop(records=draw.randint(1, 3), batch=draw.randint(1, 3), retries=draw.randint(0, 2),
                mapping=draw.choice(["", REPORT, "    BisectBatchOnFunctionError: true\n"]))
    path = tmp_path / "drawn.yaml"
    path.write_text(text)
    sites = draw.sample(["function_error", "poller_crash", "ack_lost", "trim", "timeout"], 3)
    sizes = draw.choice(["full", "any"])
    found = th.load(path).explore(2, sites=sites, batch_sizes=sizes,
                                  properties=["no_loss", "at_most_once"])
    said = command("explore", str(path), "--faults", "2", "--outcomes", "--format", "json",
                   "--set", f"explore.sites={json.dumps(sites)}",
                   "--set", "explore.properties=[no_loss, at_most_once]",
                   "--set", f"explore.batch_sizes={sizes}")
    assert found.to_json() == said
    for each in found.violations:
        again = each.scenario.run()
        assert (again.lost if each.property == "no_loss" else again.duplicates) > 0


def test_a_violation_is_a_scenario_that_always_ends_so(command, tmp_path):
    found = th.load(path_of("400-loss-needs-a-fault")).explore()
    violation = found.violations[0]
    assert (violation.property, violation.minimum_faults) == ("no_loss", 1)
    assert violation.point_of_no_return == 3 and "▶  3" in repr(violation)
    path = tmp_path / "found.yaml"
    path.write_text(violation.scenario.text)
    command("explore", path_of("400-loss-needs-a-fault"), "--out", str(tmp_path / "out.yaml"))
    assert path.read_text() == (tmp_path / "out.yaml").read_text()
    assert [violation.scenario.run(seed).lost for seed in (1, 2)] == [2, 2]
    assert "MATCH" in command("replay", str(path))


def test_a_replay_says_match_or_drift(command):
    scenario = th.load(path_of("400-loss-needs-a-fault"))
    violation = scenario.explore().violations[0]
    again = th.replay(scenario, violation.decisions)
    said = command("replay", scenario.file, "--decisions", violation.decisions)
    assert said.startswith(again.text) and again.matches and again.at_rest
    assert again.broken == ["no_loss (r0 and r1)", "all_processed (r0 and r1)"]
    assert th.replay(violation.scenario).story == again.story
    other = th.replay(scenario.set({"BatchSize": 3}), violation.decisions)
    assert not other.matches and "expected:" in other.drift and repr(other).startswith("DRIFT")


def test_bounds_random_runs_and_assumptions_are_said(command):
    path = path_of("400-loss-needs-a-fault")
    scenario = th.load(path)
    bounded = scenario.variant("destination").explore(states=50)
    assert bounded.verdict == "incomplete" and "INCOMPLETE" in bounded.verdict_words
    lucky = scenario.explore(0, random=3)
    assert lucky.verdict == "not_found" and lucky.to_dict()["verdict"] == "incomplete"
    swept = scenario.variant("one_retry").explore(assumptions=True)
    assert swept.to_json() == command("explore", path, "--variant", "one_retry", "--assumptions",
                                      "--outcomes", "--format", "json")
    assert not any(each["depends"] for each in swept.assumptions)
    assert scenario.explore(1).assumptions is None and "iterator_age" in swept.assumptions_met


def test_runs_without_end_are_loops():
    endless = th.loads(shop(records=1, retries=-1, function=", fail: [{records: [r0]}]"))
    found = endless.explore(1, sites=["trim"])
    assert found.loops and found.loops[0].loop and "↻" in repr(found)
    assert found.loops[0].scenario.run().ended == "duration"


def test_an_exploration_pickles_and_shows_itself_without_scripts():
    found = th.load(path_of("400-loss-needs-a-fault")).explore()
    read = pickle.loads(pickle.dumps(found))
    assert read == found and repr(read) == repr(found)
    assert read.violations[0].scenario.run().lost == 2
    assert "<script" not in found._repr_html_() and "VIOLATED" in found._repr_html_()


def test_the_number_of_threads_makes_no_difference():
    scenario = th.load(path_of("420-order-past-a-failure"))
    assert scenario.explore(threads=1) == scenario.explore(threads=3)


@pytest.mark.parametrize("options, error, words", [
    ({"faults": -1}, ValueError, "0 to 100"),
    ({"faults": 1.5}, TypeError, "whole number"),
    ({"states": 0}, ValueError, "at least 1"),
    ({"seconds": 0}, ValueError, "more than 0"),
    ({"random": 3, "states": 9}, ValueError, "bound a search"),
    ({"threads": 0}, ValueError, "at least 1"),
    ({"sites": "trim"}, TypeError, "list of names"),
    ({"sites": ["trimm"]}, th.ScenarioError, "did you mean `trim`"),
    ({"properties": ["no_los"]}, th.ScenarioError, "did you mean `no_loss`"),
    ({"batch_sizes": "some"}, th.ScenarioError, "`full` or `any`"),
    ({"handlers": {"biling": print}}, th.TrimhorizonError, "did you mean `billing`"),
])
def test_wrong_arguments_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        small().explore(**options)


def test_what_cannot_be_explored_says_why():
    with pytest.raises(th.ExploreError, match="too much to explore") as caught:
        th.example().set({"records": 20000}).explore()
    assert "a handful shows most" in caught.value.hint
    with pytest.raises(th.ExploreError, match="no decisions"):
        th.replay(small())
    with pytest.raises(th.ExploreError, match="th1:") as caught:
        th.replay(small(), "th1:AAAA")
    assert pickle.loads(pickle.dumps(caught.value)).hint == caught.value.hint
    with pytest.raises(TypeError, match="takes a scenario"):
        th.explore("400.yaml")


BIG = shop(records=9, batch=3, retries=3)


def test_progress_tells_layers_and_may_stop():
    told = []
    th.loads(BIG).explore(3, states=30_000, progress=lambda *now: told.append(now))
    assert told and all(layer <= 3 and states > 0 for layer, states in told)

    class Enough(Exception):
        pass

    def stop(layer, states):
        raise Enough

    with pytest.raises(Enough):
        th.loads(BIG).explore(3, states=30_000, progress=stop)
    assert small().explore(1, progress=True).states > 0


CTRL_C = """
import signal, sys, threading, time
import trimhorizon as th
sent = []
real_sleep, real_time = time.sleep, time.monotonic
def send():
    real_sleep(0.5)
    sent.append(real_time())
    import os; os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=send, daemon=True).start()
try:
    th.loads(sys.stdin.read()).explore({options})
    print("too early")
except KeyboardInterrupt:
    print(real_time() - sent[0])
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("options", [
    "9, batch_sizes='any'",
    "9, random=10**9",
    "9, handlers={'billing': lambda event, context: time.sleep(time.time() % 1)}",
])
def test_ctrl_c_stops_an_exploration(options):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CTRL_C).replace("{options}", options)],
        input=BIG, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 2  # 100 ms on an idle machine


# ---- with handlers -------------------------------------------------------------------------------
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


@pytest.mark.parametrize("name", SCENARIOS[:2])
def test_a_handler_like_the_model_has_the_same_ways_to_end(name):
    scenario = th.load(path_of(name))
    modelled, own = scenario.explore(), scenario.explore(handlers={"billing": plain})
    assert own.outcomes == modelled.outcomes and own.verdict_words == modelled.verdict_words
    assert [v.story for v in own.violations] == [v.story for v in modelled.violations]
    assert any("it always came out alike" in note for note in own.notes)


def test_a_handler_that_raises_is_a_poison_record():
    def raises(event, context):
        for record in event["Records"]:
            if record["kinesis"]["partitionKey"] == "k1":
                raise ValueError("k1")
            th.effect(record)

    options = {"faults": 2, "sites": ["function_error", "poller_crash", "trim"]}
    modelled = small(function=", fail: [{records: [r1]}]").explore(**options)
    own = small().explore(handlers={"billing": th.handler(raises, effects="reported")}, **options)
    assert own.outcomes == modelled.outcomes and len(own.outcomes) > 5
    assert "ValueError: k1" in own.handler_failures[0].error


def test_a_violation_with_a_handler_runs_again_with_it():
    scenario = th.load(path_of("400-loss-needs-a-fault"))
    found = scenario.explore(handlers={"billing": plain}, properties=["no_loss", "at_most_once"])
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

    found = small().explore(1, sites=["function_error"], properties=["at_most_once"],
                            handlers={"billing": handler})
    assert ["k0"] in batches and ["k0", "k1"] in batches and [] not in batches
    batches.clear()
    result = found.violations[0].scenario.run(handlers={"billing": handler})
    assert result.duplicates >= 1 and len(batches[0]) <= len(batches[1])


def test_idempotency_with_fresh_memory_holds_within_the_bound():
    without = small().explore(2, handlers={"billing": plain}, **CRASH)
    assert without.violations[0].minimum_faults == 1
    made = th.handler(make_idempotent, factory=True)
    found = small().explore(2, handlers={"billing": made}, **CRASH)
    assert found.verdict_words == "HOLDS for all schedules with at most 2 faults"
    notes = "\n".join(found.notes)
    assert "r0 and r1 came again: its effects: r0 and r1, then none" in notes
    assert "every run was made from its beginning" in notes
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


def test_a_module_is_imported_anew_for_every_run(tmp_path, monkeypatch):
    (tmp_path / "remembering_shop.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    fresh = th.handler("remembering_shop.handler", fresh=True)
    found = small().explore(2, handlers={"billing": fresh}, **CRASH)
    assert found.verdict == "holds" and found.complete_through == 2
    # A function that crashes takes its environment with it, and what that remembers.
    crashing = small(function=", fail: [{attempts: [1], as: crash, after: all}]")
    result = crashing.explore(0, handlers={"billing": fresh}, **CRASH)
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
    found = small().explore(3, handlers=made, **CRASH)
    assert found.violations[0].minimum_faults >= 2
    assert found.violations[0].point_of_no_return
    result = found.violations[0].scenario.run(handlers=made)
    assert result.duplicates > 0 and result.lost == 0
    assert th.replay(small(), found.violations[0].decisions, handlers=made).matches
    assert small().explore(3, random=200, handlers=made, **CRASH).verdict == "violated"


def test_a_memory_that_stays_is_an_error_that_names_both_ways_out():
    with pytest.raises(th.ExploreError, match="came out differently") as caught:
        small().explore(1, handlers={"billing": make_idempotent()}, **CRASH)
    assert "fresh=True" in caught.value.hint and "factory=True" in caught.value.hint
    shared = make_idempotent()
    with pytest.raises(th.ExploreError, match="does not forget between two runs"):
        small().explore(1, handlers={"billing": th.handler(lambda: shared, factory=True)}, **CRASH)


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
    found = small().explore(1, handlers=handlers, **CRASH)
    notes = "\n".join(found.notes)
    assert "it depends on the time, the request or chance" in notes
    assert found.to_json() == small().explore(1, handlers=handlers, **CRASH).to_json()


def test_a_handler_that_always_fails_never_comes_to_rest():
    def raises(event, context):
        raise ValueError("no")

    endless = th.loads(shop(records=2, batch=2, retries=-1))
    for handler in (raises, th.handler(lambda: lambda e, c: on_chance_no(e), factory=True)):
        found = endless.explore(2, sites=["trim"], handlers={"billing": handler})
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
        small().explore(1, handlers={"billing": some})
    told = {"billing": th.handler(some, effects="reported")}
    assert small().explore(0, handlers=told).violations[0].minimum_faults == 0
    told = {"billing": th.handler(some, effects="answered")}
    assert small().explore(0, handlers=told).verdict == "holds"


def test_a_report_of_failures_is_read_as_the_mapping_does():
    def reports(event, context):
        bad = [sequence(r) for r in event["Records"] if r["kinesis"]["partitionKey"] == "k1"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in bad]}

    own = small(mapping=REPORT).explore(1, sites=["poller_crash"], handlers={"billing": reports})
    text = shop(records=3, batch=2, retries=1, mapping=REPORT,
                function=", respond: report_failures, fail: [{records: [r1]}]")
    assert own.outcomes == th.loads(text).explore(1, sites=["poller_crash"]).outcomes


def test_rules_for_records_are_ignored_and_that_is_said():
    scenario = small(function=", fail: [{records: [r1]}]")
    with pytest.warns(th.TrimhorizonWarning, match="are ignored"):
        scenario.explore(0, handlers={"billing": plain})


def test_errors_of_handlers_and_factories_come_through():
    def wrong(event, context):
        raise ValueError("no")

    with pytest.raises(th.HandlerError, match="ValueError: no"):
        small().explore(1, handlers={"billing": wrong}, errors="raise")
    with pytest.raises(th.HandlerError, match="made no handler"):
        small().explore(1, handlers={"billing": th.handler(lambda: 7, factory=True)})
    assert th.example().run().lost == 0  # nothing is left patched
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_example_of_the_page_runs(monkeypatch):
    with open(f"{TOP}/docs/explorer.md", encoding="utf-8") as page:
        (code,) = re.findall(r"```python\n(.*?)```", page.read(), re.DOTALL)
    monkeypatch.chdir(TOP)
    names = {}
    exec(code, names)
    without = {"sites": ["poller_crash"], "properties": ["at_most_once"]}
    assert names["scenario"].explore(2, **without).violations[0].minimum_faults == 1


def test_factories_make_a_handler_for_every_run():
    made = []

    def make():
        made.append(1)
        return plain

    handlers = {"billing": th.handler(make, factory=True)}
    small().run(handlers=handlers)
    small().run(handlers=handlers)
    assert len(made) == 2
