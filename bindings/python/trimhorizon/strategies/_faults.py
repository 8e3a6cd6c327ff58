"""The faults that the strategies draw: entries of ``timeline:`` and ``fail:``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from .._arguments import microseconds
from .._scenario import Scenario
from ._documents import duration_text, times

INVOCATION_FAULTS = ("error", "timeout", "crash")
FAULTS = (*INVOCATION_FAULTS, "throttle", "outage", "crash_poller", "lose_acknowledgements",
          "fail_destination", "disable")
LENGTHS = st.sampled_from(["1s", "3s", "100ms", "10s", "1m"])


@dataclass(frozen=True)
class Faults:
    """Limits for the faults."""

    kinds: tuple[str, ...]
    most: int
    until_us: int


@dataclass(frozen=True)
class Targets:
    """The things of a scenario that faults can strike."""

    functions: tuple[str, ...]
    producers: tuple[str, ...]
    destinations: tuple[str, ...]
    shards: tuple[tuple[str, str], ...]  # (mapping, shard) at the beginning
    mappings: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Targets:
        """The targets that a scenario has at its beginning."""
        of_mapping = zip(scenario.mappings, scenario._native.mapping_streams)
        shards = scenario.start().shards
        return cls(tuple(scenario.functions), tuple(scenario.producers),
                   tuple(scenario.destinations),
                   tuple((mapping, each.shard) for mapping, stream in of_mapping
                         for each in shards if each.stream == stream),
                   tuple(scenario.mappings))


@st.composite
def _function_entry(draw, action: str, functions, limits: Faults) -> list[dict[str, Any]]:
    return [{"at": draw(times(limits.until_us)), "for": draw(LENGTHS),
             action: {"function": draw(st.sampled_from(functions))}}]


@st.composite
def _crash(draw, shards, limits: Faults) -> list[dict[str, Any]]:
    mapping, shard = draw(st.sampled_from(shards))
    return [{"at": draw(times(limits.until_us)),
             "crash_poller": {"mapping": mapping, "shard": shard}}]


@st.composite
def _lost_acknowledgements(draw, names, limits: Faults) -> list[dict[str, Any]]:
    return [{"at": draw(times(limits.until_us)), "for": draw(LENGTHS),
             "lose_acknowledgements": {"producer": draw(st.sampled_from(names)),
                                       "probability": draw(st.sampled_from(["100%", "50%"]))}}]


@st.composite
def _failing_destination(draw, names, limits: Faults) -> list[dict[str, Any]]:
    return [{"at": draw(times(limits.until_us)), "for": draw(LENGTHS),
             "fail_destination": {"destination": draw(st.sampled_from(names))}}]


@st.composite
def _disabled(draw, names, limits: Faults) -> list[dict[str, Any]]:
    """Disables a mapping and enables it again; to disable it for good would be a setting."""
    name = draw(st.sampled_from(names))
    end = max(0, limits.until_us // 1000)
    off = draw(st.integers(0, end))
    on = off + draw(st.sampled_from([1000, 100, 10_000]))
    return [{"at": duration_text(at),
             "UpdateEventSourceMapping": {"name": name, "Enabled": enabled}}
            for at, enabled in ((off, False), (on, True))]


def _timeline_kinds(targets: Targets, limits: Faults) -> list[Any]:
    kinds = []
    for kind in limits.kinds:
        if kind in ("throttle", "outage") and targets.functions:
            kinds.append(_function_entry(kind, targets.functions, limits))
        elif kind == "crash_poller" and targets.shards:
            kinds.append(_crash(targets.shards, limits))
        elif kind == "lose_acknowledgements" and targets.producers:
            kinds.append(_lost_acknowledgements(targets.producers, limits))
        elif kind == "fail_destination" and targets.destinations:
            kinds.append(_failing_destination(targets.destinations, limits))
        elif kind == "disable" and targets.mappings:
            kinds.append(_disabled(targets.mappings, limits))
    return kinds


@st.composite
def _invocation_failure(draw, kind, functions, limits: Faults) -> tuple[str, dict[str, Any]]:
    """A ``fail:`` entry for whole invocations. It works with every handler, and it ends."""
    entry: dict[str, Any] = {}
    if draw(st.booleans()):
        since = draw(st.integers(0, max(0, limits.until_us // 1000)))
        length = draw(st.sampled_from([1000, 100, 10_000]))
        entry.update({"from": duration_text(since), "until": duration_text(since + length)})
    else:
        entry["attempts"] = list(range(1, draw(st.integers(1, 3)) + 1))
    if draw(st.booleans()):
        entry["probability"] = draw(st.sampled_from(["50%", "10%"]))
    if kind != "error":
        entry["as"] = kind
    after = draw(st.sampled_from(["none", "all", "some"]))
    if after != "none":
        entry["after"] = after
    return draw(st.sampled_from(functions)), entry


def _ms(entry: dict[str, Any]) -> int:
    return microseconds(entry["at"])


def timeline(targets: Targets, limits: Faults):
    """Entries of a timeline, sorted by time."""
    kinds = _timeline_kinds(targets, limits)
    if not kinds or limits.most < 1:
        return st.just([])
    return st.lists(st.one_of(kinds), max_size=limits.most).map(
        lambda drawn: sorted((entry for group in drawn for entry in group), key=_ms))


@st.composite
def schedule(draw, targets: Targets, limits: Faults) -> dict[str, Any]:
    """``timeline`` and ``fail`` entries, drawn as one list, so that each can shrink away."""
    strikes = [_invocation_failure(kind, targets.functions, limits)
               for kind in limits.kinds if kind in INVOCATION_FAULTS and targets.functions]
    strikes += _timeline_kinds(targets, limits)
    fail: dict[str, list[dict[str, Any]]] = {}
    entries: list[dict[str, Any]] = []
    if strikes and limits.most > 0:
        for strike in draw(st.lists(st.one_of(strikes), max_size=limits.most)):
            if isinstance(strike, tuple):
                fail.setdefault(strike[0], []).append(strike[1])
            else:
                entries += strike
    return {"fail": fail, "timeline": sorted(entries, key=_ms)}
