"""The process as a handler sees it: simulated time, seeded randomness, Lambda's environment.

Everything that changes the process while handlers run is in this package. Each part can be used
alone. ``Sandbox.active`` applies all of them, and undoes all of them at the end:

=================  ===============================================================================
``sandbox``        ``Sandbox``: all parts of one run; one run at a time
``clock``          ``Clock``: simulated time, and the wall clocks that show it
``chance``         ``Chance``: ``random``, ``uuid``, ``os.urandom``, numpy as functions of a seed
``real``           the original functions of the process that are replaced
``stand_ins``      their replacements: each checks whether its caller belongs to the run
``patches``        ``Patches``: puts the replacements wherever the real functions were captured
``users_code``     the functions inside a callable, and which modules are the user's
``memory``         ``Memory``: puts back what a function remembers
``modules``        ``FreshModules``: a package imported again for one execution environment
``variables``      ``Variables``: Lambda's environment variables and its time zone
``event_loop``     calls a function outside of the notebook's event loop
``interrupts``     Ctrl-C: delayed while the process is being changed
``context``        ``LambdaContext``: the second argument of a handler
=================  ===============================================================================
"""

from .clock import Clock, TimedOut
from .context import LambdaContext, log_stream
from .event_loop import outside_any_loop
from .interrupts import check, interruptible
from .memory import Memory
from .modules import FreshModules
from .real import REAL
from .sandbox import Sandbox

__all__ = [
    "REAL",
    "Clock",
    "FreshModules",
    "LambdaContext",
    "Memory",
    "Sandbox",
    "TimedOut",
    "check",
    "interruptible",
    "log_stream",
    "outside_any_loop",
]
