"""What platforms are told back: the words of each reply, the file that carries them, what the platform said of it."""

import csv
import hashlib
import io
import string
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import xlsxwriter
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account
from shiheng.accounts.outbox import tell
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files as kept
from shiheng.ledger import kinds
from shiheng.procedures import actions
from shiheng.procedures.contents import version_of
from shiheng.procedures.exchange import notes, queries
from shiheng.procedures.exchange.definition import Outcome, Platform
from shiheng.procedures.exchange.models import Order, PlatformFile, Reply
from shiheng.procedures.models import Proceeding
from shiheng.registers.contents import shown
from shiheng.ui.exports import guarded
from shiheng.ui.grids import plain, rows
from shiheng.ui.wording import in_the_record

kinds.declare(order_reply="拟定回复", order_replies="生成回复文件", order_receipts="收下回复回执")
LONGEST = 2000
OPEN = ("ready", "sent", "accepted")
"""A reply that stands: no other is written while one does."""


def outcome_of(platform: Platform, order: Order) -> tuple[Proceeding, Outcome] | None:
    """What is to be told back of an order; nothing while one of its files is still at work."""
    held = [found for found in (order.proceeding, order.twin) if found]
    told = [(found, platform.outcome(found.procedure, found.state)) for found in held]
    if not told or not all(one for _found, one in told):
        return None
    found, one = told[0]
    return (found, one) if one else None


def words_of(platform: Platform, order: Order) -> str:
    """The reply as it begins: a sentence of each file's outcome, with what the file says."""
    told = []
    for found in filter(None, (order.proceeding, order.twin)):
        one = platform.outcome(found.procedure, found.state)
        if one:
            told.append(_filled(one.text, found))
    return "".join(told)[:LONGEST]


def _filled(text: str, found: Proceeding) -> str:
    """The sentence with what the file says, each fact as a page shows it; what is not known is left out."""
    told = version_of(found.procedure, found.version).told
    known = _Known({name: shown(told[name], value) for name, value in found.facts.items() if name in told})
    return string.Formatter().vformat(text, (), known).strip()


class _Known(dict[str, str]):
    """What is not known is left out."""

    def __missing__(self, _name: str) -> str:
        return ""


def owed(who: Who, platform: Platform) -> list[Order]:
    """The orders whose outcome is to be told back and was not: what was refused is owed again."""
    rows = queries.orders(who).filter(platform=platform.code, state="opened", answered_on=None)
    rows = rows.exclude(replies__state__in=("sent", "accepted")).order_by("due", "pk").prefetch_related("replies")
    return [order for order in rows if outcome_of(platform, order)]


def write(who: Who, number: int, *, outcome: str, content: str, key: UUID | None = None) -> Reply:
    """Put down what is told back; written again it takes the place of what has not left."""
    order = queries.find_order(who, number) if queries.may_intake(who) else _handled(who, number)
    content = content.strip()
    if not content or len(content) > LONGEST:
        raise Refused("reply.content", _("请写回复内容，最多 %(most)s 个字。") % {"most": LONGEST}, field="content")
    platform = queries.version_of(order.platform, order.version)
    if outcome not in {one.word for one in platform.outcomes}:
        raise Refused("reply.outcome", _("请选择这个平台的办理结果。"), field="outcome")

    def do() -> dict[str, Any]:
        reply = _write(who, order, outcome, content)
        return {"reply": reply.pk}

    payload = {"order": number, "outcome": outcome, "content": content}
    return Reply.objects.get(pk=once(who, key=key, action="orders.reply", payload=payload, do=do)[0]["reply"])


def _handled(who: Who, number: int) -> Order:
    """An order, to the officer who handles one of its files."""
    order = Order.objects.select_related("proceeding", "twin", "file").filter(pk=number).first()
    held = [found for found in (order.proceeding, order.twin) if found] if order else []
    if order is None or not any(who.may("files.handle", found.scope) for found in held):
        raise Forbidden("reply.post", _("您的岗位不能回复这件来件。"))
    return order


def _write(who: Who, order: Order, outcome: str, content: str) -> Reply:
    held = Reply.objects.filter(order=order).order_by("-number").first()
    if held is not None and held.state in {"sent", "accepted"}:
        raise Conflict("reply.sent", _("这件来件已经回复，平台退回以后才能再回复。"))
    if held is not None and held.state == "ready":
        Reply.objects.filter(pk=held.pk, state="ready").update(
            outcome=outcome, content=content, at=clock.now(), by=who.name
        )
        held.refresh_from_db()
        reply = held
    else:
        try:
            with transaction.atomic():
                reply = Reply.objects.create(
                    order=order, number=held.number + 1 if held else 1, outcome=outcome, content=content,
                    state="ready", at=clock.now(), by=who.name,
                )  # fmt: skip
        except IntegrityError:
            raise Conflict("reply.twice", _("有人刚刚拟定了回复。请刷新页面。")) from None
    ledger.record(
        "order.reply", subject=f"order:{order.pk}", who=who, scope=order.scope,
        facts={"number": order.number, "reply": reply.number, "outcome": outcome,
               "digest": hashlib.sha256(content.encode()).hexdigest()},
    )  # fmt: skip
    return reply


def send(who: Who, code: str, *, key: UUID | None = None) -> PlatformFile:
    """Make the reply file of everything that is owed to a platform; what nobody worded is told in its outcome's words.

    The file is what leaves: its replies bear the moment, and the reply clocks of their orders stand still.
    """
    platform, scope = queries.platform_of(code), queries.intake_scope(who)
    if not scope:
        raise Forbidden("order.post", _("您的岗位不在接收机构，不能生成回复文件。"))

    def do() -> dict[str, Any]:
        waiting = owed(who, platform)
        if not waiting:
            raise Refused("reply.none", _("没有要回复的来件。"))
        held = []
        for order in waiting:
            found = outcome_of(platform, order)
            ready = Reply.objects.filter(order=order, state="ready").first()
            if ready is None and found:
                ready = _write(who, order, found[1].word, words_of(platform, order) or found[1].word)
            if ready is not None and found:
                held.append((order, ready, found[0]))
        content = _content(platform, [_line(platform, *one) for one in held])
        file = kept.keep(content, sealed=True)
        now = clock.now()
        made = PlatformFile.objects.create(
            platform=code, version=platform.in_force_from, kind="replies", scope=scope, digest=file.sha256,
            name=f"{platform.title}回复_{now.astimezone(clock.SHANGHAI):%Y%m%d%H%M}.{platform.form}"[:200],  # not shown
            rows=len(held), day=clock.today(), at=now, by=who.name,
        )  # fmt: skip
        for order, reply, _found in held:
            if Reply.objects.filter(pk=reply.pk, state="ready").update(state="sent", sent_at=now, file=made) != 1:
                raise Conflict("reply.moved", _("有一件回复刚刚发出。请刷新页面再生成。"))
            Order.objects.filter(pk=order.pk).update(answered_on=clock.today())
            _settle(order)
        ledger.record(
            "order.replies", subject=f"platform_file:{made.pk}", who=who, scope=scope,
            facts={"platform": code, "rows": len(held), "digest": file.sha256},
        )  # fmt: skip
        return {"file": made.pk}

    result, _done = once(who, key=key, action="orders.send", payload={"platform": code}, do=do)
    return PlatformFile.objects.get(pk=result["file"])


def _settle(order: Order) -> None:
    for found in filter(None, (order.proceeding, order.twin)):
        if not found.ended:
            actions.settle_anew(found)


def _line(platform: Platform, order: Order, reply: Reply, found: Proceeding) -> list[str]:
    held = {
        "number": order.number, "ours": found.number, "outcome": reply.outcome, "content": reply.content,
        "day": clock.today().isoformat(), "office": notes.bureau_of(found), "officer": found.officer_name,
    }  # fmt: skip
    return [held[source] for _title, source in platform.replies]


def _content(platform: Platform, lines: Iterable[list[str]]) -> bytes:
    """The rows in the platform's own form; text never runs as a formula."""
    titles = [title for title, _source in platform.replies]
    if platform.form == "csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(titles)
        writer.writerows([guarded(cell) for cell in line] for line in lines)
        return text.getvalue().encode(platform.encoding, errors="replace")
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("回复")  # not shown: the platform's file is Chinese
    for down, line in enumerate([titles, *lines]):
        for across, cell in enumerate(line):
            page.write_string(down, across, cell)
    book.close()
    return held.getvalue()


def take_receipts(
    who: Who, code: str, content: bytes, filename: str, *, key: UUID | None = None
) -> tuple[PlatformFile, bool]:  # fmt: skip
    """Read what the platform said of our replies; a refused one goes back to its officer with the platform's reason."""
    platform, scope = queries.platform_of(code), queries.intake_scope(who)
    if not scope:
        raise Forbidden("order.post", _("您的岗位不在接收机构，不能收回执文件。"))
    said = platform.receipts
    if said is None:
        raise Refused("receipt.none", _("这个平台没有声明回执的格式。"), field="file")
    digest = hashlib.sha256(content).hexdigest()
    held = PlatformFile.objects.filter(platform=code, kind="receipts", scope=scope, digest=digest).first()
    if held is not None:
        return held, False
    try:
        grid = [
            [cell.strip() if isinstance(cell, str) else plain(cell) for cell in row]
            for row in rows(io.BytesIO(content), filename)
        ]
    except Refused as problem:
        problem.details["field"] = "file"
        raise
    head = grid[0] if grid else []
    if missing := [title for title in (said.number, said.result) if title not in head]:
        told = {"missing": "、".join(missing)}
        raise Refused("receipt.columns", _("回执文件的表头缺少：%(missing)s。") % told, field="file")
    kept.keep(content, sealed=True)
    lines = [(n, dict(zip(head, row, strict=False))) for n, row in enumerate(grid[1:], start=2) if any(row)]

    def do() -> dict[str, Any]:
        made = PlatformFile.objects.create(
            platform=code, version=platform.in_force_from, kind="receipts", scope=scope, digest=digest,
            name=filename[:200], rows=len(lines), day=clock.today(), at=clock.now(), by=who.name,
        )  # fmt: skip
        faults = []
        with in_the_record():
            for line, row in lines:
                if why := _receipt(who, platform, made, row):
                    faults.append({"line": line, "why": why})
        made.faults = faults
        made.save(update_fields=["faults"])
        ledger.record(
            "order.receipts", subject=f"platform_file:{made.pk}", who=who, scope=scope,
            facts={"platform": code, "rows": len(lines), "faults": len(faults), "digest": digest},
        )  # fmt: skip
        return {"file": made.pk}

    payload = {"platform": code, "digest": digest}
    result, fresh = once(who, key=key, action="orders.receipts", payload=payload, do=do)
    return PlatformFile.objects.get(pk=result["file"]), fresh


def _receipt(who: Who, platform: Platform, file: PlatformFile, row: Mapping[str, str]) -> str:
    """One line of a receipt file; why it says nothing, where it does not."""
    said = platform.receipts
    if said is None:
        return ""
    number, result = row.get(said.number, ""), row.get(said.result, "")
    if result not in {*said.accepted, *said.refused}:
        words = "、".join((*said.accepted, *said.refused))
        return _("“%(title)s”应为：%(words)s") % {"title": said.result, "words": words}
    reply = Reply.objects.filter(
        order__platform=platform.code, order__number=number, order__scope=file.scope, state="sent"
    ).first()
    if reply is None:
        return _("没有编号 %(number)s 的已发出回复") % {"number": number or "—"}
    accepted, why = result in said.accepted, row.get(said.why, "")[:500]
    Reply.objects.filter(pk=reply.pk, state="sent").update(
        state="accepted" if accepted else "refused", told_at=clock.now(), told=file, why="" if accepted else why
    )
    if not accepted:
        _back(who, reply, why)
    return ""


def _back(who: Who, reply: Reply, why: str) -> None:
    """A refused reply: its order is owed again, its officer is told, and the file says so."""
    order = Order.objects.select_related("proceeding", "twin").get(pk=reply.order_id)
    Order.objects.filter(pk=order.pk).update(answered_on=None)
    _settle(order)
    for found in filter(None, (order.proceeding, order.twin)):
        notes.note(who, found, "refused", before=order.number, after="", reason=why or _("平台没有写明原因"))
        officer = Account.objects.filter(pk=found.officer_id or 0).first()
        if officer is not None:
            words = _("%(number)s 的回复被平台退回：%(why)s") % {"number": order.number, "why": why}
            tell(
                officer, str(_("回复被平台退回")), words, link=reverse("file", args=[found.pk]), key=_key(reply, found)
            )


def _key(reply: Reply, found: Proceeding) -> UUID:
    return uuid5(NAMESPACE_URL, f"reply:{reply.pk}:{reply.number}:{found.pk}")


def standing(found: Proceeding) -> list[Reply]:
    """The replies of a file's orders, the latest first."""
    held = Reply.objects.filter(Q(order__proceeding=found) | Q(order__twin=found))
    return list(held.select_related("order", "file", "told").order_by("-pk"))
