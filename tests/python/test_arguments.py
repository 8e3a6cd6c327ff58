"""What users give: durations as a file has them, seeds, settings."""

from datetime import timedelta

import pytest

import trimhorizon as th
from trimhorizon._arguments import (
    microseconds,
    seed_number,
    settings_of,
    settings_texts,
    shard_name,
)


@pytest.mark.parametrize("text", ["1us", "250ms", "1.5s", "0.000001s", "1h30m", "2d", "1m1.5s"])
def test_a_duration_is_that_of_a_file(text):
    scenario = th.example().set({"duration": text})
    assert microseconds(text) == scenario._native.duration_us


def test_numbers_are_seconds_and_timedeltas_what_they_are():
    assert [microseconds(each) for each in (2, 0.25, -1, timedelta(hours=1))] == [
        2_000_000, 250_000, -1_000_000, 3_600_000_000]
    assert microseconds("250µs") == 250


@pytest.mark.parametrize("text", [
    "", "s", "5", "1.5", "1 s", "1x", "soon", "-1s", "1s1m", "1s1s", "1.5us", "36501d", "1e3s"])
def test_what_a_file_does_not_take_is_no_duration(text):
    words = f"^'{text}' is not a duration: write 250ms, 10s or 1h30m$"
    with pytest.raises(ValueError, match=words):
        microseconds(text)
    if text:
        with pytest.raises(th.ScenarioError):
            th.example().set({"functions.billing.duration": text})


@pytest.mark.parametrize("thing", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_no_duration(thing):
    with pytest.raises(ValueError, match="is not a duration"):
        microseconds(thing)


@pytest.mark.parametrize("thing", [None, True, b"1s", [1]])
def test_other_things_are_no_duration(thing):
    with pytest.raises(TypeError, match="^a duration must be text, a timedelta or a number of"):
        microseconds(thing)


def test_seeds_may_be_anything_that_is_a_whole_number():
    class Index:
        def __index__(self):
            return 7

    assert (seed_number(0), seed_number(Index()), seed_number(2**63 - 1)) == (0, 7, 2**63 - 1)


def test_settings_go_there_and_back():
    assert settings_texts(None) == []
    texts = settings_texts({"BatchSize": 5, "title": "a=b", "sites": ["trim"], "off": None})
    assert texts == ["BatchSize=5", "title=a=b", 'sites=["trim"]', "off=null"]
    assert settings_of(texts)["title"] == "a=b"


def test_shards_have_numbers_and_names():
    assert shard_name(3) == shard_name("shardId-000000000003") == "shardId-000000000003"


@pytest.mark.parametrize("call", [
    lambda seed: th.example().run(seed=seed), lambda seed: th.example().start(seed=seed),
    lambda seed: th.explore(th.example(), 0, seed=seed),
    lambda seed: th.replay(th.example(), "th1:", seed=seed),
    lambda seed: th.sweep(th.example(), {}, [seed]),
])
def test_seeds_have_one_range_everywhere(call):
    for seed in (-1, 2**63):
        with pytest.raises(ValueError, match="^a seed must be from 0 to 9223372036854775807$"):
            call(seed)
    for seed in ("1", 1.5, True):
        with pytest.raises(TypeError, match="^a seed must be a whole number, not "):
            call(seed)
    assert th.example().run(seed=2**63 - 1).seed == 2**63 - 1


def test_arguments_of_the_wrong_type_are_said():
    with pytest.raises(TypeError, match="^loads takes the text of a scenario, not None; load"):
        th.loads(None)
    with pytest.raises(TypeError, match="^expected str, bytes or os.PathLike object"):
        th.load(None)
    records = th.example().run().records
    with pytest.raises(TypeError, match="^a table needs the number of a row, a slice or the name"):
        records[1.5]
    with pytest.raises(IndexError, match="^the table has no row -11: it has 10$"):
        records[-11]


@pytest.mark.parametrize("wrong", [["BatchSize=5"], "BatchSize=5", 3])
def test_mappings_given_as_a_list_are_answered_in_words(wrong):
    for call in (lambda: th.example().set(wrong), lambda: th.loads(th.example().text, set=wrong)):
        with pytest.raises(TypeError, match='^set must be a dict from path to value, {"Batch'):
            call()
    with pytest.raises(TypeError, match="^grid must be a dict from path to value"):
        th.sweep(th.example(), wrong)
    with pytest.raises(TypeError, match="^a path of set must be text"):
        th.example().set({5: "BatchSize"})
