"""Where two results part."""

import trimhorizon as th
from conftest import shop
from trimhorizon._results.difference import compare


def parted(a, b):
    found = {}
    compare("", a, b, found)
    return found


def test_paths_lead_to_the_values_that_differ():
    assert parted({"a": {"b": 1, "c": [1]}}, {"a": {"b": 1, "c": [1]}}) == {}
    assert parted({"a": {"b": 1, "c": [1]}}, {"a": {"b": 2, "c": [2]}}) == {
        "a.b": (1, 2), "a.c": ([1], [2])}
    assert parted({"a": 1}, {"b": 2}) == {"a": (1, None), "b": (None, 2)}
    assert parted({"a": {"b": 1}}, {"a": 1}) == {"a": ({"b": 1}, 1)}


def test_what_is_no_total_is_left_out_at_the_top_only():
    for name in ("trace_digest", "replay", "scenario", "invariants", "expectations"):
        assert parted({name: 1}, {name: 2}) == {}
        assert parted({"a": {name: 1}}, {"a": {name: 2}}) == {f"a.{name}": (1, 2)}


def test_a_run_that_has_ended_has_no_event():
    scenario = th.loads(shop())
    sim = scenario.start()
    sim.run_until("150ms")
    found = th.diff(sim.result(), scenario.run())
    assert found.a is None and found.b["t"] == 200_000
    lines = repr(found).splitlines()
    assert lines[0] == f"event {found.event} differs:" and lines[1] == "  a has ended"
    assert any(line.startswith("  records.") or ": " in line for line in lines[3:])
