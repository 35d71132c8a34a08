"""Recording what was done for a duty of law education."""

from datetime import date
from uuid import UUID

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.lists import queries
from shiheng.catalogue.lists.definition import EDUCATION
from shiheng.catalogue.models import LawActivity
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named

named.declare(education_held="登记普法活动")


def hold(
    who: Who, duty: str, *, day: date, title: str, place: str, people: int, key: UUID | None = None
) -> LawActivity:
    """One activity for one duty; it cannot lie in the future, for it is a record."""
    if not who.may(May.KEEP_CATALOGUE):
        raise Forbidden("education.hold", "您的岗位不能登记普法活动。")
    declared = queries.one(EDUCATION, duty)
    if day > clock.today():
        raise Refused("education.day", "活动日期不能晚于今天。", field="day")
    if day < declared.in_force_from:
        raise Refused("education.day", "活动日期早于这项普法责任的施行日期。", field="day")
    payload = {"duty": duty, "day": day.isoformat(), "title": title, "place": place, "people": people}

    def do() -> dict[str, int]:
        row = LawActivity.objects.create(
            duty=duty,
            day=day,
            title=title[:200],
            place=place[:200],
            people=people,
            scope=who.grants[0].path if who.grants else "",
            by=who.name,
            at=clock.now(),
        )
        ledger.record("education.held", subject=f"education:{duty}", who=who, facts=payload)
        return {"activity": row.pk}

    result, _fresh = once(who, key=key, action="education.hold", payload=payload, do=do)
    return LawActivity.objects.get(pk=result["activity"])
