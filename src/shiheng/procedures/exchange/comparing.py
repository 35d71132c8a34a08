"""A platform's list against our files: what either side lacks, what each says otherwise. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shiheng.procedures.exchange.definition import Platform

THEIRS, OURS, STATE = "theirs", "ours", "state"
RESULTS = {THEIRS: "平台有、本局没有", OURS: "本局有、平台没有", STATE: "状态不同"}


@dataclass(frozen=True, slots=True)
class Held:
    """A matter as we have it: its state, and the rows that open it."""

    state: str
    title: str
    order: int | None = None
    file: int | None = None
    taken: bool = True  # false: its row waits to be put right, or was not taken


@dataclass(frozen=True, slots=True)
class Difference:
    """One matter both sides do not say the same of."""

    kind: str
    number: str
    theirs: str
    ours: str
    order: int | None = None
    file: int | None = None


def compare(
    platform: Platform, theirs: Mapping[str, str], ours: Mapping[str, Held]
) -> tuple[list[Difference], int]:  # fmt: skip
    """Everything that differs, by kind and number, and how many are the same. ``theirs``: their number, their state."""
    found, same = [], 0
    for number in sorted({*theirs, *ours}):
        held, said = ours.get(number), theirs.get(number)
        if held is None:
            found.append(Difference(THEIRS, number, said or "", ""))
        elif said is None:
            if held.taken:
                found.append(Difference(OURS, number, "", held.title, held.order, held.file))
        elif not held.taken:
            found.append(Difference(THEIRS, number, said, held.title, held.order, held.file))
        elif said and not platform.agrees(said, held.state):
            found.append(Difference(STATE, number, said, held.title, held.order, held.file))
        else:
            same += 1
    order = list(RESULTS)
    return sorted(found, key=lambda one: (order.index(one.kind), one.number)), same
