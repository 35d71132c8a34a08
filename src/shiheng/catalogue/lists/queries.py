"""The lists in force on a day, and what was recorded of law education."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.lists.definition import REVIEWS, ReviewItem
from shiheng.catalogue.models import LawActivity
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing


def in_force(engine: str, *, on: date | None = None) -> list[Any]:
    """What an engine's lines declare and has not ended by a day."""
    on = on or clock.today()
    return [held for held in registry.all_of(engine, on=on) if getattr(held, "until", None) is None or held.until >= on]


def one(engine: str, code: str, *, on: date | None = None) -> Any:
    """One declared list in force on a day."""
    for held in in_force(engine, on=on):
        if held.code == code:
            return held
    raise Missing("list.unknown", "没有这份清单，或者在所选日期尚未施行。")


def versions(engine: str, code: str) -> list[date]:
    """The first days of the versions of one list, latest first."""
    return sorted((held.in_force_from for held in registry.all_of(engine) if held.code == code), reverse=True)


def reviews(*, on: date | None = None) -> list[ReviewItem]:
    """The kinds of decision that need legal review on a day."""
    return list(in_force(REVIEWS, on=on))


def visible_to(who: Who) -> QuerySet[LawActivity]:
    """The activities of law education: every officer sees all of them, they are public work."""
    return LawActivity.objects.all() if who.may(May.SEE_DESK) else LawActivity.objects.none()


def activities(who: Who, duty: str) -> QuerySet[LawActivity]:
    return visible_to(who).filter(duty=duty)
