"""Handlers that worker processes import by name."""

import os
import pathlib
import signal


def fails_on_r5(event, context):
    for record in event["Records"]:
        if record["kinesis"]["partitionKey"] == "k5":
            raise ValueError("k5")


def counts(event, context):
    """Keeps what only a fresh import forgets."""
    counts.calls = getattr(counts, "calls", 0) + 1
    if counts.calls > 2:
        raise ValueError("too many")


def _kill_once(place):
    """Kills its own process with SIGKILL the first time that anybody comes by."""
    try:
        pathlib.Path(place).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def dies_once(event, context):
    _kill_once(os.environ["TH_KILLED"])


def dies_for_small_batches(event, context):
    if len(event["Records"]) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
