"""Does this row mean that subject? Weighed sign by sign, for one row or for millions. Pure.

``forms`` makes alike what is written differently and meant alike; ``sides`` puts both sides into one shape and gives
the keys by which they may meet; ``weigh`` says how much each sign is worth; ``judge`` decides, and ``sentences`` says
why in words an officer can check. Nothing here knows a database: whoever asks brings both sides as statements.
"""
