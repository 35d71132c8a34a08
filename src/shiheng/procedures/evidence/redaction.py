"""A copy that may go out: parts of an item gone for good, each with a visible mark and a reason; the original stays.

Of a picture or a document the pixels are painted over and the page is drawn anew; of a text the words are replaced.
What is stored of a masked word is where it stood and why, never the word.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import files
from shiheng.procedures.evidence import actions, content, pictures, queries
from shiheng.procedures.evidence.definition import REASONS
from shiheng.procedures.models import Evidence, Redaction

MOST_AREAS = 200
MOST_TEXT = 2 * 1024 * 1024
SHOWN = ("picture", "pages", "text")


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle to be masked, in thousandths of the page, and why."""

    x: int
    y: int
    w: int
    h: int
    reason: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class Word:
    """Words to be masked wherever they stand, and why."""

    text: str
    reason: str


def possible(found: Evidence) -> bool:
    """Whether a masked copy can be made of an item here."""
    return content.of_media(found.media).shown in SHOWN and found.withdrawn_at is None


def mark_of(reason: str) -> str:
    """What stands where something was masked."""
    return f"已遮蔽：{REASONS[reason]}"


def redact(
    who: Who, number: int, item: int, *, bars: Sequence[Bar] = (), words: Sequence[Word] = (), purpose: str,
    key: UUID | None = None,
) -> Redaction:  # fmt: skip
    """Make a masked copy of an item, kept as a file of its own and bound to the original by its hash, on record."""
    purpose = " ".join(purpose.split())[:200]
    if not purpose:
        raise Refused("redaction.purpose", _("请写明遮蔽件的用途。"), field="purpose")
    said = [asdict(one) for one in bars] + [
        {"text": hashlib.sha256(one.text.encode()).hexdigest(), "reason": one.reason} for one in words
    ]
    payload = {"file": number, "item": item, "areas": said, "purpose": purpose}

    def do() -> dict[str, Any]:
        actions.handled(who, number)
        found = queries.find(who, number, item)
        queries.check_readable(who, found)
        if not possible(found):
            raise Refused("redaction.kind", _("这种文件不能在这里遮蔽。请遮蔽后作为复制件另行收存。"))
        _check(bars, words)
        copy, media, areas = _made(found, bars, words)
        kept = files.keep(copy, sealed=True)
        last = found.copies.order_by("-number").values_list("number", flat=True).first() or 0
        row = actions.happen(found, who, "redacted", taker=who.name, why=purpose)
        made = Redaction.objects.create(
            evidence=found, number=last + 1, original=found.file, file=kept.sha256, size=kept.size, media=media,
            areas=areas, purpose=purpose, made_at=clock.now(), by=who.name,
        )  # fmt: skip
        facts = {"event": row.number, "copy": kept.sha256, "copy_number": made.number, "copy_size": kept.size,
                 "areas": areas, "why": purpose}  # fmt: skip
        actions.on_record(who, found, "redacted", facts)
        return {"copy": made.pk}

    result, _done = once(who, key=key, action="procedures.evidence.redact", payload=payload, do=do)
    return Redaction.objects.get(pk=result["copy"])


def _check(bars: Sequence[Bar], words: Sequence[Word]) -> None:
    if not bars and not words:
        raise Refused("redaction.nothing", _("请至少标出一处要遮蔽的内容，并选择理由。"), field="areas")
    if len(bars) + len(words) > MOST_AREAS:
        raise Refused("redaction.many", _("一次最多遮蔽 200 处。"), field="areas")
    if ({one.reason for one in bars} | {one.reason for one in words}) - set(REASONS):
        raise Refused("redaction.reason", _("每一处都要选择遮蔽的理由。"), field="areas")
    for one in bars:
        inside = 0 <= one.x < 1000 and 0 <= one.y < 1000 and one.x + one.w <= 1000 and one.y + one.h <= 1000
        if not inside or one.w < 1 or one.h < 1 or one.page < 1:
            raise Refused("redaction.outside", _("有一处超出了画面：位置和大小都是千分之几，相加不超过 1000。"),
                          field="areas")  # fmt: skip
    if any(len(one.text) < 2 for one in words):
        raise Refused("redaction.word", _("要遮蔽的文字至少两个字。"), field="areas")


def _made(found: Evidence, bars: Sequence[Bar], words: Sequence[Word]) -> tuple[bytes, str, list[dict[str, Any]]]:
    if content.of_media(found.media).shown == "text":
        if bars:
            raise Refused("redaction.text", _("文字材料请写明要遮蔽的文字，不用画框。"), field="areas")
        if found.size > MOST_TEXT:
            raise Refused("redaction.long", _("文字超过 2 MB，请遮蔽后作为复制件另行收存。"))
        return _masked(content.text_of(queries.content_of(found)), words)
    if words:
        raise Refused("redaction.bars", _("图片和 PDF 请画框标出要遮蔽的地方。"), field="areas")
    last = queries.pages_of(found)
    if any(one.page > last for one in bars):
        told = _("这份文件只有 %(last)s 页。") % {"last": last}
        raise Refused("redaction.page", told, field="areas")
    areas = [pictures.Area(one.x, one.y, one.w, one.h, mark_of(one.reason), one.page) for one in bars]
    copy, media = pictures.flattened(queries.content_of(found), found.media, areas)
    return copy, media, [asdict(one) for one in bars]


def _masked(text: str, words: Sequence[Word]) -> tuple[bytes, str, list[dict[str, Any]]]:
    """Every occurrence replaced, longer words first so that none is left inside another."""
    taken: list[tuple[int, int, str]] = []
    for word in sorted(words, key=lambda one: -len(one.text)):
        at, seen = text.find(word.text), False
        while at >= 0:
            seen = True
            if not any(start < at + len(word.text) and at < end for start, end, _reason in taken):
                taken.append((at, at + len(word.text), word.reason))
            at = text.find(word.text, at + 1)
        if not seen:
            raise Refused("redaction.absent", _("材料里没有要遮蔽的这些文字，请照原文填写。"), field="areas")
    made, last = [], 0
    for start, end, reason in sorted(taken):
        made += [text[last:start], f"【{mark_of(reason)}】"]
        last = end
    copy = "".join([*made, text[last:]])
    if any(word.text in copy for word in words):
        raise Conflict("redaction.left", _("遮蔽后仍有要遮蔽的文字留下，请把相连的文字合成一处填写。"))
    areas = [{"at": start, "length": end - start, "reason": reason} for start, end, reason in sorted(taken)]
    return copy.encode(), "text/plain", areas
