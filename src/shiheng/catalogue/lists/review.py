"""Whether a decision needs legal review before it is made, and why (重大执法决定法制审核目录). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from shiheng.catalogue.lists.definition import ReviewItem


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of a case when a decision is proposed; sums in fen, penalties by their codes (handbook 2.11)."""

    decision: str = "penalty"  # penalty | coercion | licensing
    penalties: frozenset[str] = frozenset()
    fine: int = 0
    confiscated: int = 0
    person: bool = False
    heard: bool = False
    public_interest: bool = False
    difficult: bool = False
    legal_relations: int = 1
    seized: int = 0
    required_by_law: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One item of the list this case meets, with what of the case meets it."""

    item: ReviewItem
    met: tuple[str, ...]


def needs_legal_review(facts: CaseFacts, items: Iterable[ReviewItem]) -> list[Reason]:
    """The items of the list a case meets; none means a case review is enough."""
    return [
        Reason(item, tuple(item.when))
        for item in items
        if item.decision == facts.decision and all(_holds(facts, name, asked) for name, asked in item.when.items())
    ]


def _holds(facts: CaseFacts, name: str, asked: object) -> bool:
    held = getattr(facts, name)
    if isinstance(asked, bool):
        return bool(held) is asked
    if isinstance(asked, int):
        return bool(held >= asked)
    if isinstance(asked, list):
        return bool(held & set(asked))
    return bool(held == asked)
