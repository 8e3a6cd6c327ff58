"""A function of the scenario whose handler is the user's. The core calls it."""

from __future__ import annotations

import decimal
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from .._core.handlers import RESPONSE_BYTES_MAX, Answer, Call, End
from .._errors import HandlerError
from .._sandbox import (
    FreshModules,
    LambdaContext,
    Memory,
    TimedOut,
    interruptible,
    log_stream,
    outside_any_loop,
)
from .effects import Effects
from .settings import Handler, imported, place_of

if TYPE_CHECKING:
    from .runtime import Runtime

__all__ = ["Function", "ResponseSizeTooLarge"]


class ResponseSizeTooLarge(Exception):
    """Lambda's error for an answer above 6 MB (ESM-RTY-09)."""


class Environment(NamedTuple):
    """An execution environment: where one copy of the function lives until it crashes."""

    function: Any
    modules: FreshModules | None  # None: it uses the modules of the process
    log_stream: str


class Function:
    """A function of the scenario whose handler is the user's. The core calls it.

    Always:
     1. A call begins with the random state, the time and the environment that its Call names.
     2. An exception of the user's code becomes an Answer. Only Ctrl-C and a HandlerError, which is
        a failure of the run itself, end the run.
    """

    def __init__(self, runtime: Runtime, name: str, spec: Handler, settings: tuple[int, int]):
        self._runtime = runtime
        self._name = name
        self._memory_size = str(settings[1])
        self._spec = spec
        self._reports = spec.effects == "reported"
        self._answered = False
        self._environments: dict[int, Environment] = {}
        self._function: Any = None
        self._remembered: Memory | None = None
        self._begin()

    def _begin(self) -> None:
        if self._spec.factory and not self._spec.fresh:
            self._function = self._make()
        elif not self._spec.fresh and self._function is None:
            self._function = imported(self._spec.target)

    def _make(self) -> Any:
        try:
            made = imported(self._spec.target)()
        except Exception as error:
            raise HandlerError(f"the factory of {self._name} failed: {error}") from error
        if not callable(made):
            raise HandlerError(f"the factory of {self._name} must return a handler, not {made!r}")
        return made

    def forget(self) -> None:
        """Removes what is left of earlier runs, as far as we can put it back."""
        self._reports = self._spec.effects == "reported"
        self._answered = False
        self._environments.clear()
        if self._remembered is not None:
            self._remembered.restore()
        self._begin()

    @property
    def function(self) -> Any:
        """The function to call; None if only the execution environments have it."""
        return self._function

    def remember(self) -> None:
        """Keeps what a plain function remembers now; each run begins with this memory."""
        if self._function is not None and not self._spec.factory:
            self._remembered = Memory(self._function)

    @property
    def can_forget(self) -> bool:
        """Whether we can put its memory back."""
        return self._spec.fresh or self._spec.factory or self._remembered is not None

    def fork(self, runtime: Runtime) -> Function:
        """A copy for a fork of the run. It shares the environments and their memory."""
        copy = object.__new__(Function)
        copy.__dict__.update(self.__dict__)
        copy._runtime = runtime
        copy._environments = dict(self._environments)
        return copy

    # ---- a call ----------------------------------------------------------------------------------
    def __call__(self, call: Call) -> Answer:
        sandbox = self._runtime.sandbox
        clock, starts_us = sandbox.clock, call.starts_us
        sandbox.chance.begin(call.chance)
        environment = self._environments.get(call.environment)
        if environment is None or call.cold:
            clock.begin(starts_us)
            environment = self._environments[call.environment] = self._new_environment(call)
        sandbox.variables.show(self._name, self._memory_size, environment.log_stream)
        deadline_us = starts_us + call.timeout_us
        clock.begin(starts_us, deadline_us)
        context = LambdaContext(clock, deadline_us, self._name, self._memory_size,
                                call.request_id, environment.log_stream)
        effects = Effects(call)
        end, response = self._handle(call, environment, context, effects)
        if clock.timed_out:  # even if the handler caught TimedOut
            end = End.timeout
        return Answer(end, response, clock.now_us - starts_us,
                      self._effects(effects, end, call.alone))

    def _handle(self, call: Call, environment: Environment, context: LambdaContext,
                effects: Effects) -> tuple[End, str]:
        """How the handler ended, and its response as JSON."""
        event = json.loads(call.event_json)
        Effects.current = effects
        try:
            if environment.modules is None:
                answer = outside_any_loop(interruptible, environment.function, event, context)
            else:
                with environment.modules.in_place():
                    answer = outside_any_loop(interruptible, environment.function, event, context)
            response = _AS_LAMBDA.encode(answer)
        except TimedOut:
            return End.timeout, ""
        except Exception as error:
            self._note_failure(call, error)
            return End.error, ""
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # sys.exit and others: they end the environment
            self._note_failure(call, error)
            return End.crash, ""
        finally:
            Effects.current = None
        if len(response) > RESPONSE_BYTES_MAX:  # ESM-RTY-09: the core treats it as an error
            self._note_failure(call, ResponseSizeTooLarge(
                f"Response payload size ({len(response)} bytes) exceeded maximum allowed payload "
                f"size ({RESPONSE_BYTES_MAX} bytes)"))
        return End.returned, response

    def _note_failure(self, call: Call, error: BaseException) -> None:
        self._runtime.note_failure(call.number, self._name, error)

    def _new_environment(self, call: Call) -> Environment:
        stream = log_stream(self._name, call.environment, self._runtime.sandbox.clock.wall_s)
        if not self._spec.fresh:
            return Environment(self._function, None, stream)
        if self._spec.factory:
            return Environment(self._make(), None, stream)
        try:
            modules = FreshModules(*place_of(self._spec.target))
        except Exception as error:
            raise HandlerError(
                f"the handler of {self._name} cannot be imported: {error}") from error
        return Environment(modules.function, modules, stream)

    def _effects(self, effects: Effects, end: End, alone: bool) -> list[int] | None:
        if self._spec.effects == "answered":
            return None
        if effects.offsets is not None:
            # In a run, earlier calls count as answered. A call that belongs to no run cannot.
            if alone and self._answered and not self._reports:
                raise HandlerError(
                    f"the handler of {self._name} calls th.effect for some batches only: say what "
                    'counts, with th.handler(..., effects="reported") or effects="answered"')
            self._reports = True
            return effects.offsets
        self._answered = self._answered or end == End.returned
        return [] if self._reports else None


def _as_lambda_does(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_AS_LAMBDA = json.JSONEncoder(default=_as_lambda_does)  # kept: json.dumps would make one per call
