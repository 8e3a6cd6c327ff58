"""Every way in which a scenario can go wrong, and the run that shows one.

===============  =================================================================================
``exploration``  ``explore()``: every run with at most so many faults
``replay``       ``replay()``: the run with the decisions that an exploration found
===============  =================================================================================
"""
