"""Trimhorizon: a deterministic simulator of Amazon Kinesis and AWS Lambda.

Examples
--------
>>> import trimhorizon as th
>>> result = th.example().run(seed=1)
>>> result.lost, result.duplicates
(0, 0)
"""

from . import _moved, plot  # _moved: old names, for pickles
from ._core import __build__, __version__
from ._errors import (
    Diagnostic,
    DriftError,
    ExpectationError,
    ExploreError,
    HandlerError,
    InternalError,
    InvariantViolation,
    ScenarioError,
    TrimhorizonError,
    TrimhorizonWarning,
)
from ._explore import Exploration, Violation, explore
from ._handlers import HandlerFailure, effect, handler
from ._replay import Replay, replay
from ._result import Explanation, Result
from ._scenario import Scenario, example, load, loads
from ._simulation import (
    Batch,
    Difference,
    InFlight,
    PendingEvent,
    Poller,
    Shard,
    Simulation,
    diff,
)
from ._sweep import Sweep, SweepError, SweepFailure, sweep
from ._tables import DestinationTable, Table

__all__ = [
    "Batch",
    "DestinationTable",
    "Diagnostic",
    "Difference",
    "DriftError",
    "ExpectationError",
    "Explanation",
    "Exploration",
    "ExploreError",
    "HandlerError",
    "HandlerFailure",
    "InFlight",
    "InternalError",
    "InvariantViolation",
    "PendingEvent",
    "Poller",
    "Replay",
    "Result",
    "Scenario",
    "ScenarioError",
    "Shard",
    "Simulation",
    "Sweep",
    "SweepError",
    "SweepFailure",
    "Table",
    "TrimhorizonError",
    "TrimhorizonWarning",
    "Violation",
    "__build__",
    "__version__",
    "diff",
    "effect",
    "example",
    "explore",
    "handler",
    "load",
    "loads",
    "plot",
    "replay",
    "sweep",
]
