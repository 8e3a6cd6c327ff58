"""The process as a handler sees it: simulated time, seeded chance, Lambda's environment.

Everything that changes the process while handlers run is in this package, and each part can be
used alone. ``Sandbox.active`` puts all of them in place, and takes all of them back:

=================  ===============================================================================
``sandbox``        ``Sandbox``: all parts of one run; one run at a time
``clock``          ``Clock``: simulated time, and the wall clocks that show it
``chance``         ``Chance``: ``random``, ``uuid``, ``os.urandom``, numpy as functions of a seed
``real``           the functions of the process that are replaced, as they were
``stand_ins``      what replaces them: each asks whether its caller belongs to the run
``patches``        ``Patches``: puts the stand-ins wherever the real ones were captured
``users_code``     what a callable is made of, and which modules are the user's
``memory``         ``Memory``: what a function remembers, put back
``modules``        ``FreshModules``: a package imported again for one execution environment
``variables``      ``Variables``: Lambda's environment variables and its time zone
``event_loop``     calls outside of a notebook's own event loop
``interrupts``     Ctrl-C: held back while the process is being changed
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
