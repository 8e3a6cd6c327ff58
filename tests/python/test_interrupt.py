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

PREAMBLE = """
import os, signal, sys, threading, time, random
import trimhorizon as th
from trimhorizon._sandbox import REAL
scenario = th.loads(sys.stdin.read())
before = [time.time, time.sleep, time.monotonic, os.urandom]
environment = dict(os.environ)

def check_that_nothing_is_patched():
    assert [time.time, time.sleep, time.monotonic, os.urandom] == before
    assert dict(os.environ) == environment
    assert time.time() > 1_700_000_000 and time.time() != time.time() + 1
    started = time.monotonic(), time.time()
    time.sleep(0.002)
    assert time.monotonic() > started[0] and time.time() > started[1]
    assert signal.getsignal(signal.SIGINT) is handler
    assert th.example().run(handlers={"billing": lambda event, context: None}).lost == 0
handler = signal.getsignal(signal.SIGINT)
"""

AT_ONCE = PREAMBLE + """
sent = []
def send():
    REAL["sleep"](0.3)
    sent.append(REAL["monotonic"]())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=send, daemon=True).start()
try:
    {call}
except KeyboardInterrupt:
    print(REAL["monotonic"]() - sent[0])
check_that_nothing_is_patched()
"""

NOTHING = "handlers={'billing': lambda event, context: None}"
SLEEPS = "handlers={'billing': lambda event, context: time.sleep(0.001)}"
needs_signals = pytest.mark.skipif(os.name != "posix", reason="signals")


def output(code, text=ENDLESS):
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], input=text,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_signals
@pytest.mark.parametrize("call", [
    "scenario.run(tables=False)",
    "scenario.start().run()",
    f"scenario.run(tables=False, {NOTHING})",
    f"scenario.run(tables=False, {SLEEPS})",
])
def test_ctrl_c_stops_a_run_at_once(call):
    # 100 ms on an idle machine; the test allows for a busy one.
    assert float(output(AT_ONCE.replace("{call}", call))) < 2


REPORT = """
import os, signal, threading, time
import trimhorizon as th
result = th.load("scenarios/020-poison-pill-default.yaml").run(tables=False)
def seconds_of_report():
    started = time.monotonic()
    try:
        repr(result)
    except KeyboardInterrupt:
        pass
    return time.monotonic() - started
whole = seconds_of_report()
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
print(seconds_of_report() / whole)
"""


@needs_signals
def test_ctrl_c_stops_the_runs_under_other_assumptions_that_a_report_makes():
    assert float(output(REPORT)) < 0.5


# The first thing that a patch touches presses Ctrl-C: once while patching, once while undoing.
NOSY = PREAMBLE + """
import types
class Nosy(types.ModuleType):
    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        pressed.append(name)
        for _ in range({times}):
            signal.raise_signal(signal.SIGINT)
pressed = []
nosy = Nosy("nosy")
nosy.__dict__["sleep"] = time.sleep
sys.modules["nosy"] = nosy
caught = 0
try:
    {call}
except KeyboardInterrupt:
    caught += 1
assert caught == 1 and pressed == ["sleep", "sleep"], (caught, pressed)
assert nosy.sleep is REAL["sleep"]
del sys.modules["nosy"]
check_that_nothing_is_patched()
"""


@needs_signals
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("call", [
    f"scenario.run(tables=False, {SLEEPS})",
    f"scenario.start({SLEEPS}).run()",
    f"scenario.start({SLEEPS}).step()",
])
def test_ctrl_c_while_the_process_is_patched_or_restored_leaves_nothing_behind(call, times):
    output(NOSY.replace("{call}", call).replace("{times}", str(times)))


# Signals all the time, at whatever moment: they used to leave a process patched. They raise in the
# package only, so that the loop of the test itself is none of their victims.
BARRAGE = PREAMBLE + """
class Stop(KeyboardInterrupt):
    pass
def handler(number, frame):
    while frame is not None:
        if "/trimhorizon/" in frame.f_code.co_filename:
            raise Stop
        frame = frame.f_back
signal.signal(signal.SIGINT, handler)
import subprocess  # another process: a thread of this one would wait for the GIL to be free
press = subprocess.Popen([sys.executable, "-c", f'''
import os, random, signal, time
gap = random.Random(1)
while os.getppid() == {os.getpid()}:
    time.sleep(gap.uniform(0, 0.004))
    os.kill({os.getpid()}, signal.SIGINT)
'''])
stopped, until = 0, REAL["monotonic"]() + 2
while REAL["monotonic"]() < until:
    try:
        scenario.run(tables=False, handlers={'billing': lambda event, context: time.sleep(0.001)})
    except Stop:
        stopped += 1
press.kill()
press.wait()
check_that_nothing_is_patched()
print(stopped)
"""


@needs_signals
def test_a_barrage_of_signals_leaves_nothing_behind():
    assert int(output(BARRAGE)) > 20


SWALLOWED = PREAMBLE + """
calls = []
def billing(event, context):
    calls.append(1)
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        calls.append("swallowed")
assert th.example().run(handlers={"billing": billing}).lost == 0
assert calls == [1, "swallowed", 1, "swallowed"], calls
check_that_nothing_is_patched()
"""


@needs_signals
def test_a_handler_may_swallow_ctrl_c_like_any_other_code():
    output(SWALLOWED)


WAITING = PREAMBLE + """
release, running = threading.Event(), threading.Event()
def slow(event, context):
    running.set()
    release.wait()
first = threading.Thread(target=lambda: th.example().run(handlers={"billing": slow}))
first.start()
running.wait()
threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    th.example().run(handlers={"billing": slow})
except KeyboardInterrupt:
    print("stopped")
release.set()
first.join()
check_that_nothing_is_patched()
"""


@needs_signals
def test_ctrl_c_ends_the_waiting_for_another_run():
    assert output(WAITING) == "stopped\n"


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
