"""Evidence as pages and exports read it: the items of a file one may see, what they are to prove, what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.violations import VIOLATIONS, Violation
from shiheng.kernel.errors import Forbidden, Missing, Refused
from shiheng.ledger import files
from shiheng.procedures import queries
from shiheng.procedures.course import Course
from shiheng.procedures.evidence import chain, gaps, pictures
from shiheng.procedures.models import Allegation, Carried, Custody, Evidence, Proceeding

NAMES = ("violation", "violations")
"""The facts of a procedure's steps that name what a file is about."""
RECORD = ""  # of a step's own record nobody said which kind it is
MOST_DRAWN = 100 * 1024**2
PAGES_KNOWN = 1_000
_pages: dict[str, int] = {}  # by hash: what is kept under one never changes


def of_file(proceeding: Proceeding) -> "QuerySet[Evidence]":
    """Every item of a file, the withdrawn ones too, as they came. The file itself is chosen by ``queries.find``."""
    return Evidence.objects.filter(proceeding=proceeding).order_by("number")


def find(who: Who, number: int, item: int) -> Evidence:
    """One item of a file one may see, or ``Missing``."""
    found = of_file(queries.find(who, number)).select_related("proceeding").filter(number=item).first()
    if found is None:
        raise Missing("evidence.unknown", _("案卷里没有这件证据。"))
    return found


def may_handle(who: Who, proceeding: Proceeding) -> bool:
    """Whether evidence of a file is in one's hands at all."""
    return who.may(May.HANDLE_FILES, proceeding.scope) or queries.stands_in(who, proceeding.pk)


def may_read(who: Who, found: Evidence) -> bool:
    """Whether the content may be seen: what is confined, only by who handles the file, who took it, and chiefs."""
    if not found.confidential:
        return True
    held = found.proceeding
    return (
        who.kind == "system" or (who.account_id is not None and who.account_id == held.officer_id)
        or who.key == found.actor or any(key == who.key for key, _name in found.taken_by)
        or who.may(May.ASSIGN_FILES, held.scope)
    )  # fmt: skip


def check_readable(who: Who, found: Evidence) -> None:
    """Raises ``Forbidden`` to whoever may know of an item but not see it."""
    if not may_read(who, found):
        raise Forbidden("evidence.confined", _("这件证据限承办人员查看。需要查看的，请向承办人或科长说明。"))


def custody_of(found: Evidence) -> list[Custody]:
    """All that happened to an item, first to last."""
    return list(Custody.objects.filter(evidence=found).order_by("number"))


def standing_of(rows: Sequence[Custody]) -> chain.Standing:
    """Where an item stands by its custody."""
    return chain.standing(chain.Happened(row.kind, row.taker) for row in rows)


def item_of(row: Evidence) -> gaps.Item:
    """An item as the pure rules read it."""
    return gaps.Item(row.number, row.title, row.kind, tuple(row.elements), row.act, row.media, row.passage)


def standing_items(rows: Sequence[Evidence]) -> list[gaps.Item]:
    """The items that were not withdrawn."""
    return [item_of(row) for row in rows if row.withdrawn_at is None]


def carried_items(proceeding: Proceeding) -> list[gaps.Item]:
    """What other files lend to this one, as the pure rules read it; an item its own file withdrew proves nothing."""
    rows = Carried.objects.filter(proceeding=proceeding).select_related("evidence")
    return items_lent(list(rows.order_by("number")))


def items_lent(rows: Sequence[Carried]) -> list[gaps.Item]:
    """The same, of rows that were read already."""
    return [
        gaps.Item(row.number, row.title, row.evidence.kind, tuple(row.elements), media=row.evidence.media, carried=True)
        for row in rows
        if row.evidence.withdrawn_at is None
    ]


@dataclass(frozen=True, slots=True)
class Alleged:
    """A violation a file is about: by its own facts, or put down beside the evidence (``row``)."""

    violation: Violation
    row: Allegation | None = None

    def table(self, items: Sequence[gaps.Item]) -> tuple[gaps.Row, ...]:
        return gaps.table(self.violation.code, self.violation.elements, items)


def put_down(proceeding: Proceeding) -> "QuerySet[Allegation]":
    """The violations put down beside the evidence of a file."""
    return proceeding.allegations.filter(dropped_at=None).order_by("pk")


def alleged(
    proceeding: Proceeding, course: Course, beside: Iterable[Allegation] | None = None
) -> list[Alleged]:  # fmt: skip
    """What a file is about: what its steps name, then what was put down, each by the law of the day of receipt."""
    named = [code for said in course.live for name in NAMES for code in _codes(said.facts.get(name))]
    rows = {row.violation: row for row in (put_down(proceeding) if beside is None else beside)}
    found = []
    for code in dict.fromkeys([*named, *rows]):
        try:
            found.append(Alleged(lists.one(VIOLATIONS, code, on=proceeding.received_on), rows.get(code)))
        except Missing:
            continue  # not in the catalogue of that day: nothing to measure by
    return found


def _codes(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one]


def recorded(course: Course, violations: Sequence[Violation]) -> list[gaps.Item]:
    """Steps that say which elements their own record proves: an inspection, a questioning, a test. They have no number
    among the items."""
    found = []
    for said in course.live:
        step, titles = course.procedure.step(said.step), _codes(said.facts.get("elements"))
        if step is not None and titles:
            names = tuple(gaps.named(one.code, title) for one in violations for title in titles)
            found.append(gaps.Item(0, step.title, RECORD, names, passage=said.number))
    return found


def missing_in(proceeding: Proceeding, course: Course) -> list[tuple[Violation, tuple[str, ...]]]:
    """Each violation a file is about with the elements nothing proves; what a decision must not be taken without."""
    held = alleged(proceeding, course)
    items = [*standing_items(list(of_file(proceeding))), *carried_items(proceeding)] if held else []
    items += recorded(course, [one.violation for one in held])
    found = [(one.violation, gaps.missing(one.violation.code, one.violation.elements, items)) for one in held]
    return [(violation, titles) for violation, titles in found if titles]


def content_of(found: Evidence) -> bytes:
    """All of an item that is to be drawn. Raises ``Refused`` for what is too large to be held."""
    return content_at(found.file, found.size)


def content_at(sha256: str, size: int) -> bytes:
    """All of a kept file that is to be drawn."""
    if size > MOST_DRAWN:
        raise Refused("evidence.large", _("文件超过 100 MB，不能在页面上显示或者遮蔽。原件仍可下载查看。"))
    return head_at(sha256, size)


def head_of(found: Evidence, most: int) -> bytes:
    """The first bytes of an item."""
    return head_at(found.file, most)


def head_at(sha256: str, most: int) -> bytes:
    """The first bytes of a kept file."""
    with files.open_kept(sha256) as handle:
        return handle.read(most)


def pages_of(found: Evidence) -> int:
    """How many pages an item has to see."""
    if found.media != "application/pdf":
        return 1
    if found.file not in _pages:
        if len(_pages) >= PAGES_KNOWN:
            _pages.clear()
        _pages[found.file] = pictures.pages(content_of(found), found.media)
    return _pages[found.file]
