"""The pytest plugin, in test runs of its own."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

import trimhorizon as th
from conftest import TOP, shop

pytest_plugins = ["pytester"]

FAILS = ", fail: [{records: [r5]}]"


@pytest.fixture
def folder(pytester):
    pytester.makeini("[pytest]\naddopts = -p trimhorizon.pytest_plugin -p no:cacheprovider\n")
    return pytester


def run(folder, *arguments):
    """In a process of its own, since a handler's run holds a lock and pytest keeps modules."""
    return folder.run(sys.executable, "-m", "pytest", "-q", *arguments)


TWO = f"""
import trimhorizon as th
A = '''{shop(function=FAILS)}'''
"""


def test_two_results_part_at_an_event_that_is_told(folder):
    folder.makepyfile(TWO + """
def test_same():
    assert th.loads(A).run() == th.loads(A).run(tables=False)

def test_differ():
    assert th.loads(A).run() == th.loads(A, set={"MaximumRetryAttempts": 1}).run()
""")
    done = run(folder)
    done.assert_outcomes(passed=1, failed=1)
    found = th.diff(th.loads(shop(function=FAILS)).run(),
                    th.loads(shop(function=FAILS), set={"MaximumRetryAttempts": 1}).run())
    done.stdout.fnmatch_lines([
        "*assert the two runs are not the same",
        f"*events 1 to {found.event - 1} are equal; event {found.event} differs, at *s:",
        "*left  {*", "*right {*",
        "*at the end: simulated: '1.9s' | '0.5s', *invocations: 5 | 3, * more"])
    done = run(folder, "-vvv")
    done.stdout.fnmatch_lines(["*at the end:", "*mappings.billing-orders.invocations: 5 | 3"])


def test_pytest_does_not_say_that_a_failing_test_holds(folder):
    folder.makepyfile(TWO + """
import unittest
HOLDS = th.loads(A + "expect: {lost: 0}").run()
OTHER = th.loads(A).run()

def test_lost():
    assert HOLDS.lost == 3, HOLDS

class Plain(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(HOLDS, OTHER.lost)
""")
    done = run(folder)
    done.assert_outcomes(failed=2)
    done.stdout.no_fnmatch_line("FAILED*HOLDS*")
    done.stdout.fnmatch_lines([
        "E *assert 0 == 3", "E *✓ HOLDS*", "E *AssertionError: not as this test expects; the run*"
    ])


def test_two_goldens_of_one_name_are_named_instead_of_overwritten(folder):
    folder.makepyfile(TWO + """
def test_one(golden):
    assert th.loads(A).run() == golden("poison")

def test_again(golden):
    assert th.loads(A).run() == golden("poison")

def test_other(golden):
    assert th.loads(A, set={"BatchSize": 1}).run() == golden("poison")
""")
    done = run(folder, "--th-accept")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        ["*golden('poison') is the name of two different runs: *::test_one has*"])
    run(folder).assert_outcomes(passed=2, failed=1)


def test_two_goldens_of_one_name_are_named_in_two_processes_as_well(folder):
    pytest.importorskip("xdist")
    folder.makepyfile(TWO + """
import os

def test_it(golden):
    size = 1 + int(os.environ["PYTEST_XDIST_WORKER"][2:])
    assert th.loads(A, set={"BatchSize": size}).run() == golden("poison")
""")
    done = run(folder, "--th-accept", "-n2", "--dist=each")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["*golden('poison') is the name of two different runs: *::test_it*"])


GOLDEN = TWO + """
def test_golden(golden):
    assert th.loads(A).run() == golden("poison")
"""


def test_a_golden_is_written_when_accepted_and_compared_ever_after(folder):
    folder.makepyfile(GOLDEN)
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*there is no *goldens*poison.json", "*pytest --th-accept*"])
    run(folder, "--th-accept").assert_outcomes(passed=1)
    path = folder.path / "goldens" / "poison.json"
    kept = json.loads(path.read_text())
    assert "\n".join(kept["scenario"]) == shop(function=FAILS) and "replay" not in kept
    assert kept["totals"]["mappings"]["billing-orders"]["fates"] == {
        "processed": 3, "discarded": 3}
    assert path.stat().st_size < 4000
    run(folder).assert_outcomes(passed=1)

    folder.makepyfile(GOLDEN.replace("loads(A)", "loads(A, set={'BatchSize': 2})"))
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([
        "*assert this run differs from that of *poison.json (made by trimhorizon *)",
        "*event * differs, at *s:", "*run    {*", "*golden {*", "*at the end: *",
        "*if the new run is right: pytest --th-accept"])


def test_a_golden_of_another_simulator_is_refused(folder):
    folder.makepyfile(GOLDEN)
    run(folder, "--th-accept").assert_outcomes(passed=1)
    path = folder.path / "goldens" / "poison.json"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps({**kept, "trace_digest": "0" * 32, "version": "0.0.1"}))
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*made by trimhorizon 0.0.1)",
                               "*their events cannot be compared*own run has other events too"])
    path.write_text(json.dumps({**kept, "trimhorizon_golden": 2}))
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*a golden of format 2*use a newer version"])
    path.write_text("[]")
    run(folder).stdout.fnmatch_lines(["*is not a golden of trimhorizon"])


HANDLER = TWO + """
def handler(event, context):
    if "r4" in str(event) or len(event["Records"]) == LIMIT:
        raise ValueError("no")

def test_golden(golden):
    sim = th.loads(A.replace(", fail: [{records: [r5]}]", "")).start(handlers={"billing": handler})
    sim.run_until("50ms")
    sim.inject("throttle", function="billing", duration="1s")
    sim.run()
    assert sim.result() == golden("mine")
"""


def test_a_golden_of_a_handler_and_of_injected_faults_is_made_again_without_the_handler(folder):
    folder.makepyfile(HANDLER.replace("LIMIT", "0"))
    run(folder, "--th-accept").assert_outcomes(passed=1)
    assert "replay" in json.loads((folder.path / "goldens" / "mine.json").read_text())
    run(folder).assert_outcomes(passed=1)
    folder.makepyfile(HANDLER.replace("LIMIT", "3"))
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*event * differs, at *s:", "*run    {*", "*golden {*"])


FOUND = """
import pytest
import trimhorizon as th

def billing(event, context):
    return None

@pytest.mark.trimhorizon_found("found")
def test_nothing_is_lost(found):
    result = found(handlers={"billing": billing})
    assert result.lost == 0
"""


@pytest.fixture
def explored(folder, command):
    (folder.path / "found").mkdir()
    command("explore", f"{TOP}/scenarios/400-loss-needs-a-fault.yaml", "--out",
            str(folder.path / "found" / "found-400.yaml"))
    return folder.path / "found" / "found-400.yaml"


def test_a_found_counterexample_becomes_a_test(folder, explored):
    folder.makepyfile(FOUND)
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*test_nothing_is_lost?found-400?*", "*assert 2 == 0*",
                               "trimhorizon: 1 MATCH, 0 DRIFT"])


def test_decisions_that_do_not_fit_any_more_are_told(folder, explored):
    explored.write_text(explored.read_text().replace("BatchSize: 2", "BatchSize: 3"))
    folder.makepyfile(FOUND)
    done = run(folder)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*DriftError: DRIFT: the decisions of *found-400.yaml*",
                               "*decision 1 at question 4", "*expected: function_error*",
                               "trimhorizon: 0 MATCH, 1 DRIFT (found-400.yaml)"])


def test_the_directory_may_stand_in_the_settings(folder, explored):
    folder.makepyfile(FOUND.replace('@pytest.mark.trimhorizon_found("found")\n', ""))
    done = run(folder)
    assert done.ret != 0
    done.stdout.fnmatch_lines(["*say where its files are*trimhorizon_found*"])
    run(folder, "-o", "trimhorizon_found=found").assert_outcomes(failed=1)
    run(folder, "-o", "trimhorizon_found=fuond").stdout.fnmatch_lines(["*there is no directory*"])


def test_a_file_without_decisions_is_no_counterexample(folder, explored):
    explored.write_text(shop())
    folder.makepyfile(FOUND)
    run(folder).stdout.fnmatch_lines(["*found-400.yaml has no decisions*"])


def test_a_fixture_of_the_users_own_named_found_stays_theirs(folder):
    folder.makepyfile("""
import pytest
@pytest.fixture
def found():
    return 7
def test_mine(found):
    assert found == 7
@pytest.mark.parametrize("found", [1, 2])
def test_parameters(found):
    assert found in (1, 2)
""")
    run(folder).assert_outcomes(passed=3)


def test_pytest_finds_the_plugin_where_the_package_is_installed(pytester):
    """By an entry point as pip writes it from pyproject.toml."""
    text = pathlib.Path(TOP, "pyproject.toml").read_text()
    line = 'trimhorizon = "trimhorizon.pytest_plugin"'
    assert f"[project.entry-points.pytest11]\n{line}\n" in text
    info = pytester.path / "site" / "trimhorizon_installed-0.0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: trimhorizon-installed\n"
                                   "Version: 0.0.0\n")
    (info / "entry_points.txt").write_text("[pytest11]\n" + line.replace('"', "") + "\n")
    paths = [str(pytester.path / "site"), str(pathlib.Path(th.__file__).parents[1])]
    done = subprocess.run([sys.executable, "-m", "pytest", "--help"], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
    assert "--th-accept" in done.stdout and "trimhorizon_found" in done.stdout
