"""Draws the documents of scenarios, as plain dicts and lists.

Hypothesis shrinks lists to nothing, numbers to the smallest, and alternatives to the first one. So
the simplest alternative comes first everywhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from .._arguments import settings_of
from .._scenario import Scenario

FAILURES = ("poison", "keys", "random")  # how records fail in a modelled function


class Drawn(Scenario):
    """A scenario that a strategy drew. Its ``repr`` is the call that makes it again."""

    def __repr__(self) -> str:
        variant = self._native.variant
        text = self.text if self.text.endswith("\n") else self.text + "\n"
        lines = '"""\\\n' + text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '"""'
        options = f", file={self.file!r}" if self.file != "-" else ""
        settings = settings_of(self._native.set)
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
    """Milliseconds as text for a scenario.

    >>> duration_text(0), duration_text(250), duration_text(1500), duration_text(3000)
    ('0s', '250ms', '1.5s', '3s')
    """
    if 0 < ms < 1000:
        return f"{ms}ms"
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + "s"


def times(until_us: int):
    """Times from 0s. They shrink to whole seconds, or else to tenths of a second."""
    end = max(0, until_us // 1000)
    return st.one_of(
        st.integers(0, end // 1000).map(lambda s: s * 1000),
        st.integers(0, end // 100).map(lambda tenths: tenths * 100),
        st.integers(0, end),
    ).map(duration_text)


# ---- traffic -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Traffic:
    """Limits for the traffic."""

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
    """A list of puts, and how many records they have."""
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
    """A producer with a rate, and how many records it puts."""
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
    """What a producer does without an acknowledgement. Default: that of the format."""
    kind = draw(st.sampled_from(["", "none", "ignore", "own"]))
    if kind == "own":
        return {"retry": {"attempts": draw(st.integers(0, 3)),
                          "scope": draw(st.sampled_from(["failed_only", "whole_request"])),
                          "backoff": draw(st.sampled_from(["100ms", "0s", "1s"]))}}
    return {"retry": kind} if kind else {}


# ---- whole documents -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Shape:
    """Limits for the settings of a document."""

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
    """A scenario without a timeline. Keys with default values are left out."""
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
    """An event source mapping. Settings with default values are left out."""
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
