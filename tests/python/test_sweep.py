"""Sweeps: the same bytes wherever they run, and nothing lost on the way."""

import concurrent.futures as cf
import itertools
import json
import math
import multiprocessing
import os
import pathlib
import pickle
import signal
import statistics
import subprocess
import sys
import threading
import time

import pytest

import sweep_handlers
import trimhorizon as th
from conftest import TOP, shop

MAPPING = "billing-orders"
GRID = {"BatchSize": [1, 3, 6], "MaximumRetryAttempts": [0, 2]}
FAILING = ", fail: [{probability: 30%}]"


@pytest.fixture
def chancy():
    return th.loads(shop(function=FAILING))


@pytest.fixture(scope="module")
def wanted():
    """What every way of spreading must come to."""
    return th.sweep(th.loads(shop(function=FAILING)), GRID, seeds=range(20), workers=1).to_json()


# ---- what a sweep is ----------------------------------------------------------------------------


def test_a_row_is_the_run_it_stands_for(chancy):
    found = th.sweep(chancy, GRID, seeds=[7, 3])
    assert len(found) == 12 and [row["seed"] for row in found] == [7, 3] * 6
    for row in found:
        values = {path: row[path] for path in GRID}
        data = chancy.set(values).run(row["seed"]).to_dict()
        mapping = data["mappings"][MAPPING]
        assert (row["lost"], row["duplicates"], row["verdict"], row["ended"]) == (
            data["records"]["lost"], data["records"]["duplicates"], data["verdict"], data["ended"])
        for name in ("invocations", "deliveries", "effects", "lost", "duplicates"):
            assert row[f"{name}.{MAPPING}"] == mapping[name]
        fates = {name.split(".")[-1]: count for name, count in row.items()
                 if name.startswith(f"fates.{MAPPING}.") and count}
        assert fates == mapping["fates"]
        metrics = chancy.set(values).run(row["seed"]).metrics
        for metric in metrics:
            name = f"metrics.{MAPPING}.{metric['metric']}"
            name += "" if metric["statistic"] == "sum" else f".{metric['statistic']}"
            assert row[name] == metric["value"], name


def test_it_is_the_json_of_the_command_line(command, tmp_path, chancy):
    path = tmp_path / "shop.yaml"
    path.write_text(chancy.text)
    said = command("sweep", str(path), "--grid", "BatchSize=1,3", "--grid",
                   "FunctionResponseTypes=[],[ReportBatchItemFailures]", "--seeds", "0..4,9",
                   "--set", "MaximumRetryAttempts=1", "--format", "json")
    found = th.sweep(th.load(path, set={"MaximumRetryAttempts": 1}),
                     {"BatchSize": [1, 3],
                      "FunctionResponseTypes": [[], "[ReportBatchItemFailures]"]},
                     seeds=[*range(5), 9])
    assert found.to_json() == said
    assert found.to_dict() == json.loads(said)
    assert th.Sweep.from_json(said) == found
    assert repr(found) == command("sweep", str(path), "--grid", "BatchSize=1,3", "--grid",
                                  "FunctionResponseTypes=[],[ReportBatchItemFailures]", "--seeds",
                                  "0..4,9", "--set", "MaximumRetryAttempts=1").rstrip("\n")


def test_means_are_those_of_the_statistics_module(chancy):
    found = th.sweep(chancy, {"BatchSize": [1, 3]}, seeds=range(10))
    for row in found.summary("duplicates", "IteratorAge.p99"):
        runs = [run[row["column"]] for run in found if run["BatchSize"] == row["BatchSize"]]
        assert row["n"] == 10 and row["mean"] == pytest.approx(statistics.fmean(runs))
        half = 2.2621571628 * statistics.stdev(runs) / math.sqrt(10)
        assert row["half_width"] == pytest.approx(half)


def test_one_seed_has_no_interval(chancy):
    found = th.sweep(chancy, {"BatchSize": [3]})
    assert found.seeds == [1] and len(found) == 1
    assert found.summary("lost")[0]["half_width"] is None
    assert "± -" in repr(found)


def test_columns_are_found_without_their_mapping(chancy):
    found = th.sweep(chancy, {"BatchSize": [3]}, seeds=range(3))
    assert found["IteratorAge.p99"] == found[f"metrics.{MAPPING}.IteratorAge.p99"]
    with pytest.raises(KeyError, match="did you mean `IteratorAge.p99`"):
        found.summary("IteratorAg.p99")


def test_tables_are_read_by_others(chancy):
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    found = th.sweep(chancy, {"BatchSize": [1, 3], "functions.billing.duration": ["1s", "2s"]},
                     seeds=range(3))
    frame = found.to_pandas()
    assert frame["BatchSize"].tolist() == found["BatchSize"] and len(frame) == 12
    assert pandas.api.types.is_integer_dtype(frame["BatchSize"])
    assert frame["functions.billing.duration"].unique().tolist() == ["1s", "2s"]
    means = found.summary("lost", "simulated")
    assert pyarrow.table(means)["mean"].to_pylist() == means["mean"]
    assert means.to_pandas()["half_width"].dtype == "float64"
    assert pyarrow.table(found)["seed"].to_pylist() == found["seed"]


def test_it_pickles_and_shows_itself(wanted):
    found = th.Sweep.from_json(wanted)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        read = pickle.loads(pickle.dumps(found, protocol))
        assert read == found and list(read) == list(found) and repr(read) == repr(found)
    page = found._repr_html_()
    assert "±" in page and "<script" not in page and "BatchSize" in page
    assert max(len(line) for line in repr(found).splitlines()[:-1]) <= 80
    with pytest.raises(th.TrimhorizonError, match="not a sweep of trimhorizon"):
        th.Sweep.from_json(wanted[:-20])


def test_variants_are_swept_too(command, tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(shop(function=FAILING, more="variants:\n  one: {set: {BatchSize: 1}}\n"))
    found = th.sweep(th.load(path).variant("one"), {"MaximumRetryAttempts": [0, 2]}, seeds=range(3))
    assert set(found["invocations"]) <= set(range(6, 20))
    assert found.to_json() == command(
        "sweep", str(path), "--variant", "one", "--grid", "MaximumRetryAttempts=0,2", "--seeds",
        "0..2", "--format", "json")
    with pytest.raises(th.ScenarioError, match="variant `one` sets `BatchSize` itself"):
        th.sweep(th.load(path).variant("one"), {"BatchSize": [1, 2]})


# ---- mistakes -----------------------------------------------------------------------------------


def test_all_mistakes_of_a_grid_are_said_before_the_first_run(chancy):
    with pytest.raises(th.ScenarioError) as caught:
        th.sweep(chancy, {"BatchSize": [1, 0, "x"], "BatchSise": [2]}, seeds=range(1000))
    places = [(d.file, d.line, d.column) for d in caught.value.diagnostics]
    assert places == [("--grid", 1, 1), ("--grid", 1, 13), ("--grid", 1, 15)]
    assert "did you mean `BatchSize`" in caught.value.diagnostics[0].suggestion


@pytest.mark.parametrize("seeds, words", [
    ([], "at least one"), ([1, 1], "twice"), ([-1], "from 0"), ([2**63], "from 0")])
def test_seeds_that_are_none(chancy, seeds, words):
    with pytest.raises(ValueError, match=words):
        th.sweep(chancy, {}, seeds)


def test_what_is_no_executor_and_no_list(chancy):
    with pytest.raises(TypeError, match="submit"):
        th.sweep(chancy, {}, executor=3)
    with pytest.raises(TypeError, match="^BatchSize needs a list of values"):
        th.sweep(chancy, {"BatchSize": 3})


# ---- spreading ----------------------------------------------------------------------------------


def test_threads_of_the_core(chancy, wanted):
    for workers in (2, 3, 7):
        assert th.sweep(chancy, GRID, range(20), workers=workers).to_json() == wanted


def test_a_thread_pool(chancy, wanted):
    with cf.ThreadPoolExecutor(3) as pool:
        assert th.sweep(chancy, GRID, range(20), executor=pool).to_json() == wanted


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_process_pool(chancy, wanted, method):
    context = multiprocessing.get_context(method)
    with cf.ProcessPoolExecutor(2, mp_context=context) as pool:
        assert th.sweep(chancy, GRID, range(20), executor=pool).to_json() == wanted
        assert pool.submit(os.getpid).result() != os.getpid()  # it stays open


class Elsewhere:
    """The protocol and no more, as an adapter for Ray would have it."""

    class Answer:
        def __init__(self, call):
            self.result = call

    def submit(self, function, *arguments):
        function, arguments = pickle.loads(pickle.dumps((function, arguments)))
        return self.Answer(lambda: function(*arguments))


def test_anything_with_submit_and_result(chancy, wanted):
    assert th.sweep(chancy, GRID, range(20), executor=Elsewhere()).to_json() == wanted


def test_a_dask_cluster_and_a_worker_of_it_that_is_killed(chancy, wanted):
    distributed = pytest.importorskip("distributed")
    longer = th.loads(shop(function=FAILING), set={"producers": {
        "shop": {"stream": "orders", "rate": "100/s", "for": "30s"}}})
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True,
               "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert th.sweep(chancy, GRID, range(20), executor=client).to_json() == wanted
        pids = list(client.run(os.getpid).values())
        assert os.getpid() not in pids
        killed = []

        def kill(fraction):
            if fraction > 0 and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        found = th.sweep(longer, GRID, range(20), executor=client, progress=kill)
    assert killed and found == th.sweep(longer, GRID, range(20))


def test_progress_is_told(chancy):
    for executor in (None, cf.ThreadPoolExecutor(2)):
        told = []
        th.sweep(chancy, GRID, range(20), executor=executor, progress=told.append)
        assert told == sorted(told) and told[-1] == 1.0 and 0 <= told[0]


# ---- handlers -----------------------------------------------------------------------------------


def test_handlers_run_in_processes(poisoned):
    poisoned = th.loads(shop())
    here = [poisoned.set({"BatchSize": batch}).run(
                seed, handlers={"billing": sweep_handlers.fails_on_r5}, variants=False)
            for batch in (2, 3) for seed in range(3)]
    for handler in (sweep_handlers.fails_on_r5, "sweep_handlers.fails_on_r5"):
        found = th.sweep(poisoned, {"BatchSize": [2, 3]}, range(3), handlers={"billing": handler},
                         workers=2)
        assert found["duplicates"] == [each.duplicates for each in here]
        assert found["invocations"] == [len(each.invocations) for each in here]
        assert found.to_dict()["handlers"] == ["billing"]
    with cf.ThreadPoolExecutor(2) as pool:  # one at a time, but right
        assert found == th.sweep(poisoned, {"BatchSize": [2, 3]}, range(3), executor=pool,
                                 handlers={"billing": sweep_handlers.fails_on_r5})


def test_fresh_handlers_know_nothing_of_other_runs():
    scenario = th.loads(shop())
    handler = th.handler("sweep_handlers.counts", fresh=True)
    found = th.sweep(scenario, {"BatchSize": [3]}, range(8), handlers={"billing": handler},
                     workers=2)
    assert found["Errors"] == [0] * 8


def test_a_handler_that_cannot_be_sent_is_refused_at_once():
    with pytest.raises(th.TrimhorizonError, match="handler of billing cannot be sent"):
        th.sweep(th.loads(shop()), {}, range(3), handlers={"billing": lambda event, context: None})
    with pytest.raises(th.TrimhorizonError, match="no function `biling`"):
        th.sweep(th.loads(shop()), {}, handlers={"biling": "sweep_handlers.counts"})


# ---- failures -----------------------------------------------------------------------------------


@pytest.fixture
def drifting(command, tmp_path):
    """A file with decisions that fit batches of two only: others fail, and no handler is needed."""
    path = tmp_path / "found.yaml"
    command("explore", f"{TOP}/scenarios/410-done-and-given-up.yaml", "--out", str(path))
    return th.load(path)


@pytest.mark.parametrize("make", [lambda: None, lambda: cf.ThreadPoolExecutor(2)])
def test_failed_runs_are_named_and_the_others_kept(make, command, drifting):
    with pytest.raises(th.SweepError) as caught:
        th.sweep(drifting, {"BatchSize": [2, 1]}, [1, 2], executor=make())
    error = caught.value
    assert {each.point["BatchSize"] for each in error.failures} == {"1"}
    assert len(error.sweep) == error.sweep.missing == 2
    line = error.failures[0].replay
    assert line.startswith("trimhorizon run ") and "--set BatchSize=1" in line
    assert str(error).splitlines()[0].startswith("2 of 4 runs failed, twice each")
    again = pickle.loads(pickle.dumps(error))
    assert again.failures == error.failures and again.sweep == error.sweep
    command(*line.split()[1:], codes=(2,))


@pytest.mark.parametrize("executor", [None, "fork", "spawn"])
def test_a_killed_worker_process_loses_nothing(executor, tmp_path, monkeypatch):
    monkeypatch.setenv("TH_KILLED", str(tmp_path / "killed"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(
        [str(pathlib.Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
    pool = executor and cf.ProcessPoolExecutor(
        2, mp_context=multiprocessing.get_context(executor))
    with pytest.warns(th.TrimhorizonWarning, match="new pool of the same kind"):
        found = th.sweep(th.loads(shop()), {"BatchSize": [1, 3]}, range(10), executor=pool,
                         workers=None if executor else 2,
                         handlers={"billing": sweep_handlers.dies_once})
    assert (tmp_path / "killed").exists()
    assert len(found) == 20 and found.missing == 0
    assert found["invocations"] == [6] * 10 + [2] * 10


def test_a_run_that_always_kills_its_worker_is_named():
    with pytest.warns(th.TrimhorizonWarning), pytest.raises(th.SweepError) as caught:
        th.sweep(th.loads(shop()), {"BatchSize": [3, 1]}, range(2), workers=2,
                 handlers={"billing": sweep_handlers.dies_for_small_batches})
    assert [each.point for each in caught.value.failures] == [{"BatchSize": "1"}] * 2
    assert "worker process died" in caught.value.failures[0].error
    assert "handlers=...)" in caught.value.failures[0].replay
    assert caught.value.sweep["BatchSize"] == [3, 3]


class Breaks(Elsewhere):
    """A pool of a kind that nobody can make again."""

    calls = 0

    def submit(self, function, *arguments):
        Breaks.calls += 1
        if Breaks.calls > 2:
            raise cf.BrokenExecutor("gone")
        return super().submit(function, *arguments)


def test_what_an_unknown_broken_pool_left_is_made_here(chancy, wanted):
    with pytest.warns(th.TrimhorizonWarning, match="in this process"):
        assert th.sweep(chancy, GRID, range(20), executor=Breaks()).to_json() == wanted


def test_a_worker_of_another_version_is_refused(chancy, monkeypatch):
    class Older(Elsewhere):
        def submit(self, function, job, chunk):
            return super().submit(function, job._replace(version="0.0.1"), chunk)

    with pytest.raises(th.SweepError, match="the sweep needs 0.0.1"):
        th.sweep(chancy, {}, executor=Older())


def test_the_bound_of_the_command_line_holds_in_python(chancy):
    """`range(10**12)` became a list of all its numbers before anybody counted them."""
    for grid, seeds in (({}, range(10**12)), ({}, range(10**30)), ({}, itertools.count()),
                        ({"BatchSize": range(10**12)}, range(2))):
        with pytest.raises(th.ScenarioError, match="more than 1000000 runs"):
            th.sweep(chancy, grid, seeds=seeds)
    with pytest.raises(TypeError, match="^seeds must be whole numbers, such as range"):
        th.sweep(chancy, {}, seeds=5)


# ---- Ctrl-C -------------------------------------------------------------------------------------

LONG = """
import os, signal, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, {tests!r})
import trimhorizon as th
from test_interrupt import ENDLESS
from trimhorizon._sandbox import REAL
def main():
    sent = []
    def send():
        REAL["sleep"](1.0)
        sent.append(REAL["monotonic"]())
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=send, daemon=True).start()
    try:
        th.sweep(th.loads(ENDLESS), {{"BatchSize": [1, 2]}}, range(4), {call})
    except KeyboardInterrupt:
        print(REAL["monotonic"]() - sent[0])
if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("call", [
    "workers=2", "workers=1", "executor=ThreadPoolExecutor(2)",
    "workers=2, handlers={'billing': 'sweep_handlers.fails_on_r5'}"])
def test_ctrl_c_stops_a_sweep_at_once(call):
    code = LONG.format(tests=str(pathlib.Path(__file__).parent), call=call)
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    # 100 ms on an idle machine; the test allows for a busy one.
    assert float(done.stdout) < 2
    assert time.monotonic() - started < 30
    assert threading.active_count() < 50
