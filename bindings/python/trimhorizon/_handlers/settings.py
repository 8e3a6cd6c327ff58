"""A handler and the way to run it."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Callable, Literal, Mapping, get_args

from .._errors import HandlerError

__all__ = ["Clock", "Effect", "Errors", "Handler", "checked_handlers", "handler",
           "imported", "one_of", "place_of"]

Effect = Literal["auto", "reported", "answered"]
Clock = Literal["virtual", "real"]
Errors = Literal["judge", "raise"]


@dataclass(frozen=True)
class Handler:
    """A handler and the way to run it. :func:`handler` makes it."""

    target: Callable[[Any, Any], Any] | str
    fresh: bool = False
    effects: Effect = "auto"
    factory: bool = False


def handler(
    target: Callable[..., Any] | str,
    *,
    fresh: bool = False,
    factory: bool = False,
    effects: Effect = "auto",
) -> Handler:
    """A handler with settings, for ``handlers={"billing": th.handler(...)}``.

    Parameters
    ----------
    target : callable or str
        ``fn(event, context)``, or the place to import it from: ``"package.module.function"``, as in
        Lambda's own ``Handler`` property.
    fresh : bool, default False
        Import the module (with all modules of its top-level package) again for every execution
        environment, as a cold start does. So its globals live as long as the environment. If False,
        all environments share one module, as if there were only one environment.
    factory : bool, default False
        ``target()`` returns the handler. It is called for every run, and in :func:`explore` for
        every schedule. What it makes (for instance a dict that replaces a database) lives as long
        as that run. With ``fresh`` it is called for every execution environment instead.
    effects : {"auto", "reported", "answered"}, default "auto"
        What counts as an effect. ``reported``: only calls of :func:`effect`. ``answered``: the
        answer decides. Success gives all records an effect, a partial response all but its
        identifiers, an exception none. ``auto``: ``answered`` until the first call of
        :func:`effect`, ``reported`` from then on.

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
    one_of("effects", effects, Effect)
    if not callable(target) and not isinstance(target, str):
        raise TypeError(f"a handler must be a callable or 'module.function', not {target!r}")
    importable = getattr(target, "__module__", "__main__") != "__main__"
    if callable(target) and fresh and not factory and not importable:
        raise ValueError("fresh=True needs a handler that can be imported from a module")
    return Handler(target, fresh, effects, factory)


def one_of(name: str, value: Any, words: Any) -> None:
    """Checks that a value is one of the words of a ``Literal``.

    >>> one_of("clock", "fast", Clock)
    Traceback (most recent call last):
    ...
    ValueError: clock must be virtual or real, not 'fast'
    """
    *most, last = get_args(words)
    if value not in (*most, last):
        raise ValueError(f"{name} must be {', '.join(most)} or {last}, not {value!r}")


def checked_handlers(handlers: Any) -> dict[str, Handler]:
    """The handlers of a run, by the names of functions. Anything else is answered in words.

    >>> checked_handlers(3)
    Traceback (most recent call last):
    ...
    TypeError: handlers must be a dict from a function's name to its handler, \
{"billing": lambda_handler}, not 3
    """
    if handlers is None:
        return {}
    if not isinstance(handlers, Mapping):
        raise TypeError("handlers must be a dict from a function's name to its handler, "
                        f'{{"billing": lambda_handler}}, not {handlers!r}')
    for name in handlers:
        if not isinstance(name, str):
            raise TypeError(f"handlers maps names of functions, and {name!r} is no name: "
                            '{"billing": lambda_handler}')
    return {name: each if isinstance(each, Handler) else handler(each)
            for name, each in handlers.items()}


def place_of(target: Callable[..., Any] | str) -> tuple[str, str]:
    """The module and the name from which a handler is imported.

    >>> place_of("shop.billing.lambda_handler"), place_of("shop/billing.lambda_handler")
    (('shop.billing', 'lambda_handler'), ('shop.billing', 'lambda_handler'))
    """
    if callable(target):
        return target.__module__, target.__name__
    module, _, name = target.replace("/", ".").rpartition(".")
    if not module:
        raise ValueError(f"'{target}' is not 'module.function'")
    return module, name


def imported(target: Callable[..., Any] | str) -> Callable[..., Any]:
    """The callable itself; for text, the callable that it names.

    >>> imported("math.sqrt")(9.0)
    3.0
    """
    if callable(target):
        return target
    module, name = place_of(target)
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:
        raise HandlerError(f"the handler {target} cannot be imported: {error}") from error
