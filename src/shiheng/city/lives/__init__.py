"""What the city's businesses go through, a contributor to each subject matter; events follow the hidden conduct.

A contributor is a module with ``live``, which adds events to one life from a stream of its own; ``matters`` puts
them in order: what follows from something comes after it. ``departments`` writes the files that tell of these events.
"""
