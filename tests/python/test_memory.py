"""What a plain function remembers, put back before every run of an exploration."""

import collections
import functools
import random
import sqlite3
import sys
import time
import types
from unittest import mock

import pytest

import trimhorizon as th
from conftest import shop
from trimhorizon._memory import Memory

CRASH = {"sites": ["poller_crash"], "properties": ["at_most_once"]}
SAID = "your function remembers between invocations: searched without merging"


def small():
    return th.loads(shop(records=3, batch=2, retries=1))


def do_once(event, done, add):
    for record in event["Records"]:
        if record["kinesis"]["data"] not in done:
            add(record["kinesis"]["data"])
            th.effect(record)


def with_set_in_closure():
    done = set()
    return lambda event, context: do_once(event, done, done.add)


done_globally = {}


def with_global_dict():
    return lambda event, context: do_once(event, done_globally,
                                          lambda key: done_globally.update({key: 1}))


def with_nonlocal():
    done = ()

    def handler(event, context):
        nonlocal done
        for record in event["Records"]:
            if record["kinesis"]["data"] not in done:
                done += (record["kinesis"]["data"],)
                th.effect(record)

    return handler


class Store:
    shared = collections.deque()

    def __init__(self):
        self.done = {"all": []}

    def handle(self, event, context):
        do_once(event, self.done["all"], self.done["all"].append)

    def __call__(self, event, context):
        self.handle(event, context)

    @classmethod
    def handle_for_all(cls, event, context):
        do_once(event, cls.shared, cls.shared.append)


def with_attribute_of_itself():
    def handler(event, context):
        do_once(event, handler.done, handler.done.append)

    handler.done = []
    return handler


def with_default():
    def handler(event, context, done=[]):  # noqa: B006 - that is the memory
        do_once(event, done, done.append)

    return handler


MAKERS = [with_set_in_closure, with_global_dict, with_nonlocal, lambda: Store().handle,
          lambda: Store(), lambda: Store.handle_for_all, with_attribute_of_itself, with_default]


def test_it_finds_what_a_factory_finds():
    made = {"billing": th.handler(with_set_in_closure, factory=True)}
    options = {"faults": 2, "properties": ["no_loss", "at_most_once"]}
    by_factory = th.explore(small(), handlers=made, **options)
    plain = th.explore(small(), handlers={"billing": with_set_in_closure()}, **options)
    assert plain.outcomes == by_factory.outcomes and len(plain.outcomes) > 3
    assert [v.decisions for v in plain.violations] == [v.decisions for v in by_factory.violations]


@pytest.mark.parametrize("make", MAKERS, ids=["closure", "global", "nonlocal", "method", "object",
                                              "class", "attribute", "default"])
def test_a_function_that_remembers_is_searched_without_merging(make):
    found = th.explore(small(), 2, handlers={"billing": make()}, **CRASH)
    assert found.verdict_words == "HOLDS for all schedules with at most 2 faults"
    assert SAID in found.notes


def test_what_is_remembered_from_before_exploring_is_where_every_run_begins():
    calls = [0]

    def handler(event, context):
        calls[0] += 1
        if calls[0] == 12:
            raise ValueError

    calls[0] = 11  # so that the first call of every run fails
    found = th.explore(small(), 0, handlers={"billing": handler})
    assert SAID in found.notes and len(found.outcomes) == 1
    assert calls[0] == 14  # three calls after the last start: one that failed, its retry, the rest


def test_a_helper_module_of_the_user_is_memory_too(tmp_path, monkeypatch):
    (tmp_path / "remembering_helper.py").write_text(
        "count = 0\ndef note():\n    global count\n    count += 1\n    return count\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import remembering_helper

    def handler(event, context):
        if remembering_helper.note() == 1:
            raise ValueError

    try:
        assert SAID in th.explore(small(), 1, handlers={"billing": handler}, **CRASH).notes
    finally:
        del sys.modules["remembering_helper"]


def test_a_cache_that_was_empty_is_emptied():
    calls = []

    @functools.lru_cache(maxsize=None)
    def first(key):
        calls.append(key)
        return len(calls)

    def handler(event, context):
        time.sleep(first(event["Records"][0]["kinesis"]["data"]) / 1000)

    memory = Memory(handler)
    first("a")
    memory.restore()
    assert first.cache_info().currsize == 0 and calls == []


def test_a_mock_is_a_handler_too():
    billing = mock.Mock(return_value=None)
    assert th.explore(small(), 1, handlers={"billing": billing}, **CRASH).violations
    names = [name for name, _, _ in billing.mock_calls]
    assert set(names) == {""}  # it was called, and nothing was asked of it
    assert small().run(handlers={"billing": billing}).lost == 0


def test_memory_that_cannot_be_put_back_is_an_error():
    table = sqlite3.connect(":memory:")
    table.execute("create table done (id text primary key)")

    def handler(event, context):
        for record in event["Records"]:
            rows = table.execute("insert or ignore into done values (?)",
                                 [record["kinesis"]["data"]])
            if rows.rowcount:
                th.effect(record)

    with pytest.raises(th.ExploreError, match="does not forget between two runs") as caught:
        th.explore(small(), 1, handlers={"billing": handler}, **CRASH)
    assert "only what lies in variables" in caught.value.hint


def test_the_log_of_a_function_that_remembers_nothing_stays():
    seen = []
    th.explore(small(), 1, handlers={"billing": lambda e, c: seen.append(len(e["Records"]))},
               **CRASH)
    assert len(seen) > 3


# ---- snapshots -----------------------------------------------------------------------------------
class Slotted:
    __slots__ = ("value",)


def everything():
    slotted = Slotted()
    slotted.value = 1
    return types.SimpleNamespace(
        list=[1, [2]], dict={"a": {"b": 1}}, set={1}, deque=collections.deque([1], maxlen=3),
        bytes=bytearray(b"abc"), counter=collections.Counter("aab"), slotted=slotted,
        ordered=collections.OrderedDict(a=1, b=2), chance=random.Random(3),
        default=collections.defaultdict(list, a=[1]), tuple=([1],))


def test_everything_is_put_back_in_place():
    it, same = everything(), everything()
    inner, mapping, kept = it.list[1], it.dict["a"], it.deque
    memory = Memory(lambda event, context: it)
    for _ in range(2):
        it.list.append(it.list[1].append(3))
        it.dict["a"]["b"] = it.dict["c"] = 2
        it.set.clear(), it.deque.extend([2, 3, 4]), it.bytes.extend(b"d"), it.counter.update("b")
        it.slotted.value, it.new = 2, 3
        it.ordered.move_to_end("a"), it.chance.random(), it.default["b"].append(1)
        it.tuple[0].append(2)
        memory.restore()
        assert it.list[1] is inner and it.dict["a"] is mapping and it.deque is kept
        assert it.slotted.value == 1 and it.chance.random() == random.Random(3).random()
        for name in ("list", "dict", "set", "deque", "bytes", "counter", "default", "tuple"):
            assert getattr(it, name) == getattr(same, name), name
        assert list(it.ordered) == ["a", "b"] and not hasattr(it, "new") and kept.maxlen == 3


def test_names_that_were_bound_afterwards_are_gone():
    names = {"__name__": __name__}
    exec("def handler(event, context):\n    global made\n    made = globals().get('made', 0) + 1",
         names)
    memory = Memory(names["handler"])
    names["handler"](None, None)
    assert names["made"] == 1
    memory.restore()
    assert "made" not in names


def test_the_process_is_left_alone():
    import logging

    logger = logging.getLogger("a handler's")
    before = list(logging.root.handlers)
    memory = Memory(lambda event, context: logger.info(th.example()))
    logger.setLevel(logging.ERROR)
    memory.restore()
    assert logger.level == logging.ERROR and logging.root.handlers == before
