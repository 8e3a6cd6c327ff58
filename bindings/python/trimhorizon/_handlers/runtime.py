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
from .settings import Handler, handler

__all__ = ["HandlerFailure", "Runtime", "warn_of_ignored_rules"]

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


class Runtime:
    """The handlers of one run, and the sandbox in which they are called.

    A run without handlers has one too. It calls nothing and does not change the process.
    """

    def __init__(self, source: _core.scenario.Source, seed: int,
                 handlers: Mapping[str, Callable[..., Any] | str | Handler] | None = None,
                 clock: str = "virtual", errors: str = "judge"):
        if not handlers:  # handlers may come with a fork; they get the defaults
            clock, errors = "virtual", "judge"
        if clock not in ("virtual", "real"):
            raise ValueError(f"clock must be virtual or real, not {clock!r}")
        if errors not in ("judge", "raise"):
            raise ValueError(f"errors must be judge or raise, not {errors!r}")
        self.sandbox = Sandbox(source.epoch_ms, seed, clock == "virtual")
        self.failures: list[HandlerFailure] = []
        self.failure_count = 0
        self._errors = errors
        self._source = source
        self._functions: dict[str, Function] = {}
        self.add(handlers or {})

    def __bool__(self) -> bool:
        return bool(self._functions)

    def add(self, handlers: Mapping[str, Any]) -> None:
        """Adds handlers. A function that has one already gets the new one."""
        for name, target in handlers.items():
            spec = target if isinstance(target, Handler) else handler(target)
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
            raise HandlerError(f"invocation {number} of {function} raised "
                               f"{type(error).__name__}: {error}") from error
        self.failure_count += 1
        if len(self.failures) < _KEPT_FAILURES:
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            self.failures.append(
                HandlerFailure(number, function, f"{type(error).__name__}: {error}", text))
