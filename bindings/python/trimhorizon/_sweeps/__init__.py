"""Many runs: a grid of settings, each with many seeds.

============  ====================================================================================
``sweep``     ``sweep()`` and ``Sweep``, the table that it returns
``dispatch``  the runs on an executor, through pools that break
``worker``    what is done there: some runs of some points
============  ====================================================================================
"""
