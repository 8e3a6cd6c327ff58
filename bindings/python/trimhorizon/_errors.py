"""Exceptions: what can go wrong, by whose fault."""

from __future__ import annotations

from typing import NamedTuple

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
        From 1, in characters; line 0 is the whole file.
    message : str
        One sentence.
    suggestion : str
        What to write instead; may be empty.

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
    """Base of all exceptions of this package."""


class ScenarioError(TrimhorizonError):
    """A scenario has mistakes; all of them are said at once.

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
        return self.args[0]


class InvariantViolation(TrimhorizonError):
    """A promise of the modelled system was broken in a run (raised by :meth:`Result.check`)."""


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
    """What was asked cannot be explored, or not so that a verdict would be sound.

    Attributes
    ----------
    hint : str
        What to do instead; may be empty.

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
        return f"{self.args[0]}\n  {self.hint}" if self.hint else self.args[0]


class HandlerError(TrimhorizonError):
    """A handler ended the run; its own exception is the ``__cause__``.

    An exception of a handler is a function error and part of the simulation. It ends the run only
    where it cannot be: a module that cannot be imported, or any with ``errors="raise"``.

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
    """A run with ``decisions:`` asked something else than the run they were found in.

    The text says at which question, what was expected and what came: the scenario, the handler or
    the version has changed since.
    """


class InternalError(TrimhorizonError):
    """A bug of trimhorizon itself; the text says where and in which run."""


class TrimhorizonWarning(UserWarning):
    """Something in a scenario has no meaning for this run, said once."""
