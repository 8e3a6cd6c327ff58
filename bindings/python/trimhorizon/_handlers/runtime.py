"""The handlers of one run, and what became of them."""

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
    """An exception of a handler, which the run took for a function error.

    Attributes
    ----------
    invocation : int
        ``number`` in ``result.invocations``.
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
    """Says to the caller's caller which functions have rules that their handlers make idle."""
    if functions:
        warnings.warn(
            f"your handler of {', '.join(functions)} decides for itself which records fail and "
            "what it answers: `fail` entries for records and `respond` are ignored",
            TrimhorizonWarning,
            stacklevel=3,
        )


class Runtime:
    """The handlers of one run, and the sandbox in which they are called.

    A run without handlers has one too: it calls nothing and leaves the process alone.
    """

    def __init__(self, source: _core.scenario.Source, seed: int,
                 handlers: Mapping[str, Callable[..., Any] | str | Handler] | None = None,
                 clock: str = "virtual", errors: str = "judge"):
        if not handlers:  # some may come with a fork: those see what is usual
            clock, errors = "virtual", "judge"
        if clock not in ("virtual", "real"):
            raise ValueError(f"clock is virtual or real, not {clock!r}")
        if errors not in ("judge", "raise"):
            raise ValueError(f"errors is judge or raise, not {errors!r}")
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
        """Handlers for functions; a name that is there already gets the new one."""
        for name, target in handlers.items():
            spec = target if isinstance(target, Handler) else handler(target)
            settings = (3, 128)
            if name in self._source.functions:  # else the core says so, with a suggestion
                settings = self._source.function_settings(name)
            self._functions[name] = Function(self, name, spec, settings)

    def pairs(self) -> list[tuple[str, Function]]:
        """What the core is given."""
        return list(self._functions.items())

    def running(self) -> AbstractContextManager[None]:
        """While this lasts handlers may be called."""
        if not self._functions:
            return nullcontext()
        return self.sandbox.active([each.function for each in self._functions.values()])

    def forget(self) -> None:
        """A run begins that knows of no other."""
        for each in self._functions.values():
            each.forget()

    def forgetful(self) -> list[str]:
        """Functions whose memory is in our hands."""
        return [name for name, each in self._functions.items() if each.is_forgetful]

    def remember(self) -> None:
        """From now on ``forget`` also puts back what plain functions remember at this moment."""
        for each in self._functions.values():
            each.remember()

    def fork(self) -> Runtime:
        """For a fork: the same handlers, failures so far."""
        copy = object.__new__(Runtime)
        copy.__dict__.update(self.__dict__)
        copy.sandbox = self.sandbox.fork()
        copy.failures = list(self.failures)
        copy._functions = {name: each.fork(copy) for name, each in self._functions.items()}
        return copy

    def note_failure(self, number: int, function: str, error: BaseException) -> None:
        """Keeps the first failures for the reader, or ends the run."""
        if self._errors == "raise":
            raise HandlerError(f"invocation {number} of {function} raised "
                               f"{type(error).__name__}: {error}") from error
        self.failure_count += 1
        if len(self.failures) < _KEPT_FAILURES:
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            self.failures.append(
                HandlerFailure(number, function, f"{type(error).__name__}: {error}", text))
