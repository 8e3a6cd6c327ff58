"""What the pictures show, as plain values: no picture is drawn."""

import pytest

import trimhorizon as th
from conftest import shop
from trimhorizon.plot import _data as data
from trimhorizon.plot._data import Bar, Column, History, Point, Span


def test_a_fate_is_a_letter():
    assert [data.code_of(fate, effects, effects) for fate, effects in (
        ("processed", 0), ("filtered", 0), ("expired", 1), ("unread", 0), ("pending", 0),
        ("processed", 12), ("processed", 1), ("discarded", 0), ("dropped", 3))] == list("SFEG~+.DX")
    assert data.code_of("processed", 0, 1) == "=" and data.code_of("of tomorrow", 0, 0) == "?"


def bar(number, started, ended, first=0, end=3, outcome="error"):
    return Bar(number, started, ended, first, end, outcome, 1, ((0, 1),))


def test_neighbours_of_one_batch_are_one_bar():
    bars = [bar(1, 0, 5), bar(2, 6, 9), bar(3, 20, 25), bar(4, 26, 30, end=2),
            bar(5, 31, 33, end=2, outcome="success")]
    merged = data.merged(bars, 5)
    assert [(each.number, each.started, each.ended, each.count) for each in merged] == [
        (1, 0, 9, 2), (3, 20, 25, 1), (4, 26, 30, 1), (5, 31, 33, 1)]
    assert merged[0].effects == () and data.merged([], 5) == []


def test_stretches_are_joined_where_little_lies_between():
    fates = list("xx.x...x")
    assert data.spans(fates, "x", 0) == [Span(0, 2, 2), Span(3, 4, 1), Span(7, 8, 1)]
    assert data.spans(fates, "x", 1) == [Span(0, 4, 3), Span(7, 8, 1)]
    assert data.spans(fates, "y", 1) == []


def test_a_shard_has_a_state_and_an_age_at_every_moment():
    columns = [Column(f"r{i}", f"r{i}", "shard", 1, ".", i * 100, "processed") for i in range(3)]
    points = [Point(0, 1, 0, 0), Point(100, 2, 0, 0), Point(250, 3, 0, 2), Point(400, 3, 0, 3)]
    history = History("m", "shard", points, [], columns, [], 10**9, True)
    assert history.at(-1) == Point(-1, 0, 0, 0) and history.at(399) == points[2]
    assert [history.age(us) for us in (50, 249, 250, 399, 400)] == [50, 249, 50, 199, 0]


def test_names_are_found_or_refused():
    result = th.loads(shop()).run()
    assert data.mapping_of(result, None) == data.mapping_of(result, "billing-orders")
    with pytest.raises(KeyError, match="no mapping 'nobody'; there are"):
        data.mapping_of(result, "nobody")
    assert data.short_shard("shardId-000000000003") == "shard 3"
    assert data.short_shard("mine") == "mine"
    with pytest.raises(KeyError, match="no record in 'shardId-000000000009'"):
        data.columns_of(result, "billing-orders", "shardId-000000000009")


def test_the_most_telling_shard_is_the_one_with_most_failures():
    text = shop(records=8, retries=0, function=", fail: [{keys: [k0]}]")
    two = th.loads(text.replace("ShardCount: 1", "ShardCount: 2")).run()
    failed = {row["shard"] for row in two.invocations if row["outcome"] == "error"}
    assert {data.history_of(two, "billing-orders").shard} == failed
    nothing = th.loads(shop(), set={"producers.shop.put": []})
    with pytest.raises(th.TrimhorizonError, match="^nothing was stored for billing-orders to "):
        data.history_of(nothing.run(), "billing-orders")


def test_each_delivery_knows_its_place_and_which_effect_it_had():
    text = shop(records=2, batch=2, retries=1, function=", fail: [{records: [r1]}]")
    result = th.loads(text).run()
    handed = data.deliveries_of(result, "billing-orders")
    assert {number: [tuple(each) for each in batch] for number, batch in handed.items()} == {
        1: [(0, 1), (1, 0)], 2: [(0, 2), (1, 0)]}
    assert data.deliveries_of(result, "billing-orders") is handed  # kept
