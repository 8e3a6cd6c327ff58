"""Runs your own function in a simulation, as Lambda would call and judge it.

============  ====================================================================================
``settings``  ``handler()``: a handler and how it is run
``effects``   ``effect()``: the handler says for which records it did its work
``function``  ``Function``: the core calls it with a Call and gets an Answer
``runtime``   ``Runtime``: all handlers of one run, in their sandbox
============  ====================================================================================
"""

from .effects import effect
from .runtime import HandlerFailure, Runtime, warn_of_ignored_rules
from .settings import Handler, handler

__all__ = ["Handler", "HandlerFailure", "Runtime", "effect", "handler", "warn_of_ignored_rules"]
