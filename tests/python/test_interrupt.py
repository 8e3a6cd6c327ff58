"""Ctrl-C in the middle of a run."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

import trimhorizon as th

ENDLESS = """\
trimhorizon: 1
duration: 8000h
streams: {orders: {ShardCount: 2}}
producers: {shop: {stream: orders, rate: 5000/s, for: 8000h}}
functions: {billing: {duration: 1ms}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 10}
"""

CODE = """
import signal, sys, threading, time
import trimhorizon as th
from trimhorizon._clock import _REAL
scenario = th.loads(sys.stdin.read())
sent = []
def send():
    _REAL["sleep"](0.3)
    sent.append(_REAL["monotonic"]())
    signal.raise_signal(signal.SIGINT)
    import os; os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=send, daemon=True).start()
try:
    {call}
except KeyboardInterrupt:
    print(_REAL["monotonic"]() - sent[0])
import time
assert time.sleep is _REAL["sleep"]
print(th.example().run().lost)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("call", [
    "scenario.run(tables=False)",
    "scenario.start().run()",
    "scenario.run(tables=False, handlers={'billing': lambda event, context: None})",
    "scenario.run(tables=False, handlers={'billing': lambda event, context: time.sleep(0.001)})",
])
def test_ctrl_c_stops_a_run_at_once(call):
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(CODE).replace("{call}", call)],
                          input=ENDLESS, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    after, lost = done.stdout.split()
    # 100 ms on an idle machine; the test allows for a busy one.
    assert float(after) < 2 and lost == "0"


def test_a_callback_may_stop_a_run():
    class Enough(Exception):
        pass

    def stop(fraction):
        raise Enough

    with pytest.raises(Enough):
        th.loads(ENDLESS).run(progress=stop, tables=False)


def test_other_threads_work_while_a_run_goes_on():
    import threading

    counted = 0
    over = threading.Event()

    def count():
        nonlocal counted
        while not over.is_set():
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    th.loads(ENDLESS, set={"producers.shop.for": "60s", "duration": "60s"}).run(tables=False)
    over.set()
    thread.join()
    assert counted > 1000
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
