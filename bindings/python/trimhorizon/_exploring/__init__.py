"""Finds every way in which a scenario can go wrong, and repeats the run that shows one.

===============  =================================================================================
``exploration``  ``explore()``: every run with at most a given number of faults
``replay``       ``replay()``: the run with the decisions that an exploration found
===============  =================================================================================
"""
