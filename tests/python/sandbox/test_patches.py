"""Where the real functions were captured: everywhere ours are put, and taken back."""

import functools
import sys
import time
import types

import pytest

from trimhorizon._sandbox import REAL
from trimhorizon._sandbox.patches import Patches
from trimhorizon._sandbox.stand_ins import STAND_INS


@pytest.fixture
def patches():
    patches = Patches(["sleep", "monotonic"])
    yield patches
    patches.undo()


@pytest.fixture
def module(monkeypatch):
    """A module of the user's that has captured a clock under a name of its own."""
    made = types.ModuleType("capturing")
    made.__file__ = "capturing.py"
    made.pause = time.sleep
    monkeypatch.setitem(sys.modules, "capturing", made)
    return made


def test_names_of_modules_are_replaced_and_brought_back(patches, module):
    patches.put([])
    assert time.sleep is module.pause is STAND_INS["sleep"]
    assert time.monotonic is STAND_INS["monotonic"] and time.perf_counter is not None
    patches.undo()
    assert time.sleep is module.pause is REAL["sleep"] and time.monotonic is REAL["monotonic"]
    module.later = time.sleep  # captured between two runs
    patches.put([])
    assert module.later is STAND_INS["sleep"]
    patches.undo()
    patches.undo()
    assert module.later is REAL["sleep"]


def test_only_what_was_named_is_replaced(module):
    patches = Patches(["monotonic", "a clock that this system does not have"])
    patches.put([])
    found = time.monotonic, module.pause
    patches.undo()
    assert found == (STAND_INS["monotonic"], REAL["sleep"])
    assert time.monotonic is REAL["monotonic"]


def capture(pause):
    return lambda: pause


def default(pause=time.sleep, *, now=time.monotonic):
    return pause, now


@pytest.mark.parametrize("wrap", [
    lambda f: f, functools.partial, lambda f: functools.wraps(f)(lambda: f()),
    lambda f: types.SimpleNamespace(__call__=f).__call__], ids=["itself", "partial", "wrapped",
                                                                 "attribute"])
def test_functions_are_looked_into(patches, wrap):
    closure = capture(REAL["sleep"])
    patches.put([wrap(closure), wrap(default)])
    assert closure() is STAND_INS["sleep"]
    assert default() == (STAND_INS["sleep"], STAND_INS["monotonic"])
    patches.undo()
    assert closure() is REAL["sleep"] and default() == (REAL["sleep"], REAL["monotonic"])


def test_names_of_a_notebook_are_replaced_although_it_is_no_module(patches):
    names = {"__name__": "a cell", "nap": REAL["sleep"]}
    exec("def handler():\n    return nap", names)
    patches.put([names["handler"]])
    assert names["handler"]() is STAND_INS["sleep"]
    patches.undo()
    assert names["nap"] is REAL["sleep"]


def test_modules_that_wait_for_locks_keep_real_time(patches):
    import queue
    import threading

    before = {module: dict(vars(module)) for module in (queue, threading)}
    patches.put([])
    assert {module: dict(vars(module)) for module in (queue, threading)} == before


def test_a_module_that_loads_itself_when_it_is_asked_is_not_asked(patches, monkeypatch):
    class Lazy(types.ModuleType):
        def __getattribute__(self, name):
            raise AssertionError("it was asked for " + name)

    monkeypatch.setitem(sys.modules, "lazy", Lazy("lazy"))
    patches.put([])


def test_attributes_are_set_until_undone(patches):
    class Thing:
        there = 1

    patches.set(Thing, "there", 2)
    patches.set(Thing, "new", 3)
    assert (Thing.there, Thing.new) == (2, 3)
    patches.undo()
    assert Thing.there == 1 and not hasattr(Thing, "new")


def test_an_import_in_another_thread_is_left_alone(patches, monkeypatch):
    """Its module is half there, and would be changed between two of its lines."""
    importing = types.ModuleType("importing")
    importing.__file__ = functools.__file__
    importing.__spec__ = types.SimpleNamespace(_initializing=True)
    importing.pause = time.sleep
    monkeypatch.setitem(sys.modules, "importing", importing)
    patches.put([])
    assert importing.pause is REAL["sleep"]
    patches.undo()
    importing.__spec__ = None
    patches.put([])
    assert importing.pause is STAND_INS["sleep"]


def test_a_name_that_was_given_another_value_meanwhile_keeps_it(patches, module):
    patches.put([])
    module.pause = mine = lambda seconds: None
    patches.undo()
    assert module.pause is mine and time.sleep is REAL["sleep"]
