"""The pytest plugin. pytest loads it wherever trimhorizon is installed.

* ``assert result == other`` reports the first event in which two runs differ.
* The fixture ``golden``: ``assert result == golden("poison")`` compares with a file in ``goldens/``
  beside the test (ini option ``trimhorizon_goldens``), which ``pytest --th-accept`` writes.
* The fixture ``found``: a test that uses it becomes one test for each ``found*.yaml`` of the
  directory that the ini option ``trimhorizon_found`` or ``@pytest.mark.trimhorizon_found("dir")``
  names; ``found(handlers=...)`` replays it.

To keep pytest fast, the package itself is imported only when a test uses it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

_MATCHES = pytest.StashKey[list]()
_WRITTEN = pytest.StashKey[dict]()


def pytest_addoption(parser: Any) -> None:
    """``--th-accept`` and the ini options."""
    group = parser.getgroup("trimhorizon")
    group.addoption("--th-accept", action="store_true", default=False,
                    help="write the goldens of trimhorizon instead of comparing with them")
    parser.addini("trimhorizon_goldens", "directory of goldens, relative to that of the test",
                  default="goldens")
    parser.addini("trimhorizon_found", "directory of found*.yaml, relative to the root",
                  default="")


def pytest_configure(config: Any) -> None:
    """Registers the marker."""
    config.addinivalue_line(
        "markers", "trimhorizon_found(directory): directory of the counterexamples for `found`, "
                   "relative to that of the test")
    config.stash[_MATCHES] = []
    config.stash[_WRITTEN] = {}


def pytest_assertrepr_compare(config: Any, op: str, left: Any, right: Any) -> list[str] | None:
    """Says where two runs begin to differ."""
    if op != "==" or "trimhorizon" not in sys.modules:
        return None
    from ._results.golden import Golden, explain_golden, explain_results
    from ._results.result import Result
    from ._text import on_page

    verbose = config.getoption("verbose") > 1
    if isinstance(left, Result) and isinstance(right, Result):
        return [on_page(line) for line in explain_results(left, right, verbose)]
    for golden, result in ((right, left), (left, right)):
        if isinstance(golden, Golden) and isinstance(result, Result):
            return [on_page(line) for line in explain_golden(golden, result, verbose)]
    return None


_REPORT = re.compile(r"[✓✗?•] [A-Z]{3}")  # the first words of the report of a run


def pytest_runtest_makereport(item: Any, call: Any) -> None:
    """Puts the assertion before a report that is its message (``assert result.lost == 0, result``).

    Otherwise the test would seem to fail with ``✓ HOLDS``: the verdict of the scenario's own
    expectations.
    """
    error = call.excinfo.value if call.excinfo is not None else None
    if not isinstance(error, AssertionError) or not error.args:
        return
    text = str(error.args[0])
    if not _REPORT.match(text):
        return
    report, found, assertion = text.rpartition("\nassert ")
    if found:
        text = f"assert {assertion}\n{report}"
    else:
        text = f"not as this test expects; the run itself:\n{text}"
    error.args = (text, *error.args[1:])


# ---- goldens -------------------------------------------------------------------------------------
@pytest.fixture
def golden(request: Any) -> Callable[[str], Any]:
    """``golden("name")``: a run that is kept in a file. Compare it with a result by ``==``."""
    from ._results.golden import AcrossWorkers, Golden

    written = request.config.stash[_WRITTEN]
    if hasattr(request.config, "workerinput"):  # one of several processes of pytest-xdist
        own = request.getfixturevalue("tmp_path_factory").getbasetemp()
        written = AcrossWorkers(own.parent / "trimhorizon-goldens")

    def named(name: str) -> Golden:
        if not name or Path(name).name != name or name.startswith("."):
            raise ValueError(f"a golden's name must be a file name without suffix, not {name!r}")
        folder = request.path.parent / request.config.getini("trimhorizon_goldens")
        return Golden(folder / f"{name}.json", request.config.getoption("--th-accept"),
                      request.node.nodeid, written)

    return named


# ---- found counterexamples -----------------------------------------------------------------------
class Found:
    """A counterexample in a file. Calling it replays it.

    Attributes
    ----------
    path : Path
    scenario : Scenario
        With its ``decisions:``.
    """

    def __init__(self, path: Path, matches: list[tuple[str, str]]):
        import trimhorizon as th

        self.path = path
        self.scenario = th.load(path)
        self._matches = matches
        if self.scenario.decisions is None:
            raise pytest.UsageError(
                f"{path} has no decisions: it is not a counterexample written by "
                "`trimhorizon explore --out`")

    def __call__(self, **options: Any) -> Any:
        """Runs it. The options are those of :meth:`Scenario.run`, for instance ``handlers=``.

        Returns
        -------
        Result
            Of a run that asked exactly the recorded questions: MATCH.

        Raises
        ------
        DriftError
            DRIFT: it asked another question, so this is not the run that was found.
        """
        import trimhorizon as th

        try:
            result = self.scenario.run(**options)
        except th.DriftError as drift:
            self._matches.append((self.path.name, "DRIFT"))
            raise th.DriftError(
                f"DRIFT: the decisions of {self.path} no longer fit this run\n{drift}\n"
                "The scenario, the handler or the version has changed since: explore again"
            ) from None
        self._matches.append((self.path.name, "MATCH"))
        return result

    def __repr__(self) -> str:
        from ._text import on_line

        return on_line(f"<found {self.path.name}>")


def _directory(metafunc: Any) -> Path:
    marker = metafunc.definition.get_closest_marker("trimhorizon_found")
    if marker is not None:
        if len(marker.args) != 1:
            raise pytest.UsageError("write @pytest.mark.trimhorizon_found('directory')")
        return Path(metafunc.definition.path).parent / marker.args[0]
    option = metafunc.config.getini("trimhorizon_found")
    if not option:
        raise pytest.UsageError(
            f"{metafunc.function.__name__} uses `found`: say where its files are, with the ini "
            "option trimhorizon_found or with @pytest.mark.trimhorizon_found('directory')")
    return metafunc.config.rootpath / option


def pytest_generate_tests(metafunc: Any) -> None:
    """Makes one test for each found*.yaml."""
    if "found" not in metafunc.fixturenames or _is_users_own(metafunc):
        return
    directory = _directory(metafunc)
    if not directory.is_dir():
        raise pytest.UsageError(f"trimhorizon_found: there is no directory {directory}")
    paths = sorted(directory.glob("found*.yaml"))
    metafunc.parametrize("found", paths, ids=[path.stem for path in paths], indirect=True)


def _is_users_own(metafunc: Any) -> bool:
    """Whether the test has its own fixture or parameter with the name ``found``."""
    fixtures = metafunc._arg2fixturedefs.get("found", ())
    return not fixtures or fixtures[-1].func.__module__ != __name__


@pytest.fixture
def found(request: Any) -> Found:
    """A found counterexample: ``found(handlers={"billing": handler})`` replays it."""
    return Found(request.param, request.config.stash[_MATCHES])


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Prints how many counterexamples matched, and which did not."""
    matches = config.stash.get(_MATCHES, [])
    drifted = sorted({name for name, word in matches if word == "DRIFT"})
    if matches:
        matched = len(matches) - sum(word == "DRIFT" for _, word in matches)
        line = f"trimhorizon: {matched} MATCH, {len(matches) - matched} DRIFT"
        terminalreporter.write_line(line + (f" ({', '.join(drifted)})" if drifted else ""))
