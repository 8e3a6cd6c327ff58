# The native module, by hand: a stub for each family, as bindings/cpp has a file for each.
# tests/python/test_build.py compares them with what is built.
from . import explore, handlers, picture, run, scenario, session, sweep, table

__version__: str
__build__: str
