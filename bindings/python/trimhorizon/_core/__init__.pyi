# Stubs of the native module, written by hand: one for each file bindings/cpp/bind_*.cpp.
# tests/python/test_build.py compares them with the built module.
from . import explore, handlers, picture, run, scenario, session, sweep, table

__edition__: str
__version__: str
__build__: str
