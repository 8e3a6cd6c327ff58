"""What users give as arguments: durations, seeds, settings."""

from __future__ import annotations

import json
import math
import re
from datetime import timedelta
from typing import Any, Mapping

__all__ = ["duration_text", "microseconds", "seed_number", "settings_texts"]

_UNITS_US = {"us": 1, "µs": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6,
             "d": 86400 * 10**6}


def microseconds(duration: str | timedelta | int | float) -> int:
    """``"1h30m"``, ``"250ms"``, a timedelta, or a number of seconds, in whole microseconds.

    Examples
    --------
    >>> microseconds("1m1.5s"), microseconds(2)
    (61500000, 2000000)
    """
    if isinstance(duration, timedelta):
        return duration // timedelta(microseconds=1)
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        if not math.isfinite(duration):
            raise ValueError(f"{duration!r} is no duration: write 250ms, 10s or 1h30m")
        return round(duration * 1_000_000)
    if not isinstance(duration, str):
        raise TypeError(f"a duration is text, a timedelta or a number of seconds, not {duration!r}")
    total, at = 0, 0
    for part in re.finditer(r"(\d+)(?:\.(\d{1,6}))?(us|µs|ms|s|m|h|d)", duration):
        if part.start() != at:
            break
        at = part.end()
        unit = _UNITS_US[part[3]]
        total += int(part[1]) * unit
        total += int(part[2] or 0) * unit // 10 ** len(part[2] or "")
    if at != len(duration) or at == 0:
        raise ValueError(f"{duration!r} is no duration: write 250ms, 10s or 1h30m")
    return total


def duration_text(us: int) -> str:
    """Seconds, exact to the microsecond.

    >>> duration_text(1_500_000), duration_text(0), duration_text(-50)
    ('1.5s', '0s', '-0.00005s')
    """
    whole, rest = divmod(abs(us), 1_000_000)
    fraction = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{'-' if us < 0 else ''}{whole}{fraction}s"


def seed_number(seed: Any) -> int:
    """A seed, with the range that it has in a scenario file."""
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise TypeError(f"a seed is a whole number, not {seed!r}")
    number = seed.__index__()
    if not 0 <= number < 2**63:
        raise ValueError("seeds are from 0 to 9223372036854775807")
    return number


def settings_texts(values: Mapping[str, Any] | None) -> list[str]:
    """``PATH=VALUE`` as on the command line: text is YAML, anything else is written as JSON.

    >>> settings_texts({"BatchSize": 5, "duration": "30s", "sites": ["trim"]})
    ['BatchSize=5', 'duration=30s', 'sites=["trim"]']
    """
    return [
        f"{path}={value if isinstance(value, str) else json.dumps(value)}"
        for path, value in (values or {}).items()
    ]
