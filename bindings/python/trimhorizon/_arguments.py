"""Arguments that users give: durations, seeds and settings."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import Any, Mapping, Sequence

from . import _core

__all__ = ["check_has", "mapping_of", "microseconds", "seed_number", "settings_of",
           "settings_texts", "shard_name"]


def microseconds(duration: str | timedelta | int | float) -> int:
    """Converts a duration to whole microseconds.

    A duration is text (``"1h30m"``, ``"250ms"``), a timedelta, or a number of seconds.
    Text has the form that scenario files use.

    >>> microseconds("1m1.5s"), microseconds(2)
    (61500000, 2000000)
    """
    if isinstance(duration, timedelta):
        return duration // timedelta(microseconds=1)
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        if not math.isfinite(duration):
            raise ValueError(f"{duration!r} is not a duration: write 250ms, 10s or 1h30m")
        return round(duration * 1_000_000)
    if not isinstance(duration, str):
        raise TypeError(
            f"a duration must be text, a timedelta or a number of seconds, not {duration!r}")
    us = _core.scenario.duration_us(duration.replace("µs", "us"))
    if us is None:
        raise ValueError(f"{duration!r} is not a duration: write 250ms, 10s or 1h30m")
    return us


def seed_number(seed: Any) -> int:
    """Checks a seed: a whole number in the range that scenario files allow."""
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise TypeError(f"a seed must be a whole number, not {seed!r}")
    number = seed.__index__()
    if not 0 <= number < 2**63:
        raise ValueError("a seed must be from 0 to 9223372036854775807")
    return number


def check_has(attribute: str, value: Any, words: str) -> None:
    """TypeError with these words for an argument of another kind.

    >>> check_has("start", 3, "explore takes a scenario (th.load, th.loads)")
    Traceback (most recent call last):
    ...
    TypeError: explore takes a scenario (th.load, th.loads), not 3
    """
    if not hasattr(value, attribute):
        raise TypeError(f"{words}, not {value!r}")


def mapping_of(name: str, values: Any) -> Mapping[str, Any]:
    """An argument that maps paths of the scenario to values.

    >>> mapping_of("set", ["BatchSize=5"])
    Traceback (most recent call last):
    ...
    TypeError: set must be a dict from path to value, {"BatchSize": 5}, not ['BatchSize=5']
    """
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise TypeError(
            f'{name} must be a dict from path to value, {{"BatchSize": 5}}, not {values!r}')
    for path in values:
        if not isinstance(path, str):
            raise TypeError(f"a path of {name} must be text, such as \"BatchSize\", not {path!r}")
    return values


def settings_texts(values: Mapping[str, Any] | None) -> list[str]:
    """``PATH=VALUE`` as on the command line: text is YAML, anything else is written as JSON.

    >>> settings_texts({"BatchSize": 5, "duration": "30s", "sites": ["trim"]})
    ['BatchSize=5', 'duration=30s', 'sites=["trim"]']
    """
    return [
        f"{path}={value if isinstance(value, str) else json.dumps(value)}"
        for path, value in mapping_of("set", values).items()
    ]


def settings_of(texts: Sequence[str]) -> dict[str, str]:
    """The reverse of :func:`settings_texts`: a dict from path to value, both as text.

    >>> settings_of(["BatchSize=5", "text=a=b"])
    {'BatchSize': '5', 'text': 'a=b'}
    """
    return dict(each.split("=", 1) for each in texts)  # type: ignore[misc]


def shard_name(shard: str | int) -> str:
    """``0`` is ``shardId-000000000000``; a name is returned unchanged."""
    return f"shardId-{shard:012d}" if isinstance(shard, int) else shard
