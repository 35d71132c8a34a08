"""What happens to a file beside its steps: handed to the office in charge, its business found out; kept in the file."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.procedures import actions, numbering
from shiheng.procedures import queries as files
from shiheng.procedures.contents import version_of
from shiheng.procedures.exchange import queries
from shiheng.procedures.exchange.models import FileNote, Order
from shiheng.procedures.models import Link, Party, Proceeding
from shiheng.subjects import queries as subjects

kinds.declare(file_moved="按责转办", file_subject="认定案卷主体", file_again="退回后另行分送")
REASON_MOST = 500


def note(who: Who, found: Proceeding, kind: str, *, before: str = "", after: str = "", reason: str) -> FileNote:
    """Write a line of a file's history, in the caller's transaction."""
    last = FileNote.objects.filter(proceeding=found).order_by("-number").values_list("number", flat=True).first()
    return FileNote.objects.create(
        proceeding=found, number=(last or 0) + 1, kind=kind, before=before[:300], after=after[:300],
        reason=reason[:REASON_MOST], at=clock.now(), by=who.name,
    )  # fmt: skip


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused("note.reason", _("请写明理由。"), field="reason")
    if len(text) > REASON_MOST:
        raise Refused("note.reason", _("理由最多 %(most)s 个字。") % {"most": REASON_MOST}, field="reason")
    return text


def move(who: Who, number: int, to: int, *, reason: str, key: UUID | None = None) -> Proceeding:
    """Hand a matter nobody has begun to the office in charge, by territory and level; intake does it, nobody else.

    Raises ``Forbidden`` to whoever does not stand at intake: a unit without power gives a matter back, never sideways.
    """
    reason = _reason(reason)
    found = files.find(who, number)
    if not queries.may_intake(who, found.scope):
        raise Forbidden("move.post", _("转办由接收机构办理。没有处理权限的，请办理“退回接收机构”，不能自行移送。"))
    if found.state != version_of(found.procedure, found.version).first:
        raise Refused("move.begun", _("已经开始办理的案卷不能转办；没有处理权限的，请办理“退回接收机构”。"))
    office = _office(who, found, to)

    def do() -> dict[str, Any]:
        before = Office.objects.filter(path=found.scope).values_list("title", flat=True).first() or found.scope
        moved = Proceeding.objects.filter(pk=found.pk, scope=found.scope, turn=found.turn).update(
            scope=office.path, officer=None, officer_name="", changed_at=clock.now(), turn=found.turn + 1
        )
        if moved != 1:
            raise Conflict("file.moved", _("有人刚刚办理过这个案卷。请刷新页面，看过最新情况后再办理。"))
        note(who, found, "moved", before=before, after=office.title, reason=reason)
        ledger.record(
            "file.moved", subject=f"file:{found.pk}", who=who, scope=office.path,
            facts={"number": found.number, "from": found.scope, "to": office.path, "reason": reason},
        )  # fmt: skip
        return {"file": found.pk}

    once(who, key=key, action="files.move", payload={"file": number, "to": to, "reason": reason}, do=do)
    return Proceeding.objects.get(pk=number)


def _office(who: Who, found: Proceeding, to: int) -> Office:
    office = next((one for one in queries.offices_below(who, found.scope) if one.pk == to), None)
    if office is None:
        raise Refused("move.office", _("只能转给本接收机构辖区内的承办单位，请重新选择。"), field="office")
    return office


def send_again(who: Who, number: int, to: int, *, reason: str, key: UUID | None = None) -> Proceeding:
    """A matter a unit gave back: intake opens it anew at another office, bound to the first, under its order."""
    reason = _reason(reason)
    found = files.find(who, number)
    if not queries.may_intake(who, found.scope):
        raise Forbidden("move.post", _("转办由接收机构办理。没有处理权限的，请办理“退回接收机构”，不能自行移送。"))
    if found.state != "returned":
        raise Refused("again.state", _("只有退回接收机构的案卷才能另行分送。"))
    office = _office(who, found, to)

    def do() -> dict[str, Any]:
        if Link.objects.filter(first=found, kind="spawned", second__procedure=found.procedure).exists():
            raise Conflict("again.done", _("这件退回的来件已经另行分送，见关联案卷。"))
        course = files.course_of(found)
        standing = [
            actions.Standing(row.kind, row.name, _open_contact(row), row.subject_id)
            for row in found.parties.filter(gone=False).order_by("number")
        ]
        made = actions.open_file(
            who, found.procedure, dict(course.opened.facts) if course.opened else {}, parties=standing,
            subject=found.subject_id, scope=office.path, day=found.received_on,
        )  # fmt: skip
        Proceeding.objects.filter(pk=made.pk).update(officer=None, officer_name="")
        actions.link(who, found.pk, made.pk, "spawned")
        for order in queries.of_file(found):
            field = "proceeding" if order.proceeding_id == found.pk else "twin"
            Order.objects.filter(pk=order.pk).update(**{field: made})
        note(who, found, "again", before=found.number, after=f"{made.number} {office.title}", reason=reason)
        note(who, made, "again", before=found.number, after=office.title, reason=reason)
        actions.settle_anew(made)
        ledger.record(
            "file.again", subject=f"file:{made.pk}", who=who, scope=office.path,
            facts={"from": found.number, "number": made.number, "to": office.path, "reason": reason},
        )  # fmt: skip
        return {"file": made.pk}

    result, _done = once(who, key=key, action="files.again", payload={"file": number, "to": to}, do=do)
    return Proceeding.objects.get(pk=result["file"])


def _open_contact(row: Party) -> dict[str, str]:
    return {name: keyring.unsealed(text) for name, text in row.facts.items()}


def settle_subject(
    who: Who, number: int, party: int, subject: str, *, reason: str, key: UUID | None = None
) -> Proceeding:  # fmt: skip
    """Say which business a party is, with the reason; the name it came with stays in the file's history."""
    reason = _reason(reason)
    found = files.find(who, number)
    if not files.may_open(who, version_of(found.procedure, found.version), found.scope):
        raise Forbidden("subject.post", _("您的岗位不能认定这个案卷的主体。"))
    row, kind = found.parties.filter(number=party, gone=False).first(), None
    if row is not None:
        kind = version_of(found.procedure, found.version).party(row.kind)
    if row is None or kind is None or not kind.subject:
        raise Missing("subject.party", _("这个案卷没有可以认定主体的这一方。"))
    try:
        firm = subjects.identities().get(pk=subjects.by_key(subject))
    except Missing as problem:
        raise Refused("subject.missing", problem.message, field="subject") from None

    def do() -> dict[str, Any]:
        moved = Party.objects.filter(pk=row.pk, subject=row.subject_id, name=row.name).update(
            subject=firm, name=firm.name
        )
        if moved != 1:
            raise Conflict("file.moved", _("有人刚刚办理过这个案卷。请刷新页面，看过最新情况后再办理。"))
        first = found.parties.filter(kind=row.kind, gone=False).order_by("number").first()
        if first is not None and first.pk == row.pk:
            Proceeding.objects.filter(pk=found.pk).update(subject=firm, changed_at=clock.now())
        note(who, found, "subject", before=row.name, after=f"{firm.name} {firm.uscc or firm.pk}", reason=reason)
        ledger.record(
            "file.subject", subject=f"file:{found.pk}", who=who, scope=found.scope,
            facts={"number": found.number, "party": party, "from": row.subject_id, "to": firm.pk, "reason": reason},
        )  # fmt: skip
        return {"file": found.pk}

    payload = {"file": number, "party": party, "subject": subject}
    once(who, key=key, action="files.subject", payload=payload, do=do)
    return Proceeding.objects.get(pk=number)


def bureau_of(found: Proceeding) -> str:
    """The bureau in whose name a file is handled, as it is called in replies."""
    office = Office.objects.filter(path=found.scope).first() or numbering.bureau_of(found.scope)
    return office.title if office else ""
