"""What the strategies draw, as documents and their text."""

import pytest

import trimhorizon as th

pytest.importorskip("hypothesis")
from hypothesis import find, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from trimhorizon._arguments import microseconds  # noqa: E402
from trimhorizon.strategies import _documents as documents  # noqa: E402
from trimhorizon.strategies import _faults as faults  # noqa: E402

QUICK = settings(max_examples=200, derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize("value, text", [
    ("k0", "k0"), ("1.5s", "1.5s"), ("100%", "100%"), ("10/s", "10/s"), ("no", '"no"'),
    ("7", '"7"'), ("a: b", '"a: b"'), ("", '""'), ("ü", '"ü"'), (True, "true"), (None, "null"),
    ({"at": "0s", "ids": ["7", 7]}, '{at: 0s, ids: ["7", 7]}')])
def test_a_value_is_yaml_on_one_line(value, text):
    assert documents.flow(value) == text


@pytest.mark.parametrize("ms", [0, 1, 999, 1000, 1500, 61_234])
def test_times_are_read_back_as_they_were_drawn(ms):
    assert microseconds(documents.duration_text(ms)) == ms * 1000


def test_times_shrink_to_the_beginning_and_keep_their_bound():
    assert find(documents.times(10_000_000), lambda text: True, settings=QUICK) == "0s"

    @settings(QUICK)
    @given(documents.times(1_500_000))
    def check(text):
        assert microseconds(text) <= 1_500_000

    check()


def test_traffic_keeps_its_bounds():
    limits = documents.Traffic(producers=3, records=5, keys=2, until_us=1_000_000, generated=True)

    @settings(QUICK)
    @given(documents.producers("orders", limits))
    def check(block):
        assert 1 <= len(block) <= 3
        records = [record for each in block.values() for put in each.get("put", [])
                   for record in put["records"]]
        generated = sum(each.get("records", 0) for each in block.values())
        assert 1 <= len(records) + generated <= 5
        assert {record["key"] for record in records} <= {"k0", "k1"}
        assert len({each["ids"] for each in block.values()}) == len(block)

    check()


def test_a_drawn_scenario_prints_the_call_that_makes_it_again():
    text = th.example().text + '# """ and \\ inside\n'
    for scenario in (th.loads(text), th.loads(text, file="a.yaml", set={"BatchSize": 2}),
                     th.loads(text + "variants: {one: {set: {BatchSize: 1}}}\n").variant("one")):
        drawn = documents.Drawn(scenario._native)
        assert eval(repr(drawn), {"th": th}) == scenario


# ---- faults --------------------------------------------------------------------------------------
def test_targets_are_those_of_the_scenario():
    targets = faults.Targets.of(th.example().set({"ShardCount": 2}))
    assert targets.functions == ("billing",) and targets.destinations == ("dlq",)
    assert targets.shards == (("billing-orders", "shardId-000000000000"),
                              ("billing-orders", "shardId-000000000001"))


NOTHING = faults.Targets((), (), (), (), ())


def test_a_scenario_without_targets_has_no_faults():
    limits = faults.Faults(faults.FAULTS, 3, 1_000_000)
    assert find(faults.timeline(NOTHING, limits), lambda entries: True, settings=QUICK) == []

    @settings(QUICK)
    @given(faults.schedule(NOTHING, limits))
    def check(drawn):
        assert drawn == {"fail": {}, "timeline": []}

    check()


@pytest.mark.parametrize("kind", faults.FAULTS)
def test_every_kind_of_fault_is_one_that_a_scenario_takes(kind):
    targets = faults.Targets.of(th.example())
    limits = faults.Faults((kind,), 1, 1_000_000)
    drawn = find(faults.schedule(targets, limits), lambda each: each["fail"] or each["timeline"],
                 settings=QUICK)
    settings_ = {"functions.billing.fail": drawn["fail"].get("billing", []),
                 "timeline": drawn["timeline"]}
    assert th.example().set(settings_).run().ended == "drained"


def test_entries_are_in_the_order_of_their_times():
    limits = faults.Faults(faults.FAULTS, 5, 10_000_000)

    @settings(QUICK)
    @given(st.data())
    def check(data):
        drawn = data.draw(faults.timeline(faults.Targets.of(th.example()), limits))
        times = [microseconds(entry["at"]) for entry in drawn]
        assert times == sorted(times)

    check()
