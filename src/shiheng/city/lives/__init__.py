"""What the city's businesses go through, a contributor to each subject matter; events follow the hidden conduct.

A contributor is a module with ``MATTER`` (its name), ``live`` (adds events to one life) and ``SHEETS`` (the files
departments make of such events). ``matters`` puts them in order: what follows from something comes after it.
"""
