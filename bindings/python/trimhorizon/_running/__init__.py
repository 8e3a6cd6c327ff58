"""Runs that are held in hand, and what is told while any run lasts.

==============  ==================================================================================
``simulation``  ``Simulation``: a run that is stepped, forked, disturbed
``views``       what can be looked at in it: shards, pollers, batches, what is due
``progress``    a callable or a bar that shows how far a run is
==============  ==================================================================================
"""
