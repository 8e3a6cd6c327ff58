"""Axes of the pictures: round times, short numbers."""

import pytest

pytest.importorskip("matplotlib").use("Agg")

from trimhorizon.plot import _style as style  # noqa: E402


@pytest.mark.parametrize("seconds, text", [
    (0, "0 s"), (0.25, "250 ms"), (7.5, "7.5 s"), (59.6, "59.6 s"), (3575, "59:35"),
    (90_007, "25:00:07"), (2e-6, "2 µs")])
def test_a_moment_is_a_clock_s(seconds, text):
    assert style.clock_text(seconds) == text


def test_one_axis_has_one_unit():
    assert [style.duration_text(x, 50) for x in (0, 0.25, 50)] == ["0", "0.25 s", "50 s"]
    assert [style.duration_text(x, 7199) for x in (1800, 7199)] == ["30 min", "120 min"]
    assert [style.duration_text(x, 7200) for x in (1800, 7200)] == ["0.5 h", "2 h"]
    assert style.duration_text(86400 * 6) == "6 d"
    assert style.duration_text(1234.5, digits=2) == "21 min"


def test_counts_have_four_characters():
    assert [style.count_text(n) for n in (7, 999, 5726, 9999, 28_900)] == [
        "7", "999", "5.7k", "10k", "29k"]


@pytest.mark.parametrize("low, high, ticks", [
    (0, 8, [0, 1, 2, 3, 4, 5, 6, 7, 8]), (0, 120, [0, 15, 30, 45, 60, 75, 90, 105, 120]),
    (3, 4.2, [3, 3.2, 3.4, 3.6, 3.8, 4.0, 4.2]), (0, 30 * 3600, [n * 21600 for n in range(6)])])
def test_ticks_are_at_round_times(low, high, ticks):
    assert style.TimeLocator().tick_values(low, high) == pytest.approx(ticks)


def test_an_axis_of_centuries_has_ticks_too():
    assert 1 < len(style.TimeLocator().tick_values(0, 3e9)) < 12
