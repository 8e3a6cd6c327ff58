"""What a handler costs beyond its own time: 100,000 invocations, less than 5 s.

PYTHONPATH=build/release/python .venv/bin/python tests/bench/python_handlers_bench.py
"""

import sys
import time

import trimhorizon as th

INVOCATIONS = 100_000
LIMIT_S = 5.0

SCENARIO = f"""\
trimhorizon: 1
streams: {{orders: {{ShardCount: 4}}}}
producers: {{shop: {{stream: orders, rate: 1000/s, records: {INVOCATIONS}}}}}
functions: {{billing: {{duration: 1ms}}}}
event_source_mappings:
  m: {{EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 1}}
"""


def trivial(event, context):
    trivial.calls += 1


def main() -> int:
    scenario = th.loads(SCENARIO)
    trivial.calls = 0
    started, cpu = time.perf_counter(), time.process_time()
    modelled = scenario.run(tables=False)
    between, cpu_between = time.perf_counter(), time.process_time()
    result = scenario.run(handlers={"billing": trivial}, tables=False)
    wall = time.perf_counter() - between - (between - started)
    busy = time.process_time() - cpu_between - (cpu_between - cpu)
    assert trivial.calls == INVOCATIONS
    assert result.fates == modelled.fates
    print(f"{INVOCATIONS} invocations: {wall:.2f} s overhead ({busy:.2f} s of CPU), "
          f"{wall / INVOCATIONS * 1e6:.0f} µs each; the limit is {LIMIT_S:.0f} s")
    return 0 if min(wall, busy) < LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main())
