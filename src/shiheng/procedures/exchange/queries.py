"""What came from platforms and what is owed to them, as pages, jobs and commands read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Role, Who
from shiheng.kernel import clock, registry, sealing
from shiheng.kernel.errors import Missing
from shiheng.ledger import keyring
from shiheng.procedures.contents import all_on
from shiheng.procedures.exchange.definition import ENGINE, Platform
from shiheng.procedures.exchange.models import DifferenceList, FileNote, Order, PlatformFile, Reply
from shiheng.procedures.models import Party, Proceeding
from shiheng.subjects.models import Identifier, Subject
from shiheng.subjects.queries import identities, survivor_of

INTAKE = (Role.WINDOW_CLERK, Role.SECTION_CHIEF, Role.CITY_OFFICIAL)
"""The posts that stand at intake: they take matters in, hand them to offices and tell platforms what came of them."""
_HALF, _WHOLE = str.maketrans("（）", "()"), str.maketrans("()", "（）")  # not shown: brackets in names
LIMIT = "order"
"""How a file names the reply it owes its platform, among its limits."""


def platform_of(code: str, *, on: date | None = None) -> Platform:
    """The layout of a platform in force on a day. Raises ``Missing`` in words for pages."""
    try:
        found: Platform = registry.find(ENGINE, code, on=on or clock.today())
    except Missing:
        raise Missing("platform.unknown", _("没有这个来件平台。")) from None
    return found


def version_of(code: str, since: date) -> Platform:
    """The very layout a file was read under."""
    found: Platform = registry.version(ENGINE, code, since)
    return found


def platforms() -> tuple[Platform, ...]:
    """Every platform whose files are taken in today."""
    return registry.all_of(ENGINE, on=clock.today())


def may_intake(who: Who, scope: str | None = None) -> bool:
    """Whether ``who`` stands at intake, at all or over a territory."""
    if who.kind == "system":
        return True
    return any(
        May.HANDLE_FILES in grant.powers and grant.role in INTAKE and (scope is None or scope.startswith(grant.path))
        for grant in who.grants
    )


def intake_scope(who: Who) -> str:
    """The office in whose name ``who`` takes matters in; empty where there is none."""
    held = [grant.path for grant in who.grants if May.HANDLE_FILES in grant.powers and grant.role in INTAKE]
    return min(held, key=len, default="")


def files(who: Who) -> "QuerySet[PlatformFile]":
    """The files that came and went in the reader's territory."""
    return narrow(PlatformFile.objects.all(), who, May.READ_FILES)


def find_file(who: Who, number: int) -> PlatformFile:
    found = files(who).filter(pk=number).first()
    if found is None:
        raise Missing("platform_file.unknown", _("没有这份来往文件，或它不在您的管辖范围内。"))
    return found


def orders(who: Who) -> "QuerySet[Order]":
    """The matters that came in the reader's territory."""
    return narrow(Order.objects.select_related("file", "proceeding", "twin"), who, May.READ_FILES)


def find_order(who: Who, number: int) -> Order:
    found = orders(who).filter(pk=number).first()
    if found is None:
        raise Missing("order.unknown", _("没有这件来件，或它不在您的管辖范围内。"))
    return found


def of_file(proceeding: Proceeding) -> "QuerySet[Order]":
    """The orders a file came from; a letter that became two files is the order of both."""
    return Order.objects.filter(Q(proceeding=proceeding) | Q(twin=proceeding)).select_related("file").order_by("pk")


def notes_of(proceeding: Proceeding) -> "QuerySet[FileNote]":
    """What happened to a file beside its steps, the latest first."""
    return FileNote.objects.filter(proceeding=proceeding).order_by("-number")


def due_of(number: int) -> date | None:
    """The day by which a file's platform wants its reply, while it has none."""
    held = Order.objects.filter(Q(proceeding_id=number) | Q(twin_id=number), answered_on=None, due__isnull=False)
    return held.order_by("due").values_list("due", flat=True).first()


def differences(who: Who) -> "QuerySet[DifferenceList]":
    return narrow(DifferenceList.objects.select_related("file"), who, May.READ_FILES)


def cells_of(order: Order, *, whole: bool = False) -> dict[str, str]:
    """The cells of an order as a page shows them: what is personal masked, or whole for whoever mends it."""
    read = keyring.unsealed if whole else keyring.shown
    return {name: read(text) if isinstance(text, str) else str(text) for name, text in order.facts.items()}


def intake_procedures() -> tuple[str, ...]:
    """The procedures whose files come in by a channel."""
    return tuple(one.code for one in all_on(clock.today()) if "channel" in one.facts.model_fields)


def queue(who: Who) -> "QuerySet[Proceeding]":
    """Every matter that came in, by whatever channel: one number each."""
    rows = Proceeding.objects.filter(procedure__in=intake_procedures()).select_related("subject")
    return narrow(rows, who, May.READ_FILES)


@cache
def channels() -> Mapping[str, str]:
    """The channels matters come by, as the procedures call them."""
    found: dict[str, str] = {}
    for one in all_on(clock.today()):
        info = one.facts.model_fields.get("channel")
        extra: Any = (info.json_schema_extra if info else None) or {}
        found |= extra.get("choices", {})
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """The business a row means, and how that is known; nothing where it cannot be said."""

    subject: Subject | None
    by: str = ""


def match(rows: Iterable[tuple[str, str]]) -> list[Match]:
    """For each code and name the business it means: by its code, else by a name only one business of ours has."""
    held = list(rows)
    by_code = _by_code({code for code, _name in held if code})
    by_name = _by_name({name for code, name in held if name and code not in by_code})
    found = []
    for code, name in held:
        if code in by_code:
            found.append(Match(by_code[code], "code"))
        else:
            one = by_name.get(name)
            found.append(Match(one, "name" if one else ""))
    return found


def _by_code(codes: set[str]) -> dict[str, Subject]:
    rows = Identifier.objects.filter(kind__in=("uscc", "regno"), value__in=codes).values_list("value", "subject_id")
    where = {value: survivor_of(subject) for value, subject in rows}
    firms = {firm.pk: firm for firm in identities().filter(pk__in=set(where.values()))}
    return {value: firms[pk] for value, pk in where.items() if pk in firms}


def _by_name(names: set[str]) -> dict[str, Subject]:
    """Names are compared with either kind of brackets: programs write both."""
    found: dict[str, list[Subject]] = {}
    written = {form for name in names for form in (name.translate(_HALF), name.translate(_WHOLE))}
    for firm in identities().filter(name__in=written | names):
        found.setdefault(firm.name.translate(_HALF), []).append(firm)
    held = {name: found.get(name.translate(_HALF), []) for name in names}
    return {name: firms[0] for name, firms in held.items() if len(firms) == 1}


def earlier_of(who: Who, phone: str) -> list[Proceeding]:
    """The matters in the reader's territory in which somebody has that telephone number, the latest first."""
    sealed = [sealing.seal(phone, keyring.key(number), "phone") for number in keyring.numbers()]
    if not phone or not sealed:
        return []
    held = Party.objects.filter(facts__phone__in=sealed, gone=False).values("proceeding")
    return list(
        narrow(Proceeding.objects.filter(pk__in=held), who, May.READ_FILES).order_by("-received_on", "-pk")[:20]
    )


def against(who: Who, text: str) -> list[Proceeding]:
    """The open matters in the reader's territory against a business, by its code or as it is called."""
    if not text:
        return []
    (found,) = match([(text, text)])
    held = Q(name=text, subject=None)
    held |= Q(subject=found.subject) if found.subject else Q()
    rows = Proceeding.objects.filter(pk__in=Party.objects.filter(held, gone=False).values("proceeding"), ended=False)
    return list(narrow(rows, who, May.READ_FILES).order_by("-received_on", "-pk")[:20])


def offices_below(who: Who, scope: str) -> list[Office]:
    """Where intake may hand a matter to: the offices of its own territory that handle files, its level and below."""
    if not may_intake(who, scope):
        return []
    path = intake_scope(who)
    held = Office.objects.filter(path__startswith=path, closed_on=None, kind__in=("city", "district", "station"))
    return [office for office in held.order_by("path") if office.path != scope]


def responsible(found: Proceeding, held: Sequence[Office]) -> Office | None:
    """The office in whose territory the business lies, the lowest of those offered."""
    where = found.subject.scope if found.subject else ""
    above = [office for office in held if where.startswith(office.path)] if where else []
    return max(above, key=lambda office: len(office.path), default=None)


def replies(who: Who) -> "QuerySet[Reply]":
    return Reply.objects.filter(order__in=narrow(Order.objects.all(), who, May.READ_FILES)).select_related("order")
