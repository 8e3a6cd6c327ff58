"""What runs come to.

==============  ==================================================================================
``result``      ``Result``: one run, in numbers, tables and words
``tables``      ``Table``: rows as dicts, columns as lists, memory as Arrow
``difference``  ``diff()``: where two runs part
``golden``      runs that are kept in files, for the pytest plugin
``html``        all of them as HTML, for notebooks and for files
==============  ==================================================================================
"""
