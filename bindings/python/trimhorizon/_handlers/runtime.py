"""The handlers of one run, and their failures."""

from __future__ import annotations

import traceback
import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Callable, Mapping, NamedTuple

from .. import _core
from .._errors import HandlerError, TrimhorizonWarning
from .._sandbox import Sandbox
from .function import Function
from .settings import Clock, Errors, Handler, checked_handlers, one_of

__all__ = ["HandlerFailure", "Runtime", "error_text", "warn_of_ignored_rules",
           "warn_of_settings_without_handlers"]

_KEPT_FAILURES = 100


class HandlerFailure(NamedTuple):
    """An exception of a handler, which the run treated as a function error.

    Attributes
    ----------
    invocation : int
        The ``number`` in ``result.invocations``.
    function : str
    error : str
        Type and message.
    traceback : str

    Examples
    --------
    >>> import trimhorizon as th
    >>> failing = {"billing": lambda event, context: 1 / 0}
    >>> th.example().run(handlers=failing).handler_failures[0].error
    'ZeroDivisionError: division by zero'
    """

    invocation: int
    function: str
    error: str
    traceback: str


def warn_of_ignored_rules(functions: list[str]) -> None:
    """Warns the caller's caller about functions whose rules are ignored, as a handler decides."""
    if functions:
        warnings.warn(
            f"your handler of {', '.join(functions)} decides itself which records fail and "
            "what it answers: `fail` entries for records and `respond` are ignored",
            TrimhorizonWarning,
            stacklevel=3,
        )


def warn_of_settings_without_handlers(handlers: Any, clock: str, errors: str) -> None:
    """Checks both settings, and warns if they cannot have an effect."""
    one_of("clock", clock, Clock)
    one_of("errors", errors, Errors)
    for name, value, default in (("clock", clock, "virtual"), ("errors", errors, "judge")):
        if not handlers and value != default:
            warnings.warn(f"{name}={value!r} has no effect: this run has no handlers",
                          TrimhorizonWarning, stacklevel=4)


def error_text(error: BaseException) -> str:
    """Type and message of an exception of the user's, whatever its methods do.

    >>> error_text(ValueError("no such order"))
    'ValueError: no such order'
    """
    try:
        text = str(error)
    except KeyboardInterrupt:
        raise
    except BaseException as other:
        text = f"(its __str__ raised {type(other).__name__})"
    return f"{type(error).__name__}: {text}"


def _traceback_text(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except KeyboardInterrupt:
        raise
    except BaseException as other:
        return f"(the traceback cannot be shown: {type(other).__name__})\n"


class Runtime:
    """The handlers of one run, and the sandbox in which they are called.

    A run without handlers has one too. It calls nothing and does not change the process.
    """

    def __init__(self, source: _core.scenario.Source, seed: int,
                 handlers: Mapping[str, Callable[..., Any] | str | Handler] | None = None,
                 clock: Clock = "virtual", errors: Errors = "judge"):
        warn_of_settings_without_handlers(handlers, clock, errors)
        self.sandbox = Sandbox(source.epoch_ms, seed, clock == "virtual")
        self.failures: list[HandlerFailure] = []
        self.failure_count = 0
        self._errors = errors
        self._source = source
        self._functions: dict[str, Function] = {}
        self.add(handlers)

    def __bool__(self) -> bool:
        return bool(self._functions)

    def add(self, handlers: Mapping[str, Any] | None) -> None:
        """Adds handlers. A function that has one already gets the new one."""
        for name, spec in checked_handlers(handlers).items():
            settings = (3, 128)
            if name in self._source.functions:  # otherwise the core reports it, with a suggestion
                settings = self._source.function_settings(name)
            self._functions[name] = Function(self, name, spec, settings)

    def pairs(self) -> list[tuple[str, Function]]:
        """The names and functions for the core."""
        return list(self._functions.items())

    def running(self) -> AbstractContextManager[None]:
        """A context in which handlers may be called."""
        if not self._functions:
            return nullcontext()
        return self.sandbox.active([each.function for each in self._functions.values()])

    def forget(self) -> None:
        """Prepares a run that knows nothing of earlier ones."""
        for each in self._functions.values():
            each.forget()

    def functions_that_can_forget(self) -> list[str]:
        """Functions whose memory we can put back."""
        return [name for name, each in self._functions.items() if each.can_forget]

    def remember(self) -> None:
        """From now on ``forget`` also puts back what plain functions remember now."""
        for each in self._functions.values():
            each.remember()

    def fork(self) -> Runtime:
        """A copy for a fork, with the same handlers and the failures so far."""
        copy = object.__new__(Runtime)
        copy.__dict__.update(self.__dict__)
        copy.sandbox = self.sandbox.fork()
        copy.failures = list(self.failures)
        copy._functions = {name: each.fork(copy) for name, each in self._functions.items()}
        return copy

    def note_failure(self, number: int, function: str, error: BaseException) -> None:
        """Keeps the first failures for the result; with ``errors="raise"``, ends the run."""
        if self._errors == "raise":
            raise HandlerError(
                f"invocation {number} of {function} raised {error_text(error)}") from error
        self.failure_count += 1
        if len(self.failures) < _KEPT_FAILURES:
            self.failures.append(
                HandlerFailure(number, function, error_text(error), _traceback_text(error)))
