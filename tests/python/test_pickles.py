"""Scenarios and results as pickles, and pickles of earlier versions."""

import copy
import glob
import gzip
import pathlib
import pickle

import pytest

import trimhorizon as th
from conftest import REPORT, shop

HERE = pathlib.Path(__file__).parent / "pickles"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_result_is_whole_after_pickling(poisoned, protocol):
    result = poisoned.run(seed=5)
    read = pickle.loads(pickle.dumps(result, protocol))
    assert read == result and repr(read) == repr(result)
    assert read.to_dict(rows=True) == result.to_dict(rows=True)
    for name in ("records", "invocations", "deliveries", "metrics"):
        assert getattr(read, name) == getattr(result, name)
    assert list(read.destinations["dlq"]) == list(result.destinations["dlq"])
    assert read.explain("r5") == result.explain("r5")
    assert th.diff(read, result) is None


def test_a_result_with_a_handler_explains_itself_elsewhere():
    calls = []

    def handler(event, context):
        calls.append(1)
        raise ValueError("no")

    result = th.loads(shop(records=1, retries=1)).run(handlers={"billing": handler})
    read = pickle.loads(pickle.dumps(result))
    assert read == result and "r0" in read.explain("r0") and len(calls) == 2
    assert read.handler_failures == result.handler_failures


def test_variants_and_settings_go_along():
    more = "variants:\n  one: {set: {BatchSize: 1}}\n"
    scenario = th.loads(shop(mapping=REPORT, more=more), set={"Timeout": 5})
    result = pickle.loads(pickle.dumps(scenario.run()))
    assert len(result.variants["one"].invocations) == 6 and len(result.invocations) == 2
    one = pickle.loads(pickle.dumps(scenario.variant("one")))
    assert one == scenario.variant("one") and len(one.run().invocations) == 6
    assert copy.deepcopy(scenario) == scenario


def test_broken_bytes_are_refused(poisoned):
    state = poisoned.run().__getstate__()
    good = state["run"]["bytes"]
    for bytes_ in (b"", b"nothing", good[:-1], good[:40] + b"\0" + good[41:], good + b"x"):
        state["run"]["bytes"] = bytes_
        with pytest.raises(th.TrimhorizonError, match="not a result of trimhorizon"):
            th.Result.__new__(th.Result).__setstate__(state)


def test_a_simulation_does_not_pickle(poisoned):
    with pytest.raises(th.TrimhorizonError, match="cannot be pickled"):
        pickle.dumps(poisoned.start())


# tests/python/pickles/VERSION.pickle was written by that version: never write one again.
@pytest.mark.parametrize("path", sorted(glob.glob(f"{HERE}/*.pickle")), ids=lambda p: p[-16:])
def test_a_pickle_of_an_earlier_version_is_read(path):
    with open(path, "rb") as file:
        kept = pickle.load(file)
    result, scenario = kept["result"], kept["scenario"]
    assert result.fates == {"billing-orders": {"processed": 3, "discarded": 3}}
    assert result.records["deliveries.billing-orders"] == [1, 1, 1, 4, 4, 4]
    assert result.destinations["dlq"][0]["approximateInvokeCount"] == 4
    assert scenario.run().fates == result.fates
    assert "r5" in repr(result.explain("r5"))


# Written when every class lived in a module of its own beside __init__.py: never write it again.
with gzip.open(HERE / "0.1.0-kinds.pickle.gz") as file:
    KINDS = file.read()


def test_every_kind_of_thing_is_read_where_classes_lived_elsewhere():
    kept = pickle.loads(KINDS)
    assert pickle.loads(pickle.dumps(kept["result"])) == kept["result"]
    # The table was kept before it had the times at which records were settled.
    rows = [{name: value for name, value in row.items() if not name.startswith("settled.")}
            for row in kept["result"].records]
    assert rows == list(kept["records"]) and len(kept["records"]) == 6
    assert kept["destinations"]["dlq"] == kept["destination"]
    # A text that was kept has the words of its version; what it is about is the same.
    explained = str(kept["result"].explain("r5"))
    assert str(kept["explanation"]).splitlines()[:5] == explained.splitlines()[:5]
    assert kept["failure"].error == "ValueError: no" and kept["handler"].effects == "reported"
    assert kept["shard"].stored == 10 and kept["poller"].in_flight == kept["in_flight"]
    assert kept["batch"].records == ["r0", "r1"] and kept["in_flight"].records[0] == "r5"
    assert kept["pending"].event and kept["difference"].event > 1
    assert kept["violation"].scenario.run().duplicates == 5
    assert kept["exploration"].violations == [kept["violation"]] and kept["replay"].matches
    assert kept["sweep"] == kept["sweep_error"].sweep and len(kept["sweep"]) == 2
    assert kept["sweep_error"].failures == [kept["sweep_failure"]]
    assert kept["scenario_error"].diagnostics == [kept["diagnostic"]]
    assert kept["explore_error"].hint == "hint" and isinstance(kept["drift"], th.DriftError)
    assert isinstance(kept["expectation"], AssertionError) and kept["injection"].at == "1s"
    assert kept["drawn"].run().lost == 0 and repr(kept["drawn"]).startswith('th.loads("""')
    assert kept["functions"] == [th.effect, th.handler, th.explore, th.load]


def test_tables_pickle_alone():
    result = th.loads(shop(function=", fail: [{records: [r5]}]")).run()
    sim = th.loads(shop()).start()
    sim.run_until("50ms")  # in flight: `ended` is missing
    tables = [result.records, result.invocations, result.deliveries, result.metrics,
              result.positions, result.disturbances, result.destinations["dlq"],
              sim.result().invocations, th.sweep(th.example(), {"BatchSize": [1]}).summary()]
    for table in tables:
        again = pickle.loads(pickle.dumps(table))
        assert type(again) is type(table) and again == table and repr(again) == repr(table)
    message = pickle.loads(pickle.dumps(result.destinations["dlq"])).messages[0]
    assert message == result.destinations["dlq"].messages[0]
    again = pickle.loads(pickle.dumps(result.destinations))
    assert again["dlq"] == result.destinations["dlq"] and repr(again) == repr(result.destinations)
