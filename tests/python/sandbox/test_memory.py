"""What a function remembers, put back: of which kinds, and of which not."""

import collections
import functools
import random
import types

import pytest

from trimhorizon._sandbox import Memory


class Counting:
    shared = 0

    def __init__(self):
        self.own = 0

    def __call__(self, event, context):
        Counting.shared += 1
        self.own += 1
        return self.own, Counting.shared


def by_nonlocal():
    count = 0

    def handler(event, context):
        nonlocal count
        count += 1
        return count

    return handler


def by_attribute():
    def handler(event, context):
        handler.count = getattr(handler, "count", 0) + 1
        return handler.count

    return handler


def by_default():
    return lambda event, context, seen=[]: seen.append(1) or len(seen)  # noqa: B006


@pytest.mark.parametrize("make", [by_nonlocal, by_attribute, by_default, Counting,
                                  lambda: Counting().__call__])
def test_wherever_a_function_keeps_it(make):
    handler = make()
    handler(None, None)
    memory = Memory(handler)
    second = handler(None, None)
    for _ in range(3):
        memory.restore()
        assert handler(None, None) == second
    assert handler(None, None) != second


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
    memory = Memory(lambda event, context: logger.info(logger))
    logger.setLevel(logging.ERROR)
    memory.restore()
    assert logger.level == logging.ERROR and logging.root.handlers == before


def test_what_is_open_is_left_alone():
    numbers = iter(range(10))
    memory = Memory(lambda event, context: next(numbers))
    assert next(numbers) == 0
    memory.restore()
    assert next(numbers) == 1


def test_a_cache_that_was_empty_is_emptied():
    calls = []

    @functools.lru_cache(maxsize=None)
    def first(key):
        calls.append(key)
        return len(calls)

    memory = Memory(lambda event, context: first(event))
    first("a")
    memory.restore()
    assert first.cache_info().currsize == 0 and calls == []
