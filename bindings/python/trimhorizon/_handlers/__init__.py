"""Your function in the loop: called as Lambda calls it, judged as Lambda judges it.

============  ====================================================================================
``settings``  ``handler()``: a handler and how it is run
``effects``   ``effect()``: the handler says for which records it did its work
``function``  ``Function``: what the core calls: a Call in, an Answer out
``runtime``   ``Runtime``: all handlers of one run, in their sandbox
============  ====================================================================================
"""

from .effects import effect
from .runtime import HandlerFailure, Runtime, warn_of_ignored_rules
from .settings import Handler, handler

__all__ = ["Handler", "HandlerFailure", "Runtime", "effect", "handler", "warn_of_ignored_rules"]
