"""What the Python tests share: small scenarios, and the program of the same build."""

import os
import subprocess

import pytest

import processes
import trimhorizon as th
from trimhorizon.__main__ import program

TOP = __file__.rsplit("/tests/", 1)[0]
os.environ["TRIMHORIZON_AS"] = "trimhorizon"  # the lines that repeat a run name no folder of ours

# Programs that tests start elsewhere find the same module.
if "PYTHONPATH" in os.environ:
    paths = os.environ["PYTHONPATH"].split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join(os.path.abspath(path) for path in paths if path)


processes.take_signals()
processes.adopt_orphans()


@pytest.fixture(autouse=True)
def no_child_outlives_its_test():
    """Ends what a test left running, and says so."""
    before = processes.descendants()
    yield
    assert processes.end_those_after(before) == [], "these processes outlived their test"


def shop(records=6, batch=3, retries=3, *, mapping="", function="", more=""):
    """One shard, all records put at once, so that batches are known beforehand."""
    puts = ", ".join(f"{{key: k{i}}}" for i in range(records))
    return f"""\
trimhorizon: 1
title: A shop
streams:
  orders: {{ShardCount: 1}}
producers:
  shop:
    stream: orders
    ids: r
    put: [{{at: 0s, records: [{puts}]}}]
functions:
  billing: {{duration: 100ms, Timeout: 3, MemorySize: 256{function}}}
event_source_mappings:
  billing-orders:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: {batch}
    MaximumRetryAttempts: {retries}
    DestinationConfig: {{OnFailure: {{Destination: dlq}}}}
{mapping}destinations:
  dlq: {{type: sqs}}
{more}"""


REPORT = "    FunctionResponseTypes: [ReportBatchItemFailures]\n"


def sequence(record):
    return record["kinesis"]["sequenceNumber"]


@pytest.fixture
def command():
    """The command line: arguments in, standard output out."""
    path = program()
    assert path is not None, "the program is not built beside the module"

    def call(*arguments, text=None, codes=(0, 1, 3)):
        done = subprocess.run([str(path), *arguments], input=text, capture_output=True, text=True)
        assert done.returncode in codes, done.stderr
        return done.stdout

    return call


@pytest.fixture
def poisoned():
    """Six records in two batches; r5 fails, is retried and goes to the destination."""
    return th.loads(shop(function=", fail: [{records: [r5]}]"))
