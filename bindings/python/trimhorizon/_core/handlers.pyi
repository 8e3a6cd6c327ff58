# A user's own function: its calls and its answers (bind_handlers.cpp).
from typing import Callable, Sequence

RESPONSE_BYTES_MAX: int

class End:
    """How an invocation ended, so far as the function itself decides it."""

    returned: End
    error: End
    timeout: End
    crash: End
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class Call:
    @property
    def event_json(self) -> str:
        """The event as Lambda passes it (ESM-EVT-01)."""
    @property
    def number(self) -> int:
        """Of the invocation, from 1."""
    @property
    def chance(self) -> int:
        """What its chance begins with: the same for no other call of the run."""
    @property
    def request_id(self) -> str: ...
    @property
    def starts_us(self) -> int:
        """Since the epoch, after a cold start."""
    @property
    def epoch_ms(self) -> int:
        """Since 1970."""
    @property
    def timeout_us(self) -> int: ...
    @property
    def environment(self) -> int:
        """The execution environment, from 0."""
    @property
    def cold(self) -> bool:
        """The environment is a new one."""
    @property
    def alone(self) -> bool:
        """It belongs to no run: the explorer asks what the function makes of this batch."""

class Answer:
    def __init__(
        self, end: End, response: str = "", slept_us: int = 0, effects: list[int] | None = None
    ) -> None: ...
    @property
    def end(self) -> End: ...
    @property
    def response(self) -> str:
        """JSON, when it returned."""
    @property
    def slept_us(self) -> int: ...
    @property
    def effects(self) -> list[int] | None:
        """Offsets of the records it did its work for; None: as it answers."""

_Functions = Sequence[tuple[str, Callable[[Call], Answer]]]
