"""What is told while something runs: it rises, and ends with one."""

import sys
import types

import pytest

import trimhorizon as th
from trimhorizon._running.progress import layer_reporter, reporter


class Bar:
    """tqdm, as far as it is used."""

    made = []

    def __init__(self, **options):
        self.options, self.n, self.layers = options, 0, []
        Bar.made.append(self)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.closed = True

    def update(self, n):
        self.n += n

    def set_postfix(self, layer, refresh):
        self.layers.append(layer)


@pytest.fixture
def bars(monkeypatch):
    Bar.made = []
    monkeypatch.setitem(sys.modules, "tqdm.auto", types.SimpleNamespace(tqdm=Bar))
    monkeypatch.setitem(sys.modules, "tqdm", types.SimpleNamespace(auto=sys.modules["tqdm.auto"]))
    return Bar.made


@pytest.mark.parametrize("make", [reporter, layer_reporter])
def test_nobody_is_told_unless_asked(make):
    for nobody in (None, False):
        with make(nobody, "a run") as tell:
            assert tell is None


def test_a_fraction_never_falls_and_ends_with_one():
    told = []
    with reporter(told.append, "a run") as tell:
        for fraction in (0.25, 0.5, 0.125, 1.0, 0.75):  # 1.0: the core makes tables
            tell(fraction)
    assert told == [0.25, 0.5, 0.5, 0.5, 0.75, 1.0]


def test_a_run_that_fails_does_not_end_with_one():
    told = []
    with pytest.raises(ValueError):
        with reporter(told.append, "a run") as tell:
            tell(0.5)
            raise ValueError
    assert told == [0.5]


def test_a_bar_stands_where_the_fraction_does(bars):
    with reporter(True, "a run") as tell:
        tell(0.25)
        assert bars[0].n == 0.25 and bars[0].options["desc"] == "a run"
    assert bars[0].n == 1.0 and bars[0].closed


def test_a_bar_counts_states_and_shows_the_layer(bars):
    with layer_reporter(True, "a search") as tell:
        tell(0, 10)
        tell(1, 30)
        tell(1, 20)
    assert bars[0].n == 30 and bars[0].layers == [0, 1, 1]


@pytest.mark.parametrize("make", [reporter, layer_reporter])
def test_without_tqdm_there_is_no_bar(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with make(True, "a run") as tell:
        assert tell is None


def test_a_callable_gets_layer_and_states():
    told = []
    with layer_reporter(lambda *now: told.append(now), "a search") as tell:
        tell(2, 7)
    assert told == [(2, 7)]


@pytest.mark.parametrize("tables", [True, False])
def test_progress_rises_and_ends_with_one(tables):
    told = []
    scenario = th.example().set({"producers.shop.records": 100_000,
                                 "producers.shop.rate": "10000/s", "BatchSize": 100,
                                 "duration": "12s"})
    scenario.run(progress=told.append, tables=tables)
    assert told == sorted(told) and told.count(1.0) == 1 and len(told) > 1
    told.clear()
    th.example().run(progress=told.append)
    assert told == [1.0]
    told.clear()
    sim = scenario.start()
    sim.run_until("6s", progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and told.count(1.0) == 1
