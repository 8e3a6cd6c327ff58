"""Calls a function outside of any event loop, as Lambda does."""

from __future__ import annotations

import sys
from typing import Any, Callable

__all__ = ["outside_any_loop"]


def outside_any_loop(call: Callable[..., Any], *arguments: Any) -> Any:
    """Calls it as if no event loop were running.

    The cells of a notebook run inside an event loop, where ``asyncio.run`` refuses to start.

    >>> import asyncio
    >>> async def cell():
    ...     return outside_any_loop(asyncio.run, asyncio.sleep(0, "from another loop"))
    >>> asyncio.run(cell())
    'from another loop'
    """
    asyncio = sys.modules.get("asyncio")
    running = None if asyncio is None else asyncio._get_running_loop()
    if running is None:
        return call(*arguments)
    asyncio._set_running_loop(None)
    try:
        return call(*arguments)
    finally:
        asyncio._set_running_loop(running)
        asyncio.set_event_loop(running)  # asyncio.run has removed it
