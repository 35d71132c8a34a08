"""How like two letters are, and what makes one a repeat of another or equal to it. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

_MARKS = re.compile(r"[\s\W_]+")
REPEAT_DAYS, EQUAL_DAYS = 365, 90
SOMEWHAT, LIKE, VERY_LIKE = 0.2, 0.35, 0.8
LEAST_EQUAL = 3
NUMBERED = "s:"
"""What the name of a business begins with that stands on the register."""


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
    """Two letters against one another: who, against whom, how like, how far apart in days.

    Of ``person`` and ``against`` nothing says that it cannot be told whether they are the same.
    """

    person: bool | None
    against: bool | None
    like: float
    days: int
    kind: bool = False

    @property
    def repeat(self) -> bool:
        """Whether the later may be the same letter again: the same sender on the same thing; of a sender nothing is
        known of, only nearly the same words against the same business. The same words against another business are
        another dispute."""
        if self.days > REPEAT_DAYS or self.against is False:
            return False
        if self.person:
            return self.like >= (SOMEWHAT if self.against else LIKE)
        return self.person is None and self.against is True and self.like >= VERY_LIKE

    @property
    def equal(self) -> bool:
        """Whether somebody else complains of the same business for the same thing."""
        alike = self.kind or self.like >= LIKE
        return self.person is not True and self.against is True and self.days <= EQUAL_DAYS and alike


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
        against=_same_business(one.against, other.against),
        like=likeness(one.text, other.text),
        days=abs((one.day - other.day).days),
        kind=bool(one.kind) and one.kind == other.kind,
    )


def _same_business(one: str, other: str) -> bool | None:
    """Whether two letters are against one business: two of the register are told apart by their numbers, names as
    people write them are not."""
    if one and one == other:
        return True
    return False if one.startswith(NUMBERED) and other.startswith(NUMBERED) else None
