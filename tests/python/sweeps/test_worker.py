"""What a worker of a sweep does, called here."""

import pickle

import pytest

import sweep_handlers
import trimhorizon as th
from conftest import shop
from trimhorizon import _core
from trimhorizon._sweeps.worker import Job, Stop, run_chunk, stopped

def job(text=None, handlers=None, **changes):
    return Job("of the tests", _core.__version__, text or shop(), "-", [], "", ["billing-orders"],
               handlers, "virtual", "judge")._replace(**changes)


CHUNK = [(["BatchSize=1"], [(0, 1), (1, 2)]), (["BatchSize=6"], [(2, 1)])]


@pytest.mark.parametrize("handlers", [None, {"billing": sweep_handlers.fails_on_r5}])
def test_every_run_of_every_point_has_its_row(handlers):
    answer = run_chunk(job(handlers=handlers), CHUNK)
    assert sum(len(each) for each in pickle.loads(pickle.dumps(answer)).rows) == 3
    assert answer.failures == [] and answer.ignored == []


def test_a_variant_and_settings_go_along():
    text = shop(more="variants:\n  one: {set: {BatchSize: 1}}\n")
    for handlers in (None, {"billing": sweep_handlers.fails_on_r5}):
        answer = run_chunk(job(text, handlers, variant="one", set=["MaximumRetryAttempts=0"]),
                           [([], [(0, 1)])])
        assert answer.failures == [] and len(answer.rows) == 1


def test_a_run_that_fails_is_told_and_the_others_are_made():
    answer = run_chunk(job(handlers={"billing": "sweep_handlers.no_such"}), CHUNK)
    assert answer.rows == [] and [task for task, _ in answer.failures] == [0, 1, 2]
    assert answer.failures[0][1].startswith("HandlerError: the handler sweep_handlers.no_such")
    stops = job(handlers={"billing": sweep_handlers.fails_on_r5}, errors="raise")
    failures = run_chunk(stops, CHUNK).failures
    assert "ValueError: k5" in failures[0][1] and len(failures) == 3


def test_ignored_rules_are_told_once():
    text = shop(function=", fail: [{records: [r1]}]")
    answer = run_chunk(job(text, {"billing": sweep_handlers.fails_on_r5}), CHUNK)
    assert answer.ignored == ["billing"]


def test_a_worker_of_another_version_refuses():
    words = "^this worker has trimhorizon .*, the sweep needs 9$"
    with pytest.raises(th.TrimhorizonError, match=words):
        run_chunk(job(version="9"), CHUNK)


LONG = """\
trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, rate: 1000/s, records: 300000}}
functions: {billing: {}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 1}
"""


@pytest.mark.parametrize("handlers", [None, {"billing": sweep_handlers.fails_on_r5}])
def test_a_sweep_that_was_given_up_is_not_gone_on_with(handlers):
    stopped.add("of the tests")
    try:
        with pytest.raises(Stop):
            run_chunk(job(LONG, handlers, mappings=["m"]), [([], [(0, 1)])])
    finally:
        stopped.discard("of the tests")
