"""Tests set their own signal state, and no child outlives its test."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

import trimhorizon as th
from processes import descendants, end_those_after

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc")
HERE = pathlib.Path(__file__).parent


def test_with_sigint_ignored_tests_set_their_own_signal_state():
    package = str(pathlib.Path(th.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         str(HERE / "test_interrupt.py"), "-k", "swallow or waiting", str(HERE / "sandbox" /
                                                                         "test_interrupts.py")],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN), capture_output=True,
        text=True, timeout=120, env={**os.environ, "PYTHONPATH": package}, cwd=HERE.parents[1])
    assert done.returncode == 0, done.stdout


def test_a_child_that_would_outlive_its_test_is_found_and_ended():
    before = descendants()
    subprocess.run(["sh", "-c", "sleep 987 & sleep 986 & exit 0"], check=True,
                   stdout=subprocess.DEVNULL)
    assert end_those_after(before, patience_s=0.1) == ["sleep 986 ", "sleep 987 "]
    assert end_those_after(before, patience_s=5) == []


KILLED = """
import sys
sys.path.insert(0, {tests!r})
import trimhorizon as th
from test_interrupt import ENDLESS
if __name__ == "__main__":
    print("ready", flush=True)
    th.sweep(th.loads(ENDLESS), {{"BatchSize": [1, 2]}}, range(4), workers=2,
             handlers={{"billing": "sweep_handlers.fails_on_r5"}})
"""


def test_the_processes_of_a_sweep_end_when_its_own_process_is_killed():
    before = descendants()
    sweep = subprocess.Popen([sys.executable, "-c", KILLED.format(tests=str(HERE))],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with sweep:
        assert sweep.stdout.readline() == b"ready\n"
        while len(descendants()) < len(before) + 3:
            assert sweep.poll() is None
        sweep.kill()
    assert end_those_after(before, patience_s=20) == []
