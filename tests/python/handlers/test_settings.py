"""A handler and how it is run: what is refused, and where it is imported from."""

import math
import pickle
import typing

import pytest

import trimhorizon as th
from trimhorizon._handlers.settings import imported, place_of


def test_settings_are_kept_and_pickle():
    made = th.handler("math.sqrt", fresh=True, effects="reported")
    assert (made.target, made.fresh, made.effects, made.factory) == (
        "math.sqrt", True, "reported", False)
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize("arguments, options, error, words", [
    ((7,), {}, TypeError, "^a handler must be a callable or 'module.function', not 7$"),
    ((math.sqrt,), {"effects": "some"}, ValueError,
     "^effects must be auto, reported or answered, not"),
])
def test_what_is_no_handler_is_refused(arguments, options, error, words):
    with pytest.raises(error, match=words):
        th.handler(*arguments, **options)


def test_fresh_memory_needs_a_module_to_import(monkeypatch):
    def mine(event, context):
        pass

    monkeypatch.setattr(mine, "__module__", "__main__")
    with pytest.raises(ValueError, match="^fresh=True needs a handler that can be imported"):
        th.handler(mine, fresh=True)
    assert th.handler(mine, fresh=True, factory=True).factory


def test_a_handler_is_found_by_its_place():
    assert place_of("a.b.c") == place_of("a/b.c") == ("a.b", "c")
    assert place_of(math.sqrt) == ("math", "sqrt")
    with pytest.raises(ValueError, match="^'sqrt' is not 'module.function'$"):
        place_of("sqrt")
    assert imported("math.sqrt") is imported(math.sqrt) is math.sqrt
    with pytest.raises(th.HandlerError, match="^the handler math.sqart cannot be imported: "):
        imported("math.sqart")


def test_a_type_checker_knows_the_words_of_each_setting():
    words = {"effects": ("auto", "reported", "answered"), "clock": ("virtual", "real"),
             "errors": ("judge", "raise")}
    seen = set()
    for function in (th.handler, th.Scenario.run, th.Scenario.start, th.sweep, th.explore):
        for name, hint in typing.get_type_hints(function).items():
            if name in words:
                assert typing.get_args(hint) == words[name], (function, name)
                seen.add(name)
    assert seen == set(words)
