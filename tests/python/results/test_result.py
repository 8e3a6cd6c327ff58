"""What a result says beside its numbers: notes, ranges, the edition of the rules."""

import json
import pickle

import trimhorizon as th
from conftest import REPORT, shop

HOT = """\
trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, ids: r, rate: 5000/s, for: 3s, batch: 100}}
functions: {billing: {duration: 10ms}}
event_source_mappings:
  billing-orders:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: 10000
"""


def test_puts_above_a_shards_limits_are_refused_and_noted():
    result = th.loads(HOT).run()
    # KDS-LIM-01: 1,000 records at once and 1,000 a second. Each call is made four times, and up to
    # 20,000 records are asked for in a second.
    assert result.notes == [
        "orders refused 51,460 puts of records: shardId-000000000000 is above its limit"]
    assert json.loads(result.to_json())["records"]["never_accepted"] == 10_720
    assert json.loads(result.to_json())["notes"] == result.notes
    assert "Note: orders refused 51,460 puts of records" in repr(result)
    assert "orders refused 51,460 puts" in result._repr_html_()
    assert pickle.loads(pickle.dumps(result)).notes == result.notes
    assert th.loads(shop()).run().notes == []


def test_eight_mappings_on_one_shard_are_noted():
    names = [f"m{number}" for number in range(8)]
    functions = "".join(f"  {name}: {{}}\n" for name in names)
    mappings = "".join(
        f"  {name}: {{EventSourceArn: orders, FunctionName: {name}, "
        f"StartingPosition: TRIM_HORIZON}}\n" for name in names)
    result = th.loads(f"""\
trimhorizon: 1
streams: {{orders: {{ShardCount: 1}}}}
producers: {{shop: {{stream: orders, ids: r, put: [{{at: 5s, records: [{{}}]}}]}}}}
functions:
{functions}event_source_mappings:
{mappings}""").run()
    (note,) = result.notes  # each reads once a second: KDS-LIM-04 allows five in all
    assert note.startswith("orders refused ")
    assert note.endswith(" reads: shardId-000000000000 is above its limit")


def test_the_edition_of_the_rules_is_named_everywhere():
    result = th.loads(shop()).run()
    assert result.edition == th.__edition__ == "2026-11"
    assert json.loads(result.to_json())["edition"] == "2026-11"
    assert "rules of 2026-11" in repr(result)
    found = th.explore(th.loads(shop(records=1)), 0)
    assert json.loads(found.to_json())["edition"] == "2026-11" and "2026-11" in repr(found)
    sweep = th.sweep(th.loads(shop()), seeds=range(2))
    assert sweep.to_dict()["edition"] == "2026-11" and "2026-11" in repr(sweep)


def test_ranges_are_the_numbers_under_other_values_of_the_switches_met():
    scenario = th.loads(shop(retries=-1, mapping="    MaximumRecordAgeInSeconds: 60\n",
                             function=", fail: [{until: 10m}]"))
    result = scenario.run()
    by_number = {each["number"]: each for each in result.ranges}
    calls = by_number["invocations"]
    assert calls["value"] == len(result.invocations)
    assert calls["least"] <= calls["value"] <= calls["most"]
    assert "retry_backoff" in calls["assumptions"]
    again = scenario.set({"assumptions.retry_backoff": "none"}).run()
    assert calls["least"] <= len(again.invocations)
    assert json.loads(result.to_json())["ranges"] == result.ranges
    assert f"{calls['least']:,} to {calls['most']:,} instead of {calls['value']:,}" in repr(result)


def test_handlers_of_the_user_are_not_asked_again_for_ranges():
    calls = []
    result = th.loads(shop(mapping=REPORT)).run(handlers={"billing": lambda *_: calls.append(1)})
    before = len(calls)
    assert result.ranges == [] and len(calls) == before


def test_rows_say_when_a_record_was_settled():
    rows = list(th.loads(shop()).run().records)
    assert [row["settled.billing-orders"] for row in rows] == [100_000] * 3 + [200_000] * 3
