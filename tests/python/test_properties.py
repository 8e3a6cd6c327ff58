"""What holds for every scenario, tried on random small ones."""

import os
import pickle
import warnings

import pytest

import trimhorizon as th
from conftest import REPORT, shop

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

SEED = int(os.environ.get("TH_SEED", "1"))
settings.register_profile("fixed", max_examples=25, deadline=None, derandomize=True, database=None)
settings.register_profile("all", max_examples=300, deadline=None, database=None)
settings.load_profile("fixed" if SEED == 1 else "all")

FAILURES = ["{probability: 20%%}", "{records: [r1]}", "{keys: [k2], as: %s}",
            "{attempts: [1], as: %s, after: all}", "{attempts: [1, 2], after: some}"]


@st.composite
def scenarios(draw):
    failures = draw(st.lists(st.sampled_from(FAILURES), max_size=2))
    how = draw(st.sampled_from(["error", "timeout", "crash"]))
    rules = ", ".join(rule % how if "%s" in rule else rule.replace("%%", "%") for rule in failures)
    respond = draw(st.sampled_from(["raise", "report_first_failure", "report_failures", "swallow"]))
    text = shop(
        records=draw(st.integers(1, 12)),
        batch=draw(st.integers(1, 5)),
        retries=draw(st.integers(0, 3)),
        mapping=draw(st.sampled_from(["", REPORT, "    BisectBatchOnFunctionError: true\n"])),
        function=f", respond: {respond}, fail: [{rules}]",
    )
    with warnings.catch_warnings():  # r1 may not be there
        warnings.simplefilter("ignore", th.TrimhorizonWarning)
        return th.loads(text), draw(st.integers(0, 2**32))


@given(scenarios())
def test_python_sees_what_the_command_line_says(command_of, case):
    scenario, seed = case
    said = command_of("run", "-", "--seed", str(seed), "--format", "json", text=scenario.text)
    result = scenario.run(seed=seed)
    assert result.to_json() == said
    counted = {}
    for row in result.records:
        fate = row["fates.billing-orders"]
        counted[fate] = counted.get(fate, 0) + 1
    assert {"billing-orders": counted} == result.fates
    assert sum(result.records["deliveries.billing-orders"]) == len(result.deliveries)
    assert sum(result.records["effects.billing-orders"]) == sum(result.deliveries["effect"])


@given(scenarios(), st.lists(st.integers(1, 30), max_size=4))
def test_fork_then_run_is_run(case, stops):
    scenario, seed = case
    whole = scenario.run(seed=seed)
    sim = scenario.start(seed=seed)
    for steps in stops:
        for _ in range(steps):
            sim.step()
        sim = sim.fork()
    sim.run()
    assert sim.result() == whole and sim.trace_digest == whole.trace_digest


@given(scenarios())
def test_pickling_loses_nothing(case):
    scenario, seed = case
    result = scenario.run(seed=seed)
    assert pickle.loads(pickle.dumps(result)) == result
    assert pickle.loads(pickle.dumps(scenario)) == scenario


@given(scenarios())
def test_a_handler_that_does_nothing_is_a_function_that_never_fails(case):
    scenario, seed = case
    plain = scenario.set({"functions.billing.fail": [], "functions.billing.respond": "raise"})
    modelled = plain.run(seed=seed)
    own = plain.run(seed=seed, handlers={"billing": lambda event, context: None})
    assert own == modelled and own.trace_digest == modelled.trace_digest


@pytest.fixture(scope="module")
def command_of():
    import subprocess

    from trimhorizon.__main__ import program

    def call(*arguments, text):
        done = subprocess.run([str(program()), *arguments], input=text, capture_output=True,
                              text=True)
        assert done.returncode in (0, 1, 3), done.stderr
        return done.stdout

    return call
