"""A scenario in two other forms: the state for a pickle, and a Python expression that reads it.

A run reports such an expression as its ``replay`` when no command line can repeat it.
"""

from __future__ import annotations

from typing import Any, Mapping

from . import _core
from ._arguments import settings_of

__all__ = ["call_expression", "run_expression", "scenario_expression", "source_from",
           "start_expression", "state_of"]


def state_of(source: _core.scenario.Source) -> dict[str, Any]:
    """The state of a scenario that goes into a pickle."""
    return {"text": source.text, "file": source.file, "set": source.set,
            "variant": source.variant, "from_file": source.from_file, "place": source.place,
            "attached": source.attached}


def source_from(state: Mapping[str, Any]) -> _core.scenario.Source:
    """The scenario of a pickled state. Version 0.1.0 did not store whether it came from a file."""
    from_file = state.get("from_file", state["file"] not in ("-", "example", "found"))
    source = _core.scenario.read_source(
        state["text"], state["file"], state["set"], from_file, state.get("place", ""),
        state.get("attached", {})
    )
    return source.variant_named(state["variant"]) if state["variant"] else source


def scenario_expression(native: _core.scenario.Source, set: Mapping[str, str] | None = None) -> str:
    """``th.load("shop.yaml", set={"BatchSize": "2"}).variant("b")``; ``...`` replaces text."""
    values = {**settings_of(native.set), **(set or {})}
    settings = ", ".join(f'"{path}": {_quoted(value)}' for path, value in values.items())
    if native.from_file:
        expression = f"th.load({_quoted(native.file)}"
        expression += f", set={{{settings}}})" if settings else ")"
    else:
        expression = "th.example()" if native.file == "example" else "th.loads(...)"
        expression += f".set({{{settings}}})" if settings else ""
    return expression + (f".variant({_quoted(native.variant)})" if native.variant else "")


def run_expression(
    native: _core.scenario.Source, seed: int, handlers: bool, set: Mapping[str, str] | None = None
) -> str:
    """The expression that repeats a run; empty when ``trimhorizon run FILE`` can repeat it."""
    if native.from_file and not handlers:
        return ""
    return f"{scenario_expression(native, set)}.run(seed={seed}{_HANDLERS if handlers else ''})"


def start_expression(native: _core.scenario.Source, seed: int, handlers: bool) -> str:
    """The expression that starts a simulation again."""
    return f"{scenario_expression(native)}.start(seed={seed}{_HANDLERS if handlers else ''})"


def call_expression(name: str, /, *values: Any, **named: Any) -> str:
    """A call as text: ``inject("crash_poller", mapping="m")``."""
    arguments = [_quoted(each) for each in values]
    arguments += [f"{key}={_quoted(value)}" for key, value in named.items()]
    return f"{name}({', '.join(arguments)})"


def _quoted(value: Any) -> str:
    if isinstance(value, str) and '"' not in value and "\\" not in value and value.isprintable():
        return f'"{value}"'
    return repr(value)


_HANDLERS = ", handlers=..."
