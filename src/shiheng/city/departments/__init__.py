"""The files every department sends of the lives its businesses lead, under the columns of the agreed contracts.

``generator.write`` makes them beside the register; what is true of each event and each spoilt row goes to ``lives/``.
Each source is written on its own, so that a folder made by an older version gets only what it lacks.
"""
