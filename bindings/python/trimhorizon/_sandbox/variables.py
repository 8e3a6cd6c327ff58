"""The environment variables that Lambda sets and libraries read, and its time zone."""

from __future__ import annotations

import os
import time

__all__ = ["Variables"]

_NAMES = (
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_REGION", "AWS_DEFAULT_REGION",
    "TZ",
)


class Variables:
    """Lambda's variables in ``os.environ``, from ``start`` to ``stop``.

    >>> import os
    >>> variables, before = Variables(), dict(os.environ)
    >>> variables.start()
    >>> variables.show("billing", "256", "2026/01/01/[$LATEST]0")
    >>> os.environ["AWS_LAMBDA_FUNCTION_NAME"], os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
    ('billing', '/aws/lambda/billing')
    >>> variables.stop()
    >>> dict(os.environ) == before
    True
    """

    def __init__(self) -> None:
        self._theirs: dict[str, str | None] = {}
        self._shown: tuple[str, str] | None = None

    def start(self) -> None:
        """Keeps the current values."""
        self._theirs = {name: os.environ.get(name) for name in _NAMES}

    def use_utc(self) -> None:
        """Sets the time zone of the process to UTC, as in Lambda."""
        os.environ["TZ"] = "UTC0"
        _read_time_zone()

    def show(self, function: str, memory: str, log_stream: str) -> None:
        """Sets the variables of an execution environment, unless it is the same as before."""
        if self._shown == (function, log_stream):
            return
        os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] = log_stream
        if self._shown is None or self._shown[0] != function:
            os.environ.update(
                AWS_LAMBDA_FUNCTION_NAME=function,
                AWS_LAMBDA_FUNCTION_VERSION="$LATEST",
                AWS_LAMBDA_FUNCTION_MEMORY_SIZE=memory,
                AWS_LAMBDA_LOG_GROUP_NAME=f"/aws/lambda/{function}",
                AWS_REGION="us-east-1",
                AWS_DEFAULT_REGION="us-east-1",
            )
        self._shown = (function, log_stream)

    def stop(self) -> None:
        """Puts back the values from before ``start``."""
        for name, value in self._theirs.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._shown = None
        _read_time_zone()


def _read_time_zone() -> None:
    if hasattr(time, "tzset"):
        time.tzset()
