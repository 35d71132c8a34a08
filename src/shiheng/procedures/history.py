"""What was dealt with before about a business: penalties that departments reported, and what our own files decided."""

from dataclasses import dataclass
from datetime import date

from shiheng.procedures.models import Passage, Proceeding
from shiheng.subjects.models import Record
from shiheng.subjects.queries import family_of

REVOKED = ("已撤销", "deleted")  # not shown: states as they are kept
MOST = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier dealing: when, what it was, and under which number."""

    day: date
    title: str
    number: str


def earlier(found: Proceeding, code: str, steps: dict[str, str]) -> list[Earlier]:
    """Earlier dealings with the business of a file, the latest first: Records of penalties, and these steps of our own
    files of a procedure."""
    if found.subject_id is None:
        return []
    family = family_of(found.subject_id)
    records = Record.objects.filter(
        subject__in=family, kind="penalty", current=True, gone_on=None, day__lte=found.received_on
    ).exclude(state__in=REVOKED)  # fmt: skip
    held = [
        Earlier(row.day, row.title or PENALTY, row.key)
        for row in records.order_by("-day", "-pk").only("day", "title", "key")[:MOST]
        if row.day
    ]
    own = Passage.objects.filter(
        proceeding__subject__in=family, proceeding__procedure=code, step__in=steps, voided_at=None
    ).exclude(proceeding=found)  # fmt: skip
    rows = own.order_by("-day", "-pk").values_list("day", "step", "proceeding__number")[:MOST]
    held += [Earlier(day, steps[step], number) for day, step, number in rows]
    return sorted(held, key=lambda one: one.day, reverse=True)[:MOST]


PENALTY = "行政处罚"  # not shown: as the records call it
