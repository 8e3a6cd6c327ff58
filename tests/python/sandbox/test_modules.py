"""A package imported again for each execution environment."""

import sys

import pytest

from trimhorizon._sandbox import FreshModules

APP = """\
from fresh_shop.counting import calls
def handler():
    calls.append(1)
    return len(calls)
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "fresh_shop"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "counting.py").write_text("calls = []\n")
    (folder / "app.py").write_text(APP)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "fresh_shop"]:
        del sys.modules[name]


def ours():
    return sorted(name for name in sys.modules if name.split(".")[0] == "fresh_shop")


def test_every_environment_has_globals_of_its_own(package):
    one, other = (FreshModules("fresh_shop.app", "handler") for _ in range(2))
    assert [one.function(), one.function(), other.function()] == [1, 2, 1]
    assert ours() == []


def test_while_one_is_in_place_imports_find_its_modules(package):
    import fresh_shop.app as process

    one = FreshModules("fresh_shop.app", "handler")
    with one.in_place():
        from fresh_shop import app

        assert app.handler is one.function is not process.handler
        assert ours() == ["fresh_shop", "fresh_shop.app", "fresh_shop.counting"]
    assert sys.modules["fresh_shop.app"] is process


def test_what_is_imported_late_stays_in_its_environment(package):
    (package / "late.py").write_text("value = []\n")
    one = FreshModules("fresh_shop.app", "handler")
    with one.in_place():
        import fresh_shop.late

        fresh_shop.late.value.append(1)
    assert ours() == []
    with one.in_place():
        assert sys.modules["fresh_shop.late"].value == [1]


def test_an_import_that_fails_leaves_the_process_as_it_was(package):
    import fresh_shop.app as process

    (package / "app.py").write_text("raise ValueError('at import')\n")
    with pytest.raises(ValueError, match="at import"):
        FreshModules("fresh_shop.app", "handler")
    assert sys.modules["fresh_shop.app"] is process
    with pytest.raises(AttributeError):
        FreshModules("fresh_shop.counting", "handler")
    assert sys.modules["fresh_shop.app"] is process
