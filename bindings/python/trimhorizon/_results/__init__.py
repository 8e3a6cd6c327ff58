"""The results of runs.

==============  ==================================================================================
``result``      ``Result``: one run as numbers, tables and text
``tables``      ``Table``: a row is a dict, a column is a list; Arrow reads it
``difference``  ``diff()``: the first event in which two runs differ
``golden``      runs that are kept in files, for the pytest plugin
``html``        all of them as HTML, for notebooks and for files
==============  ==================================================================================
"""
