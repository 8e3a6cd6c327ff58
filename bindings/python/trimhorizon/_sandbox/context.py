"""The second argument of a handler."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone

__all__ = ["LambdaContext", "log_stream"]


class CognitoIdentity:
    """An empty identity, since a Kinesis event has no caller."""

    __slots__ = ()
    cognito_identity_id = None
    cognito_identity_pool_id = None


_NOBODY = CognitoIdentity()
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


class LambdaContext:
    """What Lambda passes as ``context`` (its Python runtime, names and units).

    Attributes
    ----------
    function_name, function_version, invoked_function_arn : str
    memory_limit_in_mb : str
        Text, as Lambda has it.
    aws_request_id : str
        The same in every run with the same seed; a column of ``result.invocations``.
    log_group_name, log_stream_name : str
        One stream for each execution environment.
    identity : object
        Without a Cognito identity: its two attributes are None.
    client_context : None
    """

    __slots__ = (
        "_clock",
        "_deadline_us",
        "aws_request_id",
        "client_context",
        "function_name",
        "function_version",
        "identity",
        "invoked_function_arn",
        "log_group_name",
        "log_stream_name",
        "memory_limit_in_mb",
        "tenant_id",
    )

    def __init__(self, clock, deadline_us, function_name, memory, request_id, log_stream):
        self._clock = clock
        self._deadline_us = deadline_us
        self.aws_request_id = request_id
        self.client_context = None
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.identity = _NOBODY
        self.invoked_function_arn = _ARN + function_name
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.log_stream_name = log_stream
        self.memory_limit_in_mb = memory
        self.tenant_id = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds of simulated time until ``Timeout``; shrinks while the handler sleeps.

        It does not include the scenario's ``duration:``, which is added after the handler has
        returned. With ``clock="real"`` it is real time.
        """
        return max(0, self._deadline_us - self._clock.seen_us) // 1000

    def log(self, message: object) -> None:
        """Prints the message, as Lambda writes it to the log."""
        print(message)

    def __repr__(self) -> str:
        return (
            f"LambdaContext(function_name={self.function_name!r}, "
            f"aws_request_id={self.aws_request_id!r})"
        )


def log_stream(function_name: str, environment: int, wall_s: float) -> str:
    """``2026/01/01/[$LATEST]`` and 32 hex digits that belong to the execution environment."""
    day = datetime.fromtimestamp(wall_s, timezone.utc).strftime("%Y/%m/%d")
    digits = hashlib.md5(f"{function_name}#{environment}".encode()).hexdigest()
    return f"{day}/[$LATEST]{digits}"
