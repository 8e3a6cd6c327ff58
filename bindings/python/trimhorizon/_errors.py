"""The exceptions of the package. The class says who made the mistake."""

from __future__ import annotations

from typing import NamedTuple

from ._text import on_page

__all__ = [
    "Diagnostic",
    "DriftError",
    "ExpectationError",
    "ExploreError",
    "HandlerError",
    "InternalError",
    "InvariantViolation",
    "ScenarioError",
    "TrimhorizonError",
    "TrimhorizonWarning",
]


class Diagnostic(NamedTuple):
    """One mistake in a scenario.

    Attributes
    ----------
    file : str
        As given to :func:`trimhorizon.load`; ``-`` for text without a file.
    line, column : int
        Counted from 1, in characters. Line 0 stands for the whole file.
    message : str
        One sentence.
    suggestion : str
        What to write instead. It may be empty.

    Examples
    --------
    >>> import trimhorizon as th
    >>> try:
    ...     th.example().set({"BatchSise": 1})
    ... except th.ScenarioError as error:
    ...     print(error.diagnostics[0].suggestion)
    did you mean `BatchSize`?
    """

    file: str
    line: int
    column: int
    message: str
    suggestion: str


class TrimhorizonError(Exception):
    """The base class of all exceptions of this package."""

    def __str__(self) -> str:
        return on_page(super().__str__())


class ScenarioError(TrimhorizonError):
    """A scenario has mistakes. The exception lists all of them.

    ``str()`` shows each with its line, a caret and a suggestion.

    Attributes
    ----------
    diagnostics : list of Diagnostic
        Sorted by position.

    Examples
    --------
    >>> import trimhorizon as th
    >>> try:
    ...     th.loads("trimhorizon: 1\\nstreams: {orders: {ShardCont: 1}}")
    ... except th.ScenarioError as error:
    ...     print(error.diagnostics[0].line, error.diagnostics[0].message)
    2 unknown key `ShardCont` in a stream
    """

    diagnostics: list[Diagnostic]

    def __init__(self, text: str, diagnostics=()):
        super().__init__(text, diagnostics)
        self.diagnostics = [Diagnostic(*each) for each in diagnostics]

    def __str__(self) -> str:
        return on_page(self.args[0])


class InvariantViolation(TrimhorizonError):
    """A run broke an invariant, a promise of the modelled system (see :meth:`Result.check`)."""


class ExpectationError(TrimhorizonError, AssertionError):
    """An expectation of the scenario did not hold (raised by :meth:`Result.check`).

    Examples
    --------
    >>> import trimhorizon as th
    >>> try:
    ...     th.loads(th.example().text + "expect: {duplicates: 1}").run().check()
    ... except AssertionError as error:
    ...     print(str(error).splitlines()[0])
    duplicates: wanted == 1, got 0
    """


class ExploreError(TrimhorizonError):
    """This exploration is not possible, or its verdict would not be reliable.

    Attributes
    ----------
    hint : str
        What to do instead. It may be empty.

    Examples
    --------
    >>> import trimhorizon as th
    >>> try:
    ...     th.replay(th.example())
    ... except th.ExploreError as error:
    ...     print(error.hint)
    give them as decisions="th1:...", as explore() finds them
    """

    hint: str

    def __init__(self, text: str, hint: str = ""):
        super().__init__(text, hint)
        self.hint = hint

    def __str__(self) -> str:
        return on_page(f"{self.args[0]}\n  {self.hint}" if self.hint else self.args[0])


class HandlerError(TrimhorizonError):
    """A handler ended the run. Its own exception is the ``__cause__``.

    Usually an exception of a handler is a function error: it is part of the simulation, and the
    run continues. It ends the run only if the handler's module cannot be imported, or if the run
    was started with ``errors="raise"``.

    Examples
    --------
    >>> import trimhorizon as th
    >>> try:
    ...     th.example().run(handlers={"billing": "math.sqrt"}, errors="raise")
    ... except th.HandlerError as error:
    ...     print(error)
    invocation 1 of billing raised TypeError: math.sqrt() takes exactly one argument (2 given)
    """


class DriftError(TrimhorizonError):
    """A run with ``decisions:`` asked another question than the recorded run.

    The text names the question, what was expected there and what came instead. The cause is that
    the scenario, the handler or the version has changed since the decisions were recorded.
    """


class InternalError(TrimhorizonError):
    """A bug in trimhorizon itself. The text says where it happened and in which run."""


class TrimhorizonWarning(UserWarning):
    """Something in a scenario has no effect on this run. Each case is reported once."""
