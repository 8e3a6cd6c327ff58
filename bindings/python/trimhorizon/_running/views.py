"""What a simulation shows, as plain values."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

__all__ = ["Batch", "InFlight", "PendingEvent", "Poller", "Shard"]


class Shard(NamedTuple):
    """A shard: its range of hash keys (decimal, both ends included) and how much it holds.

    Examples
    --------
    >>> import trimhorizon as th
    >>> sim = th.example().start()
    >>> sim.run_until("450ms")
    >>> sim.shards[0].shard, sim.shards[0].stored
    ('shardId-000000000000', 4)
    """

    stream: str
    shard: str
    starting_hash_key: str
    ending_hash_key: str
    created: timedelta
    stored: int
    trim_horizon: int  # position of the oldest record that can be read


class Batch(NamedTuple):
    """A batch, or the rest of one: the positions from ``first`` to before ``end`` in its shard.

    Examples
    --------
    >>> import trimhorizon as th
    >>> sim = th.example().start()
    >>> sim.run_until("1005ms")
    >>> sim.pollers[0].lane[0].records
    ['r0', 'r1', 'r2', 'r3', 'r4']
    """

    first: int
    end: int
    attempts: int
    retries_used: int
    records: list[str]


class InFlight(NamedTuple):
    """An invocation that has started and has not ended.

    Examples
    --------
    >>> import trimhorizon as th
    >>> sim = th.example().start()
    >>> sim.run_until("1005ms")
    >>> str(sim.pollers[0].in_flight.ends), sim.pollers[0].in_flight.attempt
    ('0:00:01.010000', 1)
    """

    number: int
    attempt: int
    started: timedelta
    ends: timedelta
    records: list[str]


class Poller(NamedTuple):
    """Reads one shard for one mapping.

    ``iterator`` is the position of the first record that is not settled: the next one to read.
    ``checkpoint`` is the id of the last settled record. ``phase`` is ``stopped``, ``parked``
    (nothing to read), ``polling``, ``waiting`` (back-off) or ``in_flight``. ``lane`` is a stack of
    batches. The last one is next.

    Examples
    --------
    >>> import trimhorizon as th
    >>> sim = th.example().start()
    >>> sim.run_until("1015ms")
    >>> sim.pollers[0].phase, sim.pollers[0].checkpoint, sim.pollers[0].iterator
    ('in_flight', 'r4', 5)
    """

    mapping: str
    shard: str
    phase: str
    incarnation: int
    checkpoint: str | None
    iterator: int
    pending: int
    lane: list[Batch]
    in_flight: InFlight | None


class PendingEvent(NamedTuple):
    """An event that will happen, unless an earlier event prevents it.

    Examples
    --------
    >>> import trimhorizon as th
    >>> sim = th.example().start()
    >>> sim.run_until("1005ms")
    >>> sim.pending[0].event, str(sim.pending[0].at)
    ('invocation_done', '0:00:01.010000')
    """

    at: timedelta
    event: str
    entity: str
    cause: int  # number of the trace event that led to it; 0: the scenario itself
