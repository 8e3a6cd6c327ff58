"""``th.effect``: a handler reports the work that it did."""

from __future__ import annotations

import json
from typing import Any

from .._core.handlers import Call

__all__ = ["Effects", "effect"]


def effect(record: Any) -> bool:
    """Reports that the handler did its work for a record. Call it where the work is done.

    Without it, a run derives effects from the handler's answer. With it, work that is done before
    an exception, a timeout or a crash counts, and skipped records do not. Several calls for one
    record count once in an invocation. In the next invocation it counts again.

    Parameters
    ----------
    record : dict, str or object
        A record of the event, its ``eventID`` or sequence number, or a Powertools record.

    Returns
    -------
    bool
        Whether a simulation counted it. Outside of a simulation the function does nothing and
        returns False, so that the handler runs anywhere.

    Raises
    ------
    ValueError
        If the record is not in the current batch.

    Examples
    --------
    >>> import trimhorizon as th
    >>> def billing(event, context):
    ...     for record in event["Records"]:
    ...         th.effect(record)  # the work is done: an error after it makes a duplicate
    ...     calls.append(context.aws_request_id)
    ...     if len(calls) == 1:
    ...         raise RuntimeError
    >>> calls = []
    >>> th.example().run(handlers={"billing": billing}).duplicates
    5
    """
    if Effects.current is None:
        return False
    Effects.current.note(record)
    return True


class Effects:
    """The records of one call for which the handler reported its work.

    Attributes
    ----------
    offsets : list of int or None
        Their offsets in the batch; None until the handler reports the first one.
    """

    current: Effects | None = None  # of the call in progress, if any

    def __init__(self, call: Call):
        self._call = call
        self._offsets_by_number: dict[str, int] | None = None
        self.offsets: list[int] | None = None

    def note(self, record: Any) -> None:
        """Notes that the work for this record is done."""
        if self._offsets_by_number is None:
            self._offsets_by_number = {
                each["kinesis"]["sequenceNumber"]: offset
                for offset, each in enumerate(json.loads(self._call.event_json)["Records"])
            }
        number = _sequence_number(record)
        if number not in self._offsets_by_number:
            raise ValueError(f"record {number} is not in this batch")
        if self.offsets is None:
            self.offsets = []
        self.offsets.append(self._offsets_by_number[number])


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
    raise ValueError(f"this is not a record of a Kinesis event: {record!r}")
