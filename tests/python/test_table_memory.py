"""Tables are made when they are asked for; a run takes no memory for those that nobody reads."""

import os
import pathlib
import pickle
import resource
import subprocess
import sys

import pytest

import trimhorizon as th

MB = 1024 * 1024
LOAD = """\
trimhorizon: 1
duration: 3h
streams: {{orders: {{ShardCount: 4}}}}
producers: {{shop: {{stream: orders, ids: r, rate: {rate}/s, records: {records}}}}}
functions: {{billing: {{duration: 10ms, fail: [{{probability: 2%}}]}}}}
event_source_mappings:
  m: {{EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON,
      BatchSize: 100, MaximumRetryAttempts: 1}}
"""
STUCK = """\
trimhorizon: 1
duration: {duration}
streams: {{orders: {{ShardCount: 1, limits: none}}}}
producers: {{shop: {{stream: orders, ids: r, rate: 10000/s, records: 10000}}}}
functions: {{billing: {{duration: 10ms, fail: [{{probability: 100%}}]}}}}
event_source_mappings:
  m: {{EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON,
      BatchSize: 10000, MaximumBatchingWindowInSeconds: 5}}
"""
MEASURE = """
import resource, sys
import trimhorizon as th
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
scenario, tables = th.loads(sys.stdin.read()), sys.argv[1:]
before = peak()
result = scenario.run()
size = 0
for name in tables:
    table = getattr(result, name)
    size += table._native.bytes
print(peak() - before, size, *[len(getattr(result, name)) for name in tables])
"""


def measured(text, *tables, limit_mb=None):
    def bounded():
        if limit_mb:
            resource.setrlimit(resource.RLIMIT_AS, (limit_mb * MB, limit_mb * MB))

    package = str(pathlib.Path(th.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", MEASURE, *tables], input=text, text=True,
                          capture_output=True, timeout=600, preexec_fn=bounded,
                          env={**os.environ, "PYTHONPATH": package})
    assert done.returncode == 0, done.stderr
    return [int(each) for each in done.stdout.split()]


def test_a_run_of_seven_million_records_takes_no_memory_for_its_tables():
    # `bad_alloc` below 9 GB before; the command line needs 52 MB.
    peak, _ = measured(LOAD.format(rate=10_000, records=7_200_000), limit_mb=900)
    assert peak < 150 * MB


def test_the_tables_of_a_million_records_take_their_own_memory_and_little_more():
    peak, size, records, invocations, deliveries = measured(
        LOAD.format(rate=2000, records=1_000_000), "records", "invocations", "deliveries")
    assert records == 1_000_000 < deliveries and invocations > 10_000
    assert peak - size < 300 * MB


def test_above_a_documented_size_the_error_says_what_to_do():
    result = th.loads(STUCK.format(duration="20h")).run()
    assert result.to_dict()["mappings"]["m"]["deliveries"] > 20_000_000
    assert len(result.records) == 10_000
    with pytest.raises(th.TrimhorizonError) as caught:
        result.deliveries
    assert "rows, but a table has at most 20000000\n" in str(caught.value)
    assert "shorter `duration`" in str(caught.value) and "--trace FILE" in str(caught.value)


def test_a_run_that_is_too_large_to_pickle_with_its_tables_says_what_to_do():
    result = th.loads(STUCK.format(duration="3h")).run()
    with pytest.raises(th.TrimhorizonError, match="run it with tables=False"):
        pickle.dumps(result)
    small = th.loads(STUCK.format(duration="3h")).run(tables=False)
    assert pickle.loads(pickle.dumps(small)) == small


def test_tables_of_a_run_with_handlers_do_not_call_them_again():
    calls = []
    result = th.example().run(handlers={"billing": lambda event, context: calls.append(1)})
    before = len(calls)
    assert len(result.invocations) == before and len(result.deliveries) == 10
    assert len(calls) == before
