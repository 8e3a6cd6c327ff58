"""What a plain function remembers, put back before every run of an exploration."""

import collections
import sqlite3
import sys
from unittest import mock

import pytest

import trimhorizon as th
from conftest import shop

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

    with pytest.raises(th.ExploreError, match="its memory stays between two runs") as caught:
        th.explore(small(), 1, handlers={"billing": handler}, **CRASH)
    assert "only variables, containers" in caught.value.hint


def test_the_log_of_a_function_that_remembers_nothing_stays():
    seen = []
    th.explore(small(), 1, handlers={"billing": lambda e, c: seen.append(len(e["Records"]))},
               **CRASH)
    assert len(seen) > 3
