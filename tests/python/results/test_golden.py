"""Goldens without pytest's plugin: written, read, compared, explained."""

import json

import pytest

import trimhorizon as th
from conftest import shop
from trimhorizon._results.golden import (
    Golden,
    event_lines,
    explain_golden,
    explain_results,
    total_lines,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "goldens" / "shop.json"


def accepted(path, result):
    assert Golden(path, accepting=True) == result
    return Golden(path, accepting=False)


def test_a_golden_is_equal_to_the_run_it_was_made_of(path):
    result = th.loads(shop(), file="a/b/shop.yaml").run()
    golden = accepted(path, result)
    assert result == golden and golden == result and repr(golden) == "golden('shop')"
    kept = golden.read()
    assert kept["file"] == "shop.yaml" and kept["seed"] == 1 and "replay" not in kept
    assert result != Golden(path.with_name("other.json"), accepting=False)
    assert golden.__eq__(7) is NotImplemented


def test_why_it_is_not_that_run_is_explained_down_to_the_event(path):
    golden = accepted(path, th.loads(shop()).run())
    lines = explain_golden(golden, th.loads(shop(), set={"BatchSize": 2}).run(), False)
    assert lines[0].startswith("this run differs from that of shop.json (made by trimhorizon ")
    assert "differs, at 0s:" in lines[1] and lines[2].startswith("  run    {")
    assert lines[-1] == "if the new run is right: pytest --th-accept"
    missing = Golden(path.with_name("other.json"), accepting=False)
    assert explain_golden(missing, th.example().run(), False)[0] == f"there is no {missing.path}"


def test_variants_that_differ_are_named(path):
    more = "variants:\n  one: {{set: {{BatchSize: {}}}}}\n"
    golden = accepted(path, th.loads(shop(more=more.format(1))).run())
    other = th.loads(shop(more=more.format(2))).run()
    assert golden != other
    assert explain_golden(golden, other, False)[0].endswith("but these variants differ: one")
    left = th.loads(shop(more=more.format(1))).run()
    assert explain_results(left, other, False) == [
        "the two runs are the same, but these variants differ: one"]


@pytest.mark.parametrize("change, words", [
    ({"trace_digest": "0" * 32}, "own run has other events too"),
    ({"scenario": ["nonsense: 1"]}, "cannot repeat the golden's own run"),
    ({"replay": ["AAAA"]}, "cannot repeat the golden's own run"),
])
def test_a_golden_that_cannot_be_made_again_says_so(path, change, words):
    golden = accepted(path, th.loads(shop()).run())
    path.write_text(json.dumps({**golden.read(), **change}))
    lines = explain_golden(golden, th.loads(shop(), set={"BatchSize": 2}).run(), False)
    assert words in lines[1]


@pytest.mark.parametrize("edition", ["2025-01", None])
def test_a_golden_of_an_older_edition_of_the_rules_says_so_and_shows_no_event(path, edition):
    golden = accepted(path, th.loads(shop()).run())
    kept = golden.read()
    assert kept["edition"] == th.__edition__
    older = {key: value for key, value in {**kept, "edition": edition}.items() if value}
    path.write_text(json.dumps(older))
    lines = explain_golden(golden, th.loads(shop(), set={"BatchSize": 2}).run(), False)
    assert lines[0] == (f"shop.json follows the rules of {edition or 'before 2026-11'}, this run "
                        f"those of {th.__edition__}")
    assert "CHANGELOG.md" in lines[1] and lines[-1] == "if the new run is right: pytest --th-accept"
    assert not any("differs" in line for line in lines)


def test_a_golden_names_the_edition_of_its_result(path, monkeypatch):
    result = th.loads(shop()).run()
    monkeypatch.setattr(type(result), "edition", "before 2026-11")  # unpickled from an older one
    assert accepted(path, result).read()["edition"] == "before 2026-11"


@pytest.mark.parametrize("text", ["", "[]", "{}", "7"])
def test_another_file_is_no_golden(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(th.TrimhorizonError, match="shop.json is not a golden of trimhorizon$"):
        Golden(path, accepting=False).read()


def test_lines_are_short_unless_all_is_asked_for():
    event = json.dumps({"t": 1_500_000, "text": "x" * 300})
    lines = event_lines((3, event, None), "left ", "right", False)
    assert lines[0] == "events 1 to 2 are equal; event 3 differs, at 1.5s:"
    assert lines[1].endswith(" …") and len(lines[1]) < 180 and lines[2] == "  right has ended"
    assert event_lines((1, event, None), "l", "r", True)[1].endswith('xxx"}')
    assert event_lines((1, event, None), "l", "r", True)[0].startswith("no event is equal; event 1")
    totals = {f"t{i}": (i, i + 1) for i in range(5)}
    assert total_lines(totals, False) == ["at the end: t0: 0 | 1, t1: 1 | 2, t2: 2 | 3, 2 more"]
    assert len(total_lines(totals, True)) == 6 and total_lines({}, True) == []
