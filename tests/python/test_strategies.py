"""Strategies: what they draw, how it shrinks, how it is printed."""

import re
import subprocess
import sys

import pytest

import trimhorizon as th
from conftest import TOP, shop

pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, find, given, settings  # noqa: E402

from trimhorizon.strategies import (  # noqa: E402
    fault_schedules,
    injections,
    scenarios,
    traffic,
)

pytest_plugins = ["pytester"]
QUICK = settings(max_examples=500, derandomize=True, database=None, deadline=None,
                 suppress_health_check=list(HealthCheck))


def smallest(strategy, holds):
    return find(strategy, holds, settings=QUICK)


def test_the_simplest_has_no_fault_one_record_one_shard():
    simple = smallest(scenarios(), lambda scenario: True)
    assert "timeline" not in simple.text and "fail" not in simple.text
    result = simple.run()
    assert (len(result.records), len(simple.start().shards)) == (1, 1)
    assert smallest(injections(th.example()), lambda faults: True) == []


def test_a_loss_shrinks_to_the_faults_it_takes():
    base = th.loads(shop(records=3, retries=1).replace(
        "    DestinationConfig: {OnFailure: {Destination: dlq}}\n", ""))
    worst = smallest(fault_schedules(base), lambda scenario: scenario.run().lost > 0)
    assert len(re.findall("{attempts: |{from: |at: (?!0s, rec)", worst.text)) == 1, worst.text
    assert worst.run().lost == 3


def test_a_drawn_scenario_is_repeated_by_what_is_printed():
    drawn = smallest(fault_schedules(th.example().set({"BatchSize": 3})),
                     lambda scenario: "crash_poller" in scenario.text)
    again = eval(repr(drawn), {"th": th})
    assert again == drawn and again.run() == drawn.run()
    assert th.loads(drawn.text).run() == drawn.run() and "BatchSize: 3" in drawn.text


def test_only_the_faults_differ_from_the_base():
    text = shop(function=", fail: [{records: [r1]}]", more="timeline:\n- {at: 1h, for: 1s, "
                "throttle: {function: billing}}\nvariants: {one: {set: {BatchSize: 1}}}\n")
    base = th.loads(text).variant("one")

    @settings(QUICK, max_examples=30)
    @given(fault_schedules(base, max_faults=2))
    def check(scenario):
        assert scenario.run().records["id"] == base.run().records["id"]
        assert "{records: [r1]}" in scenario.text and "at: 1h" in scenario.text
        added = re.findall(r"attempts: |from: |at: (?!0s, rec|1h)|throttle: ", scenario.text)
        assert scenario._native.variant == "one" or added

    check()


def test_bounds_are_kept():
    @settings(QUICK, max_examples=60)
    @given(scenarios(shards=3, records=4, batch_size=2, retries=1, mappings=1, failures=(),
                     partial_responses=False, bisect=False, destinations=False,
                     faults=["throttle"], max_faults=1))
    def check(scenario):
        assert len(scenario.start().shards) <= 3 and len(scenario.run().records) <= 4
        assert scenario.mappings == ["billing-orders"] and scenario.destinations == []
        assert re.search("BatchSize: [12]\n", scenario.text)
        assert re.search("MaximumRetryAttempts: [01]\n", scenario.text)
        for word in ("Report", "Bisect", "fail:", "crash", "outage", "Update", "lose_"):
            assert word not in scenario.text
        assert scenario.text.count("throttle") <= 1

    check()


def test_wrong_arguments_are_told():
    with pytest.raises(ValueError, match="no fault 'trim'; there are error, timeout, crash"):
        fault_schedules(th.example(), faults=["trim"])
    with pytest.raises(TypeError, match=r"faults must be a list of names: \['error'\]"):
        fault_schedules(th.example(), faults="error")
    with pytest.raises(TypeError, match="a scenario or a strategy"):
        fault_schedules("billing.yaml")
    with pytest.raises(ValueError, match="records must be at least 1, not 0"):
        traffic("orders", records=0)


def test_without_hypothesis_the_error_says_what_to_install():
    code = ("import sys; sys.modules['hypothesis'] = None\n"
            "import trimhorizon\n"
            "try:\n    import trimhorizon.strategies\n"
            "except ImportError as error:\n    print(error)\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == ("trimhorizon.strategies needs Hypothesis: "
                           "pip install 'trimhorizon[hypothesis]'\n"), done.stderr


def done_mapping(page):
    return "\n" + re.search(r"event_source_mappings:.*?```", page, re.S)[0].removesuffix("```")


def test_the_property_of_the_documentation_finds_what_it_says(pytester):
    page = open(f"{TOP}/docs/testing-your-handler.md", encoding="utf-8").read()
    for name, body in re.findall(r"```(?:yaml|python) (\S+)\n(.*?)```", page, re.S):
        (pytester.path / name).write_text(body)
    (pytester.path / "billing.py").write_text("def lambda_handler(event, context):\n    pass\n")
    (pytester.path / "test_billing.py").write_text(
        (pytester.path / "test_billing.py").read_text().replace(
            "deadline=None", "deadline=None, derandomize=True, max_examples=1000"))
    done = pytester.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    done.assert_outcomes(failed=1)
    told = re.search(r"```text\n(scenario=.*?)```", page, re.S)[1].splitlines()
    printed = [line.removeprefix("E").strip() for line in done.outlines]
    for line in told[:-1]:
        assert line.strip() in printed, line
    # Which of the smallest schedules it is depends on the version of Hypothesis, and on what else
    # is imported; the page shows one. Each is one fault.
    text = "\n".join(printed).rsplit("scenario=th.loads(", 1)[1].split('"""', 2)[1]
    assert len(re.findall("{attempts: |{from: |at: (?!0s, rec)", text)) == 1, text
    assert th.loads("\n".join(told)[len('scenario=th.loads("""\\\n'):] + done_mapping(page)).run(
        ).lost == 3
