"""Chance alone: a function of seed and call, and given back."""

import random
import sys
import uuid

import pytest

from trimhorizon._sandbox.chance import Chance


def drawn(seed, call):
    chance = Chance(seed)
    chance.begin(call)
    return random.random(), chance.bytes(8), random.random()


@pytest.fixture(autouse=True)
def theirs():
    state = random.getstate()
    yield
    random.setstate(state)


def test_a_call_draws_what_it_drew_before():
    assert drawn(1, 5) == drawn(1, 5)
    assert len({drawn(seed, call) for seed in (1, 2, 2**63 - 1) for call in (0, 1, 2**63)}) == 9


def test_bytes_and_random_do_not_move_each_other():
    chance = Chance(3)
    chance.begin(1)
    alone = random.random()
    chance.begin(1)
    chance.bytes(100)
    assert random.random() == alone


def test_bytes_have_the_length_that_was_asked_for():
    chance = Chance(3)
    assert [len(chance.bytes(size)) for size in (0, 1, 16, 4096)] == [0, 1, 16, 4096]
    chance.begin(1)
    whole = chance.bytes(4)
    chance.begin(1)
    assert chance.bytes(4) == whole != chance.bytes(4)


def test_what_was_there_before_is_given_back():
    random.seed("theirs")
    state, node = random.getstate(), getattr(uuid, "_node", None)
    chance = Chance(3)
    chance.start()
    assert random.getstate() != state and uuid.getnode() == 0x02_74_68_00_00_01
    random.random()
    chance.stop()
    assert random.getstate() == state and uuid._node == node
    chance.stop()  # again: nothing is left to give back
    assert random.getstate() == state


def test_numpy_draws_by_the_seed_too():
    numpy = pytest.importorskip("numpy")
    before = numpy.random.get_state()[1].tolist()
    chance = Chance(2**62 + 1)
    chance.start()
    first = []
    for call in (1, 2, 1):
        chance.begin(call)
        first.append(numpy.random.random())
    chance.stop()
    assert first[0] == first[2] != first[1]
    assert numpy.random.get_state()[1].tolist() == before


def test_numpy_is_not_imported_for_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    Chance(1).begin(1)
