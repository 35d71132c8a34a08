"""Evidence of a complaint or a report used in the case it led to: it stays where it was fixed and is shown there too.

The hash, the description and the custody are those of the first file; that the item was carried on is one more row of
its custody. A file that keeps somebody's identity lends neither the source nor the place of an item, and nothing is
said of it in the other file that names whom it keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.procedures import queries as proceedings
from shiheng.procedures.contents import CONTACT, version_of
from shiheng.procedures.evidence import actions, content, queries
from shiheng.procedures.evidence.definition import KINDS
from shiheng.procedures.models import Carried, Evidence, Link, Proceeding

kinds.declare(evidence_carried="证据转入案卷", evidence_used="改记转入证据的证明对象")
TRIES = 5


def secret(found: Proceeding) -> bool:
    """Whether a file keeps the identity of somebody who stands in it."""
    procedure = version_of(found.procedure, found.version)
    hidden = {kind.code for kind in procedure.parties if kind.hidden}
    return bool(hidden) and found.parties.filter(kind__in=hidden, gone=False).exists()


def kept_words(found: Proceeding) -> list[str]:
    """What a file must not lend to another: the name of whoever is hidden in it, and how to reach whoever is masked."""
    procedure = version_of(found.procedure, found.version)
    kept = {kind.code: kind for kind in procedure.parties if kind.hidden or kind.masked}
    words: list[str] = []
    for row in found.parties.filter(kind__in=kept, gone=False).order_by("number"):
        words += [row.name] if kept[row.kind].hidden else []
        words += [keyring.unsealed(row.facts[fact]) for fact in CONTACT if row.facts.get(fact)]
    return [word for word in dict.fromkeys(word.strip() for word in words) if len(word) > 1]


def check_kept(found: Proceeding, *texts: str) -> None:
    """Raises ``Refused`` where what is said for another file names whom this one keeps."""
    if any(word in text for word in kept_words(found) for text in texts):
        told = _("内容里有“%(number)s”须保密的姓名或者联系方式，请删去后再提交。")
        raise Refused("carry.secret", told % {"number": found.number})


@dataclass(frozen=True, slots=True)
class Line:
    """A carried item in a list: what it is, from where, whether its content may be seen here."""

    row: Carried
    kind: str
    content: content.Kind
    readable: bool

    @property
    def pictured(self) -> bool:
        return self.readable and self.content.shown in {"picture", "pages"}


def line_of(who: Who, row: Carried) -> Line:
    kind = KINDS.get(row.evidence.kind, row.evidence.kind)
    return Line(row, kind, content.of_media(shown_of(row)[2]), may_read(who, row))


def lines_of(who: Who, found: Proceeding) -> list[Line]:
    """What was carried into a file, as a list shows it."""
    return [line_of(who, row) for row in of_file(found)]


def shown_of(row: Carried) -> tuple[str, int, str]:
    """Hash, size and kind of what is looked at in the later file: the masked copy where there is one."""
    held = row.copy or row.evidence
    return held.file, held.size, held.media


def of_file(found: Proceeding) -> "QuerySet[Carried]":
    """What was carried into a file, in order."""
    rows = Carried.objects.filter(proceeding=found).select_related("proceeding", "evidence__proceeding", "copy")
    return rows.order_by("number")


def find(who: Who, number: int, carried: int) -> Carried:
    """One item carried into a file one may see, or ``Missing``."""
    found = of_file(proceedings.find(who, number)).filter(number=carried).first()
    if found is None:
        raise Missing("carry.unknown", _("案卷里没有这件转入的证据。"))
    return found


def may_read(who: Who, held: Carried) -> bool:
    """Whether the content may be seen here: what is confined, by who handles this file and chiefs; else by its readers.

    Of a file that keeps somebody's identity only the masked copy is shown to those who only read.
    """
    if who.may(May.READ_FILES, held.evidence.proceeding.scope) and queries.may_read(who, held.evidence):
        return True
    here = held.proceeding
    handles = who.account_id is not None and who.account_id == here.officer_id
    if held.evidence.confidential:
        return handles or who.may(May.ASSIGN_FILES, here.scope)
    return held.copy is not None or not held.secret or who.may(May.HANDLE_FILES, here.scope)


def check_readable(who: Who, held: Carried) -> None:
    """Raises ``Forbidden`` to whoever may know of an item but not see it."""
    if not may_read(who, held):
        raise Forbidden("evidence.confined", _("这件证据限承办人员查看。需要查看的，请向承办人或科长说明。"))


def offered(who: Who, found: Proceeding) -> list[Evidence]:
    """What could still be carried into a file: items of the files it came of, which its reader may see."""
    there = Link.objects.filter(second=found).values("first")
    files = proceedings.visible_to(who).filter(pk__in=there).values("pk")
    taken = Carried.objects.filter(proceeding=found).values("evidence")
    return _readable(who, Evidence.objects.filter(proceeding__in=files, withdrawn_at=None).exclude(pk__in=taken))


def items_of(who: Who, earlier: Proceeding) -> list[Evidence]:
    """What a file opened from this one could take over."""
    return _readable(who, Evidence.objects.filter(proceeding=earlier, withdrawn_at=None))


def _readable(who: Who, rows: "QuerySet[Evidence]") -> list[Evidence]:
    held = rows.select_related("proceeding").order_by("proceeding", "number")
    return [row for row in held if queries.may_read(who, row)]


def carry(who: Who, number: int, items: Sequence[int], *, cleared: bool = False, key: UUID | None = None) -> int:
    """Carry items of the files it came of into a file; how many were new there.

    ``cleared``: what is carried was looked through and shows nothing of whom the other file keeps; asked for where no
    masked copy stands for the original.
    """

    def do() -> dict[str, Any]:
        return {"carried": carried_in(who, actions.handled(who, number), items, cleared=cleared)}

    payload = {"file": number, "items": sorted(items)}
    result, _done = once(who, key=key, action="procedures.evidence.carry", payload=payload, do=do)
    return int(result["carried"])


def carried_in(who: Who, found: Proceeding, items: Sequence[int], *, cleared: bool) -> int:
    """The same inside another deed, as when the file is opened."""
    if found.ended:
        raise Refused("evidence.ended", _("案卷已经办结，不能再转入证据。"))
    known = {row.pk: row for row in offered(who, found)}
    if set(items) - set(known):
        raise Refused("carry.items", _("选择的证据不在关联的案卷里，或者您不能查看，或者已经转入。"), field="items")
    for item in sorted(set(items)):
        _carry(who, found, known[item], cleared=cleared)
    return len(set(items))


def _carry(who: Who, found: Proceeding, row: Evidence, *, cleared: bool) -> None:
    origin = row.proceeding
    keeps = secret(origin)
    copy = row.copies.order_by("-number").first() if keeps else None
    if keeps and copy is None and not cleared:
        told = _("第 %(number)s 号证据“%(title)s”来自须保密的案卷，请先制作遮蔽件，或者核对内容后勾选已核对。")
        raise Refused("carry.cleared", told % {"number": row.number, "title": row.title}, field="cleared")
    words = kept_words(origin)
    title = row.title if not any(word in row.title for word in words) else _("第 %(n)s 号证据") % {"n": row.number}
    proves = row.proves if not any(word in row.proves for word in words) else ""
    made = _placed(who, found, row, copy=copy, title=title, proves=proves, keeps=keeps)
    event = actions.happen(row, who, "carried", giver=origin.number, taker=found.number, why=made.title)
    actions.on_record(who, row, "carried", {"event": event.number, "to": found.number, "as": made.number})


def _placed(
    who: Who, found: Proceeding, row: Evidence, *, copy: Any, title: str, proves: str, keeps: bool
) -> Carried:  # fmt: skip
    course = proceedings.course_of(found)
    about = {one.violation.code for one in queries.alleged(found, course)}
    elements = [one for one in row.elements if one.partition(":")[0] in about]
    for _try in range(TRIES):
        last = Carried.objects.filter(proceeding=found).order_by("-number").values_list("number", flat=True).first()
        made = Carried(
            proceeding=found, number=(last or 0) + 1, evidence=row, copy=copy, title=title, proves=proves,
            elements=elements, secret=keeps, at=clock.now(), actor=who.key, by=who.name,
        )  # fmt: skip
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            continue
        return made
    raise Conflict("evidence.moved", _("有人正在同时转入证据，请再提交一次。"))


def use(
    who: Who, number: int, carried: int, *, elements: Sequence[str], proves: str, key: UUID | None = None
) -> Carried:
    """Say what an item that was carried here is to prove here; what it proves in its own file stays as it is."""
    proves, wanted = " ".join(proves.split())[: actions.WHY_MOST], sorted(set(elements))

    def do() -> dict[str, Any]:
        found = actions.handled(who, number)
        held = find(who, number, carried)
        actions.check_elements(found, wanted)
        check_kept(held.evidence.proceeding, proves)
        before = {"elements": list(held.elements), "proves": held.proves}
        Carried.objects.filter(pk=held.pk).update(elements=wanted, proves=proves)
        ledger.record(
            "evidence.used", subject=actions.subject_of(held.evidence), who=who, scope=found.scope,
            facts={"number": found.number, "as": held.number, "sha256": held.evidence.file, "before": before,
                   "after": {"elements": wanted, "proves": proves}},
        )  # fmt: skip
        return {"carried": held.pk}

    payload = {"file": number, "carried": carried, "elements": wanted, "proves": proves}
    once(who, key=key, action="procedures.evidence.use", payload=payload, do=do)
    return find(who, number, carried)
