"""Exploring without handlers is what the command line does."""

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import textwrap

import pytest

import trimhorizon as th
from conftest import REPORT, TOP, shop

SCENARIOS = ["400-loss-needs-a-fault", "410-done-and-given-up", "420-order-past-a-failure"]


def path_of(name):
    return f"{TOP}/scenarios/{name}.yaml"


def small(**options):
    return th.loads(shop(records=3, batch=2, retries=1, **options))


# ---- without handlers ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_exploration_is_that_of_the_command_line(name, command):
    path = path_of(name)
    found = th.explore(th.load(path))
    assert found.to_json() == command("explore", path, "--outcomes", "--format", "json")
    assert repr(found) == command("explore", path).rstrip("\n")
    assert found.to_text(outcomes=True) == command("explore", path, "--outcomes")
    assert found.to_dict()["outcomes"] == found.outcomes and len(found.outcomes) > 3
    assert found.verdict == "violated" and found.complete_through == found.faults == 3


def test_a_variant_is_explored_by_itself(command):
    path = path_of("400-loss-needs-a-fault")
    found = th.explore(th.load(path).variant("destination"), 2)
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
    found = th.explore(th.load(path), 2, sites=sites, batch_sizes=sizes,
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
    found = th.explore(th.load(path_of("400-loss-needs-a-fault")))
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
    violation = th.explore(scenario).violations[0]
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
    bounded = th.explore(scenario.variant("destination"), states=50)
    assert bounded.verdict == "incomplete" and "INCOMPLETE" in bounded.verdict_words
    lucky = th.explore(scenario, 0, random=3)
    assert lucky.verdict == "not_found" and lucky.to_dict()["verdict"] == "incomplete"
    swept = th.explore(scenario.variant("one_retry"), assumptions=True)
    assert swept.to_json() == command("explore", path, "--variant", "one_retry", "--assumptions",
                                      "--outcomes", "--format", "json")
    assert not any(each["depends"] for each in swept.assumptions)
    assert th.explore(scenario, 1).assumptions is None and "iterator_age" in swept.assumptions_met


def test_runs_without_end_are_loops():
    endless = th.loads(shop(records=1, retries=-1, function=", fail: [{records: [r0]}]"))
    found = th.explore(endless, 1, sites=["trim"])
    assert found.loops and found.loops[0].loop and "↻" in repr(found)
    assert found.loops[0].scenario.run().ended == "duration"


def test_an_exploration_pickles_and_shows_itself_without_scripts():
    found = th.explore(th.load(path_of("400-loss-needs-a-fault")))
    read = pickle.loads(pickle.dumps(found))
    assert read == found and repr(read) == repr(found)
    assert read.violations[0].scenario.run().lost == 2
    assert "<script" not in found._repr_html_() and "VIOLATED" in found._repr_html_()


def test_the_number_of_threads_makes_no_difference():
    scenario = th.load(path_of("420-order-past-a-failure"))
    assert th.explore(scenario, threads=1) == th.explore(scenario, threads=3)


@pytest.mark.parametrize("options, error, words", [
    ({"faults": -1}, ValueError, "from 0 to 100"),
    ({"faults": 1.5}, TypeError, "whole number"),
    ({"states": 0}, ValueError, "at least 1"),
    ({"seconds": 0}, ValueError, "more than 0"),
    ({"random": 3, "states": 9}, ValueError, "bound a search"),
    ({"threads": 0}, ValueError, "at least 1"),
    ({"sites": "trim"}, TypeError, "must be a list of names"),
    ({"sites": ["trimm"]}, th.ScenarioError, "did you mean `trim`"),
    ({"properties": ["no_los"]}, th.ScenarioError, "did you mean `no_loss`"),
    ({"batch_sizes": "some"}, th.ScenarioError, "`full` or `any`"),
    ({"handlers": {"biling": print}}, th.TrimhorizonError, "did you mean `billing`"),
])
def test_wrong_arguments_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        th.explore(small(), **options)


def test_what_cannot_be_explored_says_why():
    with pytest.raises(th.ExploreError, match="too many to explore") as caught:
        th.explore(small().set({"producers.shop.put": [
            {"at": f"{second}s", "records": [{}] * 500} for second in range(21)]}))
    assert "a few show most" in caught.value.hint
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
    th.explore(th.loads(BIG), 3, states=30_000, progress=lambda *now: told.append(now))
    assert told and all(layer <= 3 and states > 0 for layer, states in told)

    class Enough(Exception):
        pass

    def stop(layer, states):
        raise Enough

    with pytest.raises(Enough):
        th.explore(th.loads(BIG), 3, states=30_000, progress=stop)
    assert th.explore(small(), 1, progress=True).states > 0


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
    th.explore(th.loads(sys.stdin.read()), {options})
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
