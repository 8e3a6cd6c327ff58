"""Your function in the loop: called as Lambda calls it, judged as Lambda judges it."""

from __future__ import annotations

import decimal
import json
import os
import threading
import time
import traceback
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Callable, Mapping, NamedTuple

from . import _core
from ._core.handlers import Answer, Call, End
from ._clock import Chance, Clock, Surroundings, TimedOut
from ._context import LambdaContext, log_stream
from ._environment import FreshModules, Made, outside_any_loop, place, resolve
from ._errors import HandlerError, TrimhorizonError
from ._interrupts import Interrupts, answer, check
from ._memory import Memory
from ._patches import is_of_the_run

__all__ = ["Handler", "HandlerFailure", "effect", "handler"]

_KEPT_FAILURES = 100
_LOCK = threading.Lock()  # runs with handlers patch the process: one at a time
_current: "_Call | None" = None


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
    """

    invocation: int
    function: str
    error: str
    traceback: str


@dataclass(frozen=True)
class Handler:
    """A handler and how it is run; made by :func:`handler`."""

    target: Callable[[Any, Any], Any] | str
    fresh: bool = False
    effects: str = "auto"
    factory: bool = False


def handler(
    target: Callable[..., Any] | str,
    *,
    fresh: bool = False,
    factory: bool = False,
    effects: str = "auto",
) -> Handler:
    """A handler with settings, for ``handlers={"billing": th.handler(...)}``.

    Parameters
    ----------
    target : callable or str
        ``fn(event, context)``, or where to import it: ``"package.module.function"``, as in Lambda's
        own ``Handler`` property.
    fresh : bool, default False
        Import the module (with all modules of its top-level package) anew for every execution
        environment, as a cold start does: what it keeps in globals lives as long as there. Without
        it all environments share one module, as if there were only one.
    factory : bool, default False
        ``target()`` returns the handler. It is called for every run, and in :func:`explore` for
        every schedule: what it makes (a table that stands for a data base, say) lives as long as
        that run. With ``fresh`` it is called for every execution environment instead.
    effects : {"auto", "reported", "answered"}, default "auto"
        What counts as an effect. ``reported``: only what :func:`effect` is told. ``answered``: what
        the answer says: success means all records, a partial response all but its identifiers, an
        exception none. ``auto``: reported from the first call of :func:`effect` on, answered until
        then.

    Examples
    --------
    >>> import trimhorizon as th
    >>> seen = []
    >>> def billing(event, context):
    ...     for record in event["Records"]:
    ...         seen.append(record["kinesis"]["partitionKey"])
    >>> result = th.example().run(handlers={"billing": th.handler(billing)})
    >>> len(seen), result.lost, result.duplicates
    (10, 0, 0)
    """
    if effects not in ("auto", "reported", "answered"):
        raise ValueError(f"effects is auto, reported or answered, not {effects!r}")
    if not callable(target) and not isinstance(target, str):
        raise TypeError(f"a handler is a callable or 'module.function', not {target!r}")
    importable = getattr(target, "__module__", "__main__") != "__main__"
    if callable(target) and fresh and not factory and not importable:
        raise ValueError("fresh=True needs a handler that can be imported from a module")
    return Handler(target, fresh, effects, factory)


def effect(record: Any) -> bool:
    """Says that the handler did its work for a record, right where it does it.

    Without it a run reads effects off the handler's answer. With it, work that is done before an
    exception, a timeout or a crash counts, and records that are skipped do not. For one record it
    counts once in an invocation, however often it is said; in the next one it counts again.

    Parameters
    ----------
    record : dict, str or object
        A record of the event, its ``eventID`` or sequence number, or a Powertools record.

    Returns
    -------
    bool
        Whether a simulation noted it; False outside of one, so that the handler runs anywhere.

    Raises
    ------
    ValueError
        If the record is not of the batch that is being handled.

    Examples
    --------
    >>> import trimhorizon as th
    >>> def billing(event, context):
    ...     for record in event["Records"]:
    ...         th.effect(record)  # the work is done: an error after it makes a duplicate
    ...     if context.aws_request_id == first:
    ...         raise RuntimeError
    >>> first = th.example().run().invocations[0]["request_id"]
    >>> th.example().run(handlers={"billing": billing}).duplicates
    5
    """
    if _current is None:
        return False
    _current.note(record)
    return True


def _sequence_number(record: Any) -> str:
    if isinstance(record, str):
        return record.rsplit(":", 1)[-1]
    try:
        return record["kinesis"]["sequenceNumber"]
    except (TypeError, KeyError):
        pass
    kinesis = getattr(record, "kinesis", None)
    for name in ("sequence_number", "sequenceNumber"):
        if hasattr(kinesis, name):
            return getattr(kinesis, name)
    raise ValueError(f"this is no record of a Kinesis event: {record!r}")


class ResponseSizeTooLarge(Exception):
    """Lambda's error for an answer above 6 MB (ESM-RTY-09)."""


class _Call:
    """One invocation in progress."""

    def __init__(self, event_json: str):
        self._event_json = event_json
        self._offsets: dict[str, int] | None = None
        self.effects: list[int] | None = None

    def note(self, record: Any) -> None:
        if self._offsets is None:
            self._offsets = {
                each["kinesis"]["sequenceNumber"]: offset
                for offset, each in enumerate(json.loads(self._event_json)["Records"])
            }
        number = _sequence_number(record)
        if number not in self._offsets:
            raise ValueError(f"record {number} is not in this batch")
        if self.effects is None:
            self.effects = []
        self.effects.append(self._offsets[number])


def _as_lambda_does(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_AS_LAMBDA = json.JSONEncoder(default=_as_lambda_does)  # json.dumps would make one at each call


class _Function:
    """A function of the scenario with a handler behind it; the core calls it."""

    def __init__(self, runtime: "Runtime", name: str, spec: Handler, settings: tuple[int, int]):
        self._runtime = runtime
        self._name = name
        self._memory = str(settings[1])
        self._spec = spec
        self._reports = spec.effects == "reported"
        self._fresh: dict[int, FreshModules | Made] = {}
        self._log_streams: dict[int, str] = {}
        self._answered = False
        self._function: Any = None
        self._remembered: Memory | None = None
        self._begin()

    def _begin(self) -> None:
        if self._spec.factory and not self._spec.fresh:
            self._function = self._make()
        elif not self._spec.fresh and self._function is None:
            self._function = resolve(self._spec.target)

    def _make(self) -> Any:
        try:
            made = resolve(self._spec.target)()
        except Exception as error:
            raise HandlerError(f"the factory of {self._name} failed: {error}") from error
        if not callable(made):
            raise HandlerError(f"the factory of {self._name} made no handler but {made!r}")
        return made

    def forget(self) -> None:
        """Nothing is left of earlier runs, as far as that is in our hands."""
        self._reports = self._spec.effects == "reported"
        self._answered = False
        self._fresh.clear()
        self._log_streams.clear()
        if self._remembered is not None:
            self._remembered.restore()
        self._begin()

    @property
    def function(self) -> Any:
        """What is called; None while only execution environments have it."""
        return self._function

    def remember(self) -> None:
        """What a plain function remembers now is what it begins each run with."""
        if self._function is not None and not self._spec.factory:
            self._remembered = Memory(self._function)

    @property
    def is_forgetful(self) -> bool:
        """Its memory is in our hands."""
        return self._spec.fresh or self._spec.factory or self._remembered is not None

    def fork(self, runtime: "Runtime") -> "_Function":
        copy = object.__new__(_Function)
        copy.__dict__.update(self.__dict__)
        copy._runtime = runtime
        copy._fresh = dict(self._fresh)
        copy._log_streams = dict(self._log_streams)
        return copy

    def __call__(self, call: Call) -> Answer:
        global _current
        runtime = self._runtime
        runtime.chance.begin(call.chance)
        clock = runtime.clock
        starts_us, environment = call.starts_us, call.environment
        clock.begin(starts_us)
        stream = self._log_streams.get(environment)
        if stream is None or call.cold:
            stream = log_stream(self._name, environment, clock.wall_s)
            self._log_streams[environment] = stream
        function, modules = self._environment(environment, call.cold)
        runtime.environment_variables(self._name, self._memory, stream)
        event_json = call.event_json
        event = json.loads(event_json)
        deadline_us = starts_us + call.timeout_us
        clock.begin(starts_us, deadline_us)
        context = LambdaContext(clock, deadline_us, self._name, self._memory, call.request_id,
                                stream)
        current = _current = _Call(event_json)
        response = ""
        try:
            if modules is None:
                said = outside_any_loop(answer, function, event, context)
            else:
                with modules.modules():
                    said = outside_any_loop(answer, function, event, context)
            response = _AS_LAMBDA.encode(said)
            end = End.returned
        except TimedOut:
            end = End.timeout
        except Exception as error:
            end = End.error
            runtime.note_failure(call.number, self._name, error)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # sys.exit and the like: the environment is gone
            end = End.crash
            runtime.note_failure(call.number, self._name, error)
        finally:
            _current = None
        if len(response) > _core.handlers.RESPONSE_BYTES_MAX:  # ESM-RTY-09: to the core an error
            runtime.note_failure(call.number, self._name, ResponseSizeTooLarge(
                f"Response payload size ({len(response)} bytes) exceeded maximum allowed payload "
                f"size ({_core.handlers.RESPONSE_BYTES_MAX} bytes)"))
        if clock.timed_out:  # whatever it made of being stopped
            end = End.timeout
        return Answer(end, response, clock.now_us - starts_us,
                      self._effects(current, end, call.alone))

    def _effects(self, call: _Call, end: End, alone: bool) -> list[int] | None:
        if self._spec.effects == "answered":
            return None
        if call.effects is not None:
            # In a run what came before counts as answered; calls alone have no before.
            if alone and self._answered and not self._reports:
                raise HandlerError(
                    f"the handler of {self._name} calls th.effect for some batches only: say what "
                    'counts with th.handler(..., effects="reported") or effects="answered"')
            self._reports = True
            return call.effects
        self._answered = self._answered or end is End.returned
        return [] if self._reports else None

    def _environment(self, environment: int, cold: bool):
        if not self._spec.fresh:
            return self._function, None
        fresh = self._fresh.get(environment)
        if fresh is None or cold:
            if self._spec.factory:
                fresh = self._fresh[environment] = Made(self._make())
                return fresh.function, None
            try:
                fresh = self._fresh[environment] = FreshModules(*place(self._spec.target))
            except Exception as error:
                raise HandlerError(
                    f"the handler of {self._name} cannot be imported: {error}") from error
        return fresh.function, None if self._spec.factory else fresh


class Runtime:
    """The handlers of one run and the surroundings they see."""

    def __init__(self, source, seed: int, handlers: Mapping[str, Any], clock: str, errors: str):
        if clock not in ("virtual", "real"):
            raise ValueError(f"clock is virtual or real, not {clock!r}")
        if errors not in ("judge", "raise"):
            raise ValueError(f"errors is judge or raise, not {errors!r}")
        self.clock = Clock(source.epoch_ms, clock == "virtual")
        self.failures: list[HandlerFailure] = []
        self.failure_count = 0
        self.chance = Chance(seed)
        self._surroundings = Surroundings(self.clock, self.chance)
        self._errors = errors
        self._source = source
        self._functions: dict[str, _Function] = {}
        self._variables: tuple[str, str] | None = None
        self._saved_variables: dict[str, str | None] = {}
        self.add(handlers)

    def add(self, handlers: Mapping[str, Any]) -> None:
        """Handlers for functions; a name that is there already answers anew from now on."""
        for name, target in handlers.items():
            spec = target if isinstance(target, Handler) else handler(target)
            settings = (3, 128)
            if name in self._source.functions:  # else the core says so, with a suggestion
                settings = self._source.function_settings(name)
            self._functions[name] = _Function(self, name, spec, settings)

    def pairs(self) -> list[tuple[str, _Function]]:
        """What the core is given."""
        return list(self._functions.items())

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

    def fork(self) -> "Runtime":
        """For a fork: the same handlers, failures so far."""
        copy = object.__new__(Runtime)
        copy.__dict__.update(self.__dict__)
        copy.clock = Clock(self._source.epoch_ms, self.clock.virtual)
        copy.failures = list(self.failures)
        copy.chance = Chance(self.chance.seed)
        copy._surroundings = Surroundings(copy.clock, copy.chance)
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

    def environment_variables(self, function: str, memory: str, stream: str) -> None:
        """Those of Lambda that libraries read; set when the environment changes."""
        if self._variables == (function, stream):
            return
        os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] = stream
        if self._variables is None or self._variables[0] != function:
            os.environ.update(
                AWS_LAMBDA_FUNCTION_NAME=function,
                AWS_LAMBDA_FUNCTION_VERSION="$LATEST",
                AWS_LAMBDA_FUNCTION_MEMORY_SIZE=memory,
                AWS_LAMBDA_LOG_GROUP_NAME=f"/aws/lambda/{function}",
                AWS_REGION="us-east-1",
                AWS_DEFAULT_REGION="us-east-1",
            )
        self._variables = (function, stream)

    @contextmanager
    def running(self):
        """While this lasts handlers may be called: one lock, one patch."""
        if is_of_the_run():
            raise TrimhorizonError("a handler cannot start a run with handlers")
        with Interrupts(), _alone():
            undo = ExitStack()
            try:
                theirs = {name: os.environ.get(name) for name in _VARIABLES}
                undo.callback(_restore_variables, theirs)
                undo.callback(self._surroundings.stop)
                self._surroundings.start([each.function for each in self._functions.values()])
                if self.clock.virtual:
                    _set_time_zone("UTC0")  # Lambda's
                yield self
            finally:
                undo.close()
                self._variables = None


@contextmanager
def _alone():
    """Waits until no other thread has a run with handlers; Ctrl-C ends the waiting."""
    while not _LOCK.acquire(timeout=0.05):
        check()
    try:
        yield
    finally:
        _LOCK.release()


_VARIABLES = (
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_REGION", "AWS_DEFAULT_REGION",
    "TZ",
)


def _restore_variables(saved: Mapping[str, str | None]) -> None:
    for name, value in saved.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if hasattr(time, "tzset"):
        time.tzset()


def _set_time_zone(zone: str) -> None:
    os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()
