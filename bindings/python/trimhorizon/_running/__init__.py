"""Runs in every form but one from beginning to end, which is ``Scenario.run``.

===============  =================================================================================
``simulation``   ``Simulation``: a run held in hand: stepped, forked, disturbed
``views``        what can be looked at in it: shards, pollers, batches, what is due
``exploration``  ``explore()``: every run with at most so many faults
``replay``       ``replay()``: the run with the decisions that an exploration found
``progress``     what is told while any of them lasts
===============  =================================================================================
"""
