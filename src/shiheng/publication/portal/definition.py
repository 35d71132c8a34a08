"""What of each kind of Records everybody may read, fact by fact: declared by lines of business. Pure.

What is not named stays in the house. ``texts`` are facts in free words: they go out with everything personal in them
marked as left out. ``side`` says whether it speaks for a business, against it, or tells only what was found.
"""

from dataclasses import dataclass
from datetime import date

from shiheng.subjects.definition import Basis

PUBLIC_KINDS = "public-kinds"
PUBLIC_FEEDS = "public-feeds"
SIDES = {"good": "许可与守信", "bad": "处罚与名录", "plain": "检查与抽检"}


@dataclass(frozen=True, slots=True)
class PublicKind:
    """One kind of Records on public pages. ``section`` is its heading in the credit report."""

    code: str
    in_force_from: date
    title: str
    side: str
    section: str
    facts: tuple[str, ...]
    texts: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = ()

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"{self.code}: a side is one of {', '.join(SIDES)}, not {self.side!r}")
        if both := set(self.facts) & set(self.texts):
            raise ValueError(f"{self.code}: {', '.join(sorted(both))} cannot be both a plain fact and free words")


@dataclass(frozen=True, slots=True)
class PublicFeed:
    """What anybody may be told of as it comes: the newest public entries of these registers, by their codes."""

    code: str
    in_force_from: date
    title: str
    about: str
    registers: tuple[str, ...]
