"""By which calendar and which version files go, as the bureau confirmed it; the previews that wait."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.kernel.calendars import Calendar, OwnRow, published_calendar
from shiheng.kernel.errors import Missing
from shiheng.procedures.contents import procedure_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import Procedure
from shiheng.procedures.models import Move, Moved, Proceeding

IN_FORCE = ("running", "done", "adopted")
RECEIPT = "receipt"
"""The rule where the bureau chose none: the version of the day of receipt."""


@dataclass(slots=True)
class _Held:
    number: int = -1
    calendar: Calendar | None = None


_held = _Held()


def adopted() -> Move | None:
    """The loaded calendar that files are reckoned by; none: the published years alone."""
    return Move.objects.filter(kind="calendar", state__in=IN_FORCE).order_by("-id").defer("days").first()


def calendar() -> Calendar:
    """The calendar files are reckoned by: what was loaded counts from the moment somebody confirmed what it moves."""
    found = Move.objects.filter(kind="calendar", state__in=IN_FORCE).order_by("-id").values_list("pk", flat=True)
    number = found.first() or 0
    if _held.number != number or _held.calendar is None:
        rows = Move.objects.values_list("days", flat=True).get(pk=number) if number else []
        _held.calendar, _held.number = published_calendar().with_rows(rows_of(rows)), number
    return _held.calendar


def rows_of(days: list[list[object]]) -> list[OwnRow]:
    """The rows of a holiday table as a move keeps them."""
    return [
        OwnRow(date.fromisoformat(str(day)), bool(works), str(name), str(source)) for day, works, name, source in days
    ]


def calendar_of(move: Move) -> Calendar:
    """The calendar as it would be."""
    return published_calendar().with_rows(rows_of(move.days))


def rule_of(code: str) -> str:
    """By which step's day the bureau finds the version of a file; ``RECEIPT``: by the day it was received."""
    held = Move.objects.filter(kind="choice", procedure=code, state__in=IN_FORCE).order_by("-id")
    return held.values_list("rule", flat=True).first() or RECEIPT


def version_by(code: str, rule: str, received: date, days: dict[str, date]) -> Procedure:
    """The procedure a file goes by under a rule: in force on the day of that step, before it on the day of receipt."""
    return procedure_of(code, on=days.get(rule, received))


def step_days(course: Course) -> dict[str, date]:
    """On which day each step was first taken."""
    days: dict[str, date] = {}
    for passage in course.live:
        days.setdefault(passage.step, passage.day)
    return days


def version_at(found: Proceeding, course: Course, step: str, day: date) -> Procedure | None:
    """The version a step of that day brings a file under, where the bureau chose so; none: it keeps its own."""
    if not course.procedure.step(step) or course.has(step) or not Move.objects.filter(kind="choice").exists():
        return None
    fresh = procedure_of(found.procedure, on=day)
    if fresh is course.procedure or rule_of(found.procedure) != step:
        return None
    return None if replace(course, procedure=fresh).broken(calendar()) else fresh


def may_see(who: Who) -> bool:
    return who.may(May.ASSIGN_FILES)


def may_decide(who: Who, scope: str | None = None) -> bool:
    """Whether ``who`` confirms what moves the files of a territory."""
    return who.may(May.DECIDE_CATALOGUE, scope)


def listed() -> "QuerySet[Move]":
    return Move.objects.defer("days").order_by("-id")


def find(who: Who, number: int) -> Move:
    found = listed().filter(pk=number).first() if may_see(who) else None
    if found is None:
        raise Missing("move.unknown", _("没有这份变动预览。"))
    return found


def rows_for(who: Who, move: Move) -> "QuerySet[Moved]":
    """Its rows over the territory of the reader."""
    from shiheng.procedures.queries import visible_to  # that module reads calendars here

    rows = Moved.objects.filter(move=move, proceeding__in=visible_to(who).values("pk"))
    return rows.select_related("proceeding")


def outside(who: Who, move: Move) -> bool:
    """Whether files are moved over which ``who`` does not decide."""
    paths = who.paths(May.DECIDE_CATALOGUE)
    if "" in paths:
        return False
    scopes = Moved.objects.filter(move=move).values_list("proceeding__scope", flat=True).distinct()
    return any(not scope.startswith(paths) for scope in scopes)
