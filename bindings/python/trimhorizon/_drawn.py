"""What the strategies draw: parts of scenario documents as plain dicts and lists.

The order of drawing is the order of shrinking: lists shrink to nothing, numbers to the first, and
alternatives to what stands first.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ._scenario import Scenario

# How records fail in a modelled function, and what may strike any run.
FAILURES = ("poison", "keys", "random")
INVOCATION_FAULTS = ("error", "timeout", "crash")
FAULTS = (*INVOCATION_FAULTS, "throttle", "outage", "crash_poller", "lose_acknowledgements",
          "fail_destination", "disable")


class Drawn(Scenario):
    """A scenario out of a strategy; its ``repr`` is the call that makes it again."""

    def __repr__(self) -> str:
        variant = self._native.variant
        text = self.text if self.text.endswith("\n") else self.text + "\n"
        lines = '"""\\\n' + text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '"""'
        options = f", file={self.file!r}" if self.file != "-" else ""
        settings = dict(each.split("=", 1) for each in self._native.set)
        options += f", set={settings!r}" if settings else ""
        return f"th.loads({lines}{options})" + (f".variant({variant!r})" if variant else "")


# ---- text ----------------------------------------------------------------------------------------
_PLAIN = re.compile(r"[A-Za-z_$][\w.$-]*|\d+(\.\d+)?(us|ms|s|m|h|d|B|KiB|MiB|%|/[smh])")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def flow(value: Any) -> str:
    """A value as YAML on one line.

    >>> flow({"at": "1.5s", "records": [{"id": "7"}]})
    '{at: 1.5s, records: [{id: "7"}]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)


def duration_text(ms: int) -> str:
    """Milliseconds as a scenario says them.

    >>> duration_text(0), duration_text(250), duration_text(1500), duration_text(3000)
    ('0s', '250ms', '1.5s', '3s')
    """
    if 0 < ms < 1000:
        return f"{ms}ms"
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + "s"


def times(until_us: int):
    """From 0s on, whole seconds before halves before milliseconds."""
    end = max(0, until_us // 1000)
    return st.one_of(
        st.integers(0, end // 1000).map(lambda s: s * 1000),
        st.integers(0, end // 100).map(lambda tenths: tenths * 100),
        st.integers(0, end),
    ).map(duration_text)


LENGTHS = st.sampled_from(["1s", "3s", "100ms", "10s", "1m"])


# ---- traffic -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Traffic:
    """Bounds of what is put."""

    producers: int
    records: int
    keys: int
    until_us: int
    generated: bool


@st.composite
def producers(draw, stream: str, limits: Traffic) -> dict[str, Any]:
    """A ``producers:`` block."""
    names = ["shop", "web", "app"] + [f"p{i}" for i in range(3, limits.producers)]
    count = draw(st.integers(1, min(limits.producers, limits.records)))
    left = limits.records
    block: dict[str, Any] = {}
    for i, name in enumerate(names[:count]):
        most = left - (count - i - 1)
        is_generated = limits.generated and draw(st.booleans())
        make = generated_puts if is_generated else put_list
        body, used = draw(make(limits, most))
        left -= used
        block[name] = {"stream": stream, "ids": "r" if i == 0 else f"{name}-", **body}
    return block


@st.composite
def put_list(draw, limits: Traffic, most: int) -> tuple[dict[str, Any], int]:
    """Explicit puts, and how many records they have."""
    keys = st.integers(0, limits.keys - 1).map("k{}".format)
    puts, used = [], 0
    sizes = draw(st.lists(st.integers(1, most), min_size=1, max_size=min(most, 4)))
    for size in sizes:
        size = min(size, most - used)
        if size == 0:
            break
        records = [{"key": draw(keys)} for _ in range(size)]
        puts.append({"at": draw(times(limits.until_us)), "records": records})
        used += size
    return {"put": puts, **draw(retries())}, used


@st.composite
def generated_puts(draw, limits: Traffic, most: int) -> tuple[dict[str, Any], int]:
    """A rate, and how many records."""
    records = draw(st.integers(1, most))
    body: dict[str, Any] = {
        "rate": draw(st.sampled_from(["1/s", "10/s", "100/s", "20/m"])),
        "records": records,
        "keys": {"round_robin": draw(st.integers(1, limits.keys))},
    }
    if draw(st.booleans()):
        body["keys"] = {"count": draw(st.integers(1, limits.keys)),
                        "distribution": draw(st.sampled_from(["uniform", "zipf"]))}
    size = draw(st.sampled_from(["100B", "1KiB", "100KiB"]))
    if size != "100B":
        body["size"] = size
    if draw(st.booleans()):
        body["arrivals"] = "poisson"
    batch = draw(st.integers(1, most))
    if batch > 1:
        body["batch"] = batch
    return {**body, **draw(retries())}, records


@st.composite
def retries(draw) -> dict[str, Any]:
    """What a producer does when it hears nothing; by default what the format has."""
    kind = draw(st.sampled_from(["", "none", "ignore", "own"]))
    if kind == "own":
        return {"retry": {"attempts": draw(st.integers(0, 3)),
                          "scope": draw(st.sampled_from(["failed_only", "whole_request"])),
                          "backoff": draw(st.sampled_from(["100ms", "0s", "1s"]))}}
    return {"retry": kind} if kind else {}


# ---- faults --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Faults:
    """Bounds of what may go wrong."""

    kinds: tuple[str, ...]
    most: int
    until_us: int


@dataclass(frozen=True)
class Targets:
    """What a scenario has that faults can strike."""

    functions: tuple[str, ...]
    producers: tuple[str, ...]
    destinations: tuple[str, ...]
    shards: tuple[tuple[str, str], ...]  # (mapping, shard) of the beginning
    mappings: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Targets:
        """Read off the scenario at its beginning."""
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
    """Off, and on again: a mapping that stays off is a setting, no fault."""
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
    """An entry of ``fail:`` for whole invocations, which strikes any handler, and has an end."""
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
    from ._simulation import microseconds

    return microseconds(entry["at"])


def timeline(targets: Targets, limits: Faults):
    """Entries of a timeline, by time."""
    kinds = _timeline_kinds(targets, limits)
    if not kinds or limits.most < 1:
        return st.just([])
    return st.lists(st.one_of(kinds), max_size=limits.most).map(
        lambda drawn: sorted((entry for group in drawn for entry in group), key=_ms))


@st.composite
def schedule(draw, targets: Targets, limits: Faults) -> dict[str, Any]:
    """``timeline`` entries and, by function, ``fail`` entries: one list, so that each can go."""
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


# ---- whole documents -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Shape:
    """Bounds of a document's settings."""

    shards: int
    batch_size: int
    retries: int
    endless: bool
    failures: tuple[str, ...]
    partial: bool
    bisect: bool
    destinations: bool
    mappings: int


@st.composite
def documents(draw, shape: Shape, traffic) -> dict[str, Any]:
    """A scenario without faults of the world; what has its default is not said."""
    names = ["billing", "audit"] + [f"f{i}" for i in range(2, shape.mappings)]
    names = names[:draw(st.integers(1, shape.mappings))]
    sends = shape.destinations and draw(st.booleans())
    document = {
        "trimhorizon": 1,
        "seed": draw(st.integers(1, 2**32)),
        "streams": {"orders": {"ShardCount": draw(st.integers(1, shape.shards))}},
        "producers": draw(traffic),
        "functions": {name: draw(function(shape)) for name in names},
        "event_source_mappings": {
            f"{name}-orders": draw(mapping(shape, name, sends)) for name in names},
    }
    if sends:
        document["destinations"] = {"dlq": {"type": draw(st.sampled_from(["sqs", "sns", "s3"]))}}
    return document


@st.composite
def function(draw, shape: Shape) -> dict[str, Any]:
    """A modelled function: how long it works, how records fail, what it answers."""
    made: dict[str, Any] = {}
    duration = draw(st.sampled_from(["100ms", "1s", "0s", "4s", {"batch": "20ms", "record": "1ms"},
                                     {"lognormal": {"mean": "80ms", "sigma": 0.5}}]))
    if duration != "100ms":
        made["duration"] = duration
    cold = draw(st.sampled_from(["0s", "300ms"]))
    if cold != "0s":
        made["cold_start"] = cold
    kinds = [_RECORD_FAILURES[kind] for kind in shape.failures]
    failures = draw(st.lists(st.one_of(kinds), max_size=2)) if kinds else []
    if failures:
        answers = ["raise", "report_first_failure", "report_failures", "swallow"]
        answer = draw(st.sampled_from(answers if shape.partial else ["raise", "swallow"]))
        if answer != "raise":
            made["respond"] = answer
        made["fail"] = failures
    return made


def _entry(kind: dict[str, Any]):
    return st.fixed_dictionaries(
        kind, optional={"as": st.sampled_from(["error", "timeout", "crash"]),
                        "attempts": st.lists(st.integers(1, 3), min_size=1, max_size=2,
                                             unique=True).map(sorted),
                        "after": st.just("all")})


_RECORD_FAILURES = {
    "poison": _entry({"records": st.lists(st.integers(0, 5).map("r{}".format), min_size=1,
                                          max_size=2, unique=True)}),
    "keys": _entry({"keys": st.integers(0, 3).map(lambda k: [f"k{k}"])}),
    "random": _entry({"probability": st.sampled_from(["20%", "50%"])}),
}


@st.composite
def mapping(draw, shape: Shape, function: str, sends: bool) -> dict[str, Any]:
    """An event source mapping; its settings are said where they matter."""
    attempts = st.integers(0, shape.retries)
    made: dict[str, Any] = {
        "EventSourceArn": "orders",
        "FunctionName": function,
        "StartingPosition": draw(st.sampled_from(["TRIM_HORIZON", "LATEST"])),
        "BatchSize": draw(st.integers(1, shape.batch_size)),
        "MaximumRetryAttempts": draw(st.one_of(attempts, st.just(-1)) if shape.endless
                                     else attempts),
    }
    window = draw(st.sampled_from([0, 1, 5]))
    if window:
        made["MaximumBatchingWindowInSeconds"] = window
    if draw(st.booleans()):
        made["MaximumRecordAgeInSeconds"] = 60
    if shape.bisect and draw(st.booleans()):
        made["BisectBatchOnFunctionError"] = True
    if shape.partial and draw(st.booleans()):
        made["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    if sends:
        made["DestinationConfig"] = {"OnFailure": {"Destination": "dlq"}}
    delay = draw(st.sampled_from(["0s", "2s"]))
    if delay != "0s":
        made["create_delay"] = delay
    return made
