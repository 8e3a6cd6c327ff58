"""Many runs: each combination of some settings, with many seeds.

============  ====================================================================================
``sweep``     ``sweep()`` and ``Sweep``, the table that it returns
``dispatch``  makes the runs on an executor, even if a pool breaks
``worker``    the work of one worker: some runs of some points
============  ====================================================================================
"""
