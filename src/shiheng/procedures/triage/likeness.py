"""How like two letters are, and what makes one a repeat of another or equal to it. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

_MARKS = re.compile(r"[\s\W_]+")
REPEAT_DAYS, EQUAL_DAYS = 365, 90
SOMEWHAT, LIKE, VERY_LIKE = 0.2, 0.35, 0.8
LEAST_EQUAL = 3


def plain(text: str) -> str:
    """A text without blanks and marks, letters small: what two copies of one letter have in common."""
    return _MARKS.sub("", text).casefold()


def pieces(text: str) -> frozenset[str]:
    """Every two characters that stand side by side."""
    bare = plain(text)
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """The share of pieces two texts have in common, of all that either has."""
    both = len(set(one) & set(other))
    return both / max(1, len(one) + len(other) - both)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two letters against one another: who, against whom, how like, how far apart in days."""

    person: bool | None
    against: bool
    like: float
    days: int
    kind: bool = False

    @property
    def repeat(self) -> bool:
        """Whether the later may be the same letter again: the same sender on the same thing; of a sender nothing is
        known of, only nearly the same words against the same business."""
        if self.days > REPEAT_DAYS:
            return False
        if self.person:
            return self.like >= (SOMEWHAT if self.against else LIKE)
        return self.person is None and self.against and self.like >= VERY_LIKE

    @property
    def equal(self) -> bool:
        """Whether somebody else complains of the same business for the same thing."""
        return self.person is not True and self.against and self.days <= EQUAL_DAYS and (self.kind or self.like >= LIKE)


@dataclass(frozen=True, slots=True)
class Sides:
    """What of a letter is compared."""

    person: str
    against: str
    text: frozenset[str]
    day: date
    kind: str = ""


def compare(one: Sides, other: Sides) -> Compared:
    """Compare two letters; where a sender is not known, it is not known whether they are the same."""
    known = one.person and other.person
    return Compared(
        person=one.person == other.person if known else None,
        against=bool(one.against) and one.against == other.against,
        like=likeness(one.text, other.text),
        days=abs((one.day - other.day).days),
        kind=bool(one.kind) and one.kind == other.kind,
    )
