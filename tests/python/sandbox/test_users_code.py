"""Which code is the user's, and of which functions a callable is made."""

import functools
import json
import sys
import types
from unittest import mock

from trimhorizon._sandbox.users_code import cells, functions_of, is_installed


def plain():
    pass


def wrapping(function):
    @functools.wraps(function)
    def wrapped():
        return function()

    return wrapped


class Service:
    def __init__(self, helper):
        self.helper = helper

    def __call__(self):
        pass

    def handle(self):
        pass


def names(function):
    return {each.__name__ for each in functions_of(function)}


def test_every_function_that_a_callable_leads_to_is_found():
    assert names(plain) == {"plain"}
    assert names(wrapping(plain)) == {"plain"}  # the wrapper has taken its name
    assert len(list(functions_of(wrapping(plain)))) == 2
    assert names(functools.partial(plain, key=wrapping(plain))) == {"plain"}
    assert names(Service(plain)) == {"plain", "__call__"}
    assert names(Service(plain).handle) == {"handle"}
    assert names(lambda call=plain, *, also=wrapping(plain): call) == {"<lambda>", "plain"}
    assert names(len) == names(Service) == names(json) == names(None) == set()


def test_circles_and_objects_with_an_answer_for_everything_come_to_an_end():
    def again():
        return again

    assert names(again) == {"again"}
    names(mock.Mock(return_value=None))


def test_a_cell_that_is_not_bound_yet_is_left_out():
    def outer():
        def inner():
            return late

        found = list(cells(inner))
        late = 1  # noqa: F841
        return found, list(cells(inner))

    before, after = outer()
    assert before == [] and [value for _, value in after] == [1]


def test_what_is_installed_is_not_the_user_s(monkeypatch):
    assert is_installed("json") and is_installed("pytest") and is_installed("sys")
    assert is_installed("no such module")
    assert not is_installed(__name__)
    monkeypatch.setitem(sys.modules, "theirs", types.SimpleNamespace(__file__="shop/theirs.py"))
    assert not is_installed("theirs")
