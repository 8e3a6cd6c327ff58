"""Simulations that the user controls, and the progress of runs.

==============  ==================================================================================
``simulation``  ``Simulation``: a run that you step, fork and inject faults into
``views``       what a simulation shows: shards, pollers, batches, pending events
``progress``    a callable or a bar that shows how far a run is
==============  ==================================================================================
"""
