"""What holds for every scenario, tried on random small ones.

TH_PROPERTY_COUNT more examples of each; with another TH_SEED than 1 they are new ones.
"""

import copy
import os
import pickle
import subprocess

import pytest

import trimhorizon as th

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from trimhorizon.__main__ import program  # noqa: E402
from trimhorizon.strategies import (  # noqa: E402
    FAULTS,
    fault_schedules,
    injections,
    scenarios,
    traffic,
)

FIXED = os.environ.get("TH_SEED", "1") == "1"
COUNT = int(os.environ.get("TH_PROPERTY_COUNT", "25" if FIXED else "300"))
settings.register_profile("trimhorizon", max_examples=COUNT, deadline=None, derandomize=FIXED,
                          database=None, suppress_health_check=list(HealthCheck))
settings.load_profile("trimhorizon")
quiet = pytest.mark.filterwarnings("ignore::trimhorizon.TrimhorizonWarning")
MINE = dict(failures=(), partial_responses=True)  # scenarios for handlers


def fates_counted(result):
    counted = {mapping: {} for mapping in result.fates}
    for row in result.records:
        for mapping, fates in counted.items():
            fate = row[f"fates.{mapping}"]
            fates[fate] = fates.get(fate, 0) + 1
    return counted


def same(a, b):
    """More than ==, which compares what happened: also what was made of it."""
    assert a == b
    assert a.to_dict(rows=True) == b.to_dict(rows=True)
    for table in ("records", "invocations", "deliveries", "metrics"):
        assert getattr(a, table) == getattr(b, table), table
    return True


@given(scenario=scenarios(), seed=st.integers(0, 2**63 - 1))
def test_python_sees_what_the_command_line_says(scenario, seed):
    said = subprocess.run(
        [str(program()), "run", "-", "--seed", str(seed), "--format", "json", "--records"],
        input=scenario.text, capture_output=True, text=True)
    assert said.returncode in (0, 1, 3), said.stderr
    result = scenario.run(seed=seed)
    # The scenario is text here, and standard input there.
    there, here = f"trimhorizon run - --seed {seed}", f"th.loads(...).run(seed={seed})"
    assert result.to_json(rows=True) == said.stdout.replace(there, here)
    data = result.to_dict(rows=True)
    assert (result.lost, result.duplicates) == (
        data["records"]["lost"], data["records"]["duplicates"])
    rows = [{**{key: row[key] for key in ("id", "producer", "key", "shard", "sequence_number",
                                          "arrival")},
             **{kind: {mapping: row[f"{kind}.{mapping}"] for mapping in scenario.mappings}
                for kind in ("fates", "deliveries", "effects", "settled")}}
            for row in result.records]
    assert rows == data["rows"]


@given(scenario=scenarios())
def test_tables_add_up_to_the_totals(scenario):
    result = scenario.run().check()
    assert fates_counted(result) == result.fates
    data = result.to_dict()["mappings"]
    for mapping in scenario.mappings:
        delivered = [row for row in result.deliveries if row["mapping"] == mapping]
        called = [row for row in result.invocations if row["mapping"] == mapping]
        assert sum(result.records[f"deliveries.{mapping}"]) == len(delivered)
        assert sum(result.records[f"effects.{mapping}"]) == sum(
            row["effect"] for row in delivered) == data[mapping]["effects"]
        assert sum(len(row["records"]) for row in called) == len(delivered)
        assert len(called) == data[mapping]["invocations"]
        worked = {}
        for row in delivered:
            worked[row["id"]] = worked.get(row["id"], 0) + row["effect"]
        assert sum(max(0, n - 1) for n in worked.values()) == data[mapping]["duplicates"]


@given(scenario=scenarios())
def test_every_stored_record_has_one_fate_at_every_moment(scenario):
    sim = scenario.start()
    going = True
    while going:
        for _ in range(20):
            going = sim.step()
        result = sim.result()
        conserved = [each for each in result.to_dict()["invariants"]
                     if each["name"] == "conservation"]
        assert [each["holds"] for each in conserved] == [True]
        for fates in fates_counted(result).values():
            assert sum(fates.values()) == len(result.records)


@given(scenario=scenarios())
def test_step_by_step_is_run(scenario):
    sim = scenario.start()
    while sim.step():
        pass
    assert same(sim.result(), scenario.run(variants=False))


@given(scenario=scenarios(), stops=st.lists(st.integers(1, 30), max_size=4))
def test_fork_then_run_is_run(scenario, stops):
    whole = scenario.run()
    sim = scenario.start()
    left = []
    for steps in stops:
        for _ in range(steps):
            sim.step()
        left.append(sim)
        sim = sim.fork()
    for each in [sim, *left]:
        each.run()
        assert same(each.result(), whole) and each.trace_digest == whole.trace_digest


@given(faults=injections(th.example()))
def test_a_simulation_with_injected_faults_is_repeated_by_its_recipe(faults):
    sim, again = th.example().start(), th.example().start()
    for fault in faults:
        fault.apply(sim)
        fault.apply(again)
    sim.run()
    result = sim.result().check()
    again.run()
    assert same(result, again.result()) and same(pickle.loads(pickle.dumps(result)), result)


@given(scenario=scenarios())
def test_pickling_loses_nothing(scenario):
    result = scenario.run()
    read = pickle.loads(pickle.dumps(result))
    assert same(read, result) and repr(read) == repr(result)
    assert th.diff(read, result) is None
    for row in list(result.records)[:2]:
        assert read.explain(row["id"]) == result.explain(row["id"])
    for again in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario)):
        assert again == scenario and repr(again) == repr(scenario)
        assert same(again.run(), result)


@quiet
@given(scenario=scenarios())
def test_a_handler_that_does_nothing_is_a_function_that_never_fails(scenario):
    functions = scenario.functions
    plain = scenario.set({f"functions.{name}.{key}": value for name in functions
                          for key, value in (("fail", []), ("respond", "raise"))})
    own = plain.run(handlers={name: lambda event, context: None for name in functions})
    assert own == plain.run()


@quiet
@given(scenario=scenarios(**MINE), failing=st.sets(st.integers(0, 5)),
       answer=st.sampled_from(["raise", "report"]))
def test_what_handlers_said_is_replayed_and_never_asked_again(scenario, failing, answer):
    calls = []

    def handler(event, context):
        calls.append(context.aws_request_id)
        bad = [record for at, record in enumerate(event["Records"])
               if (len(calls) + at) % 6 in failing]
        if bad and answer == "raise":
            raise ValueError("no")
        return {"batchItemFailures": [
            {"itemIdentifier": record["kinesis"]["sequenceNumber"]} for record in bad]}

    result = scenario.run(handlers={name: handler for name in scenario.functions})
    called = len(calls)
    # An entry of `fail:` may fail an attempt before it; its retry has the same request id.
    rows = iter([row["request_id"] for row in result.invocations])
    assert all(each in rows for each in calls)
    read = pickle.loads(pickle.dumps(result))
    assert same(read, result) and th.diff(read, result) is None
    assert result._run_again().trace_digest() == result.trace_digest
    for row in list(result.records)[:1]:
        assert read.explain(row["id"]) == result.explain(row["id"])
    assert len(calls) == called


@given(scenario=fault_schedules(traffic(th.example()), max_faults=4))
def test_drawn_traffic_and_faults_leave_the_rest_of_a_scenario_alone(scenario):
    example = th.example()
    assert (scenario.functions, scenario.mappings, scenario.destinations, scenario.title) == (
        example.functions, example.mappings, example.destinations, example.title)
    result = scenario.run().check()
    # MaximumRetryAttempts with a destination: only one that fails, or a producer, loses records.
    if "fail_destination" not in scenario.text and "retry" not in scenario.text:
        assert result.lost == 0, result


def test_all_kinds_of_faults_are_drawn():
    missing = set(FAULTS)
    marks = {"error": "attempts: [1]}", "timeout": "as: timeout", "crash": "as: crash",
             "disable": "Enabled: false"}

    @settings(max_examples=500, derandomize=True)
    @given(fault_schedules(th.example()))
    def draw(scenario):
        for kind in list(missing):
            if marks.get(kind, kind) in scenario.text:
                missing.discard(kind)

    draw()
    assert missing == set()
