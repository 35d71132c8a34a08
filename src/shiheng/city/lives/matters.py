"""The contributors in order: what follows from something is told after it."""

from collections.abc import Iterator
from datetime import date

from shiheng.city import definition as d
from shiheng.city.draw import stream
from shiheng.city.lives import (
    abroad,
    annual,
    complaints,
    courts,
    inspections,
    penalties,
    positions,
    registry,
    samplings,
    taxes,
    things,
    workforce,
)
from shiheng.city.lives.model import Life, Live, begin
from shiheng.city.model import Subject

# Each draws from a stream of its own, so that one more disturbs none of the others.
MATTERS: dict[str, Live] = {
    "registry": registry.live,
    "workforce": workforce.live,
    "taxes": taxes.live,
    "complaints": complaints.live,
    "inspections": inspections.live,
    "samplings": samplings.live,
    "penalties": penalties.live,
    "annual": annual.live,
    "courts": courts.live,
    "things": things.live,
    "abroad": abroad.live,
    "positions": positions.live,
}


def lives(subjects: list[Subject], *, seed: int, until: date) -> Iterator[Life]:
    """The lives of one block's subjects in order of their numbers; they do not depend on how many were asked for."""
    block = subjects[0].k // d.BLOCK
    streams = [(stream(seed, "lives", matter, block), live) for matter, live in MATTERS.items()]
    for subject in subjects:
        life = begin(subject, until)
        for rng, live in streams:
            live(rng, life)
        yield life
