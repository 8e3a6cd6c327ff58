"""Trimhorizon: a deterministic simulator of Amazon Kinesis and AWS Lambda.

Examples
--------
>>> import trimhorizon as th
>>> result = th.example().run(seed=1)
>>> result.lost, result.duplicates
(0, 0)
"""

from . import _moved, plot  # _moved: old names, for pickles
from ._core import __build__, __edition__, __version__
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
from ._exploring.exploration import Exploration, Violation, explore
from ._exploring.replay import Replay, replay
from ._handlers import HandlerFailure, effect, handler
from ._results.difference import Difference, diff
from ._results.result import Explanation, Result
from ._results.tables import DestinationTable, Table
from ._running.simulation import Simulation
from ._running.views import Batch, InFlight, PendingEvent, Poller, Shard
from ._scenario import Scenario, example, load, loads
from ._sweeps.sweep import Sweep, SweepError, SweepFailure, sweep

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
    "__edition__",
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
