"""Golden runs: the result of a run, kept in a small file that a reader can review.

A golden holds the scenario, the seed, the totals and the digest of the trace. If handlers answered
or faults were injected, it also holds what is needed to repeat the run. It does not hold the
events, since they would be large: to compare two runs, the golden's run is made again. That also
shows whether this version still makes the same events.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import warnings
import zlib
from pathlib import Path
from typing import Any

from .. import _core
from .._errors import TrimhorizonError, TrimhorizonWarning
from .._text import in_json, on_line
from .._written import write_text
from .difference import compare
from .result import Result

FORMAT = 1
_LINE = 96


class AcrossWorkers:
    """What was written in this session, by all processes: files in a folder that they share."""

    def __init__(self, folder: Path):
        self._folder = folder

    def setdefault(self, path: Path, value: tuple[str, dict[str, Any]]) -> list[Any]:
        """As a dict does it. A link comes into being whole and only once."""
        self._folder.mkdir(exist_ok=True)
        name = self._folder / hashlib.sha256(os.fsencode(path)).hexdigest()
        mine = name.with_suffix(f".{os.getpid()}")
        mine.write_text(json.dumps(value), encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            os.link(mine, name)
        mine.unlink()
        return json.loads(name.read_text(encoding="utf-8"))


class Golden:
    """A golden file. Compare it with a result by ``==``."""

    def __init__(self, path: Path, accepting: bool, test: str = "",
                 written: dict[Path, tuple[str, dict[str, Any]]] | AcrossWorkers | None = None):
        self.path = path
        self.accepting = accepting
        self._test = test
        self._written = {} if written is None else written  # in this session: test and digests

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        if self.accepting:
            self._check_name(_digests_of(other))
            write(self.path, other)
            return True
        data = self.read()
        return data is not None and _digests(data) == _digests_of(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return on_line(f"golden({self.path.stem!r})")

    def _check_name(self, digests: dict[str, Any]) -> None:
        """Two tests with goldens of one name would overwrite each other without a word."""
        test, before = self._written.setdefault(self.path, (self._test, digests))
        if before != digests:
            raise TrimhorizonError(
                f"{self!r} is the name of two different runs: {test} has just written another "
                f"one to {self.path}\ngive one of them another name")

    def read(self) -> dict[str, Any] | None:
        """The content of the file; None if there is no file."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            data = json.loads(text)
            kind = data["trimhorizon_golden"]
        except (ValueError, KeyError, TypeError) as error:
            raise TrimhorizonError(f"{self.path} is not a golden of trimhorizon") from error
        if kind != FORMAT:
            raise TrimhorizonError(
                f"{self.path} is a golden of format {kind}, but trimhorizon "
                f"{_core.__version__} reads format {FORMAT}: use a newer version")
        return data


def write(path: Path, result: Result) -> None:
    """Writes a result as a golden."""
    source = result._native.source
    data: dict[str, Any] = {
        "trimhorizon_golden": FORMAT,
        "version": _core.__version__,
        "edition": result.edition,
        "file": os.path.basename(source.file),
        "set": source.set,
        "variant": source.variant,
        "seed": result.seed,
        **_digests_of(result),
        "totals": _totals(result),
        "scenario": source.text.split("\n"),
    }
    if source.attached:  # exports: text, or the scenario would not have been read
        data["attached"] = {path: text.decode() for path, text in source.attached.items()}
    if _core.run.run(source, result.seed, [], None).again().trace_digest() != \
            result.trace_digest:
        packed = base64.b64encode(zlib.compress(result._native.to_bytes(tables=False), 9))
        text = packed.decode("ascii")
        data["replay"] = [text[i:i + _LINE] for i in range(0, len(text), _LINE)]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = in_json(json.dumps(data, indent=1, ensure_ascii=False)) + "\n"
    write_text(path, text, source)


def _digests(data: dict[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ("trace_digest", "variants")}


def _digests_of(result: Result) -> dict[str, Any]:
    return {"trace_digest": result.trace_digest,
            "variants": {name: each.trace_digest for name, each in result.variants.items()}}


def _totals(result: Result) -> dict[str, Any]:
    own = result._own()
    return {key: own[key] for key in ("ended", "simulated", "records", "mappings")}


def _run_of(data: dict[str, Any]) -> _core.run.Run:
    """Makes the run of a golden again."""
    attached = {path: text.encode() for path, text in data.get("attached", {}).items()}
    source = _core.scenario.read_source(
        "\n".join(data["scenario"]), data["file"], data["set"], attached=attached)
    if data["variant"]:
        source = source.variant_named(data["variant"])
    if "replay" in data:
        packed = base64.b64decode("".join(data["replay"]))
        return _core.run.run_from_bytes(source, zlib.decompress(packed))
    return _core.run.run(source, data["seed"], [], None)


def explain_golden(golden: Golden, result: Result, verbose: bool) -> list[str]:
    """Lines that say why a result differs from its golden."""
    data = golden.read()
    if data is None:
        return [f"there is no {golden.path}", "write it with: pytest --th-accept"]
    made = f"{golden.path.name} (made by trimhorizon {data['version']})"
    edition = data.get("edition", "before 2026-11")
    if edition != result.edition:
        return [f"{golden.path.name} follows the rules of {edition}, this run those of "
                f"{result.edition}",
                "defaults have changed between them: CHANGELOG.md lists each with its rule",
                *_ACCEPT]
    totals: dict[str, Any] = {}
    compare("", _totals(result), data["totals"], totals)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrimhorizonWarning)
            again = _run_of(data).again()
            digest = again.trace_digest()
    except (TrimhorizonError, ValueError, zlib.error) as error:
        return [f"this run differs from that of {made}",
                f"and its events cannot be compared: trimhorizon {_core.__version__} cannot "
                f"repeat the golden's own run: {error}", *total_lines(totals, verbose), *_ACCEPT]
    if digest != data["trace_digest"]:
        return [f"this run differs from that of {made}",
                f"and their events cannot be compared: in trimhorizon {_core.__version__} "
                "the golden's own run has other events too",
                *total_lines(totals, verbose), *_ACCEPT]
    found = _core.run.first_difference(result._run_again(), again)
    if found is None:
        names = [name for name in {**data["variants"], **result.variants}
                 if data["variants"].get(name) != _digests_of(result)["variants"].get(name)]
        return [f"this run is that of {made}, but these variants differ: {', '.join(names)}",
                *_ACCEPT]
    return [f"this run differs from that of {made}",
            *event_lines(found, "run   ", "golden", verbose),
            *total_lines(totals, verbose), *_ACCEPT]


_ACCEPT = ["if the new run is right: pytest --th-accept"]


def explain_results(left: Result, right: Result, verbose: bool) -> list[str]:
    """Lines that say where two results begin to differ."""
    found = _core.run.first_difference(left._run_again(), right._run_again())
    if found is None:
        names = [name for name in {**left.variants, **right.variants}
                 if left.variants.get(name) != right.variants.get(name)]
        return [f"the two runs are the same, but these variants differ: {', '.join(names)}"]
    totals: dict[str, Any] = {}
    compare("", left._own(), right._own(), totals)
    return ["the two runs are not the same", *event_lines(found, "left ", "right", verbose),
            *total_lines(totals, verbose)]


def event_lines(found: tuple[int, str | None, str | None], a: str, b: str,
                verbose: bool) -> list[str]:
    """Lines about the first event that differs: its number and time, and both events."""
    number, *lines = found
    moments = [json.loads(line)["t"] for line in lines if line is not None]
    before = f"events 1 to {number - 1} are equal" if number > 1 else "no event is equal"
    return [f"{before}; event {number} differs, at {min(moments) / 1_000_000:g}s:",
            *(f"  {name} {_cut(line or 'has ended', verbose)}"
              for name, line in zip((a, b), lines))]


def total_lines(totals: dict[str, tuple[Any, Any]], verbose: bool) -> list[str]:
    """Totals that differ: the first ones on one line, or all of them if ``verbose``."""
    lines = [f"{path}: {a!r} | {b!r}" for path, (a, b) in totals.items()]
    if verbose and lines:
        return ["at the end:", *(f"  {line}" for line in lines)]
    more = [f"{len(lines) - _TOTALS} more"] if len(lines) > _TOTALS else []
    return ["at the end: " + ", ".join([*lines[:_TOTALS], *more])] if lines else []


def _cut(line: str, verbose: bool) -> str:
    return line if verbose or len(line) <= _EVENT else line[:_EVENT] + " …"


# pytest shows 8 lines and 640 characters of an explanation; with -vv it shows all of it.
_EVENT = 160
_TOTALS = 3
