"""The volume of a file: papers and evidence in the order of archives, main part first, with cover, list and note.

What goes where follows the rules (程序规定 art 78): each form says on which shelf it lies; a receipt lies behind what
it is the receipt of, for it was made later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import files
from shiheng.procedures import formbook, papers
from shiheng.procedures.contents import version_of
from shiheng.procedures.evidence import carrying, content, pictures
from shiheng.procedures.evidence import queries as evidence
from shiheng.procedures.evidence.definition import KINDS
from shiheng.procedures.formbook import COVER, MAIN, SIDE
from shiheng.procedures.models import Carried, Evidence, Paper, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.ui import documents, pdf

MOST_PAGES = 30
"""How many pages of one item are bound; of longer ones the rest stays with the original."""
CONFINED = "本件限承办人员查看，原件由承办人保存。"  # not shown: in the volume
PARTS = {"main": "正卷", "side": "副卷"}
WORDS = {
    "list": "卷内文件目录",  # not shown: the volume is Chinese
    "note": "卷内备考表",  # not shown: the volume is Chinese
    "pages": "页数",  # not shown: the volume is Chinese
    "columns": ["序号", "文件名称", "文号", "日期", "页号"],  # not shown: the volume is Chinese
    "signs": ["立卷人", "检查人", "立卷日期", "检查日期"],  # not shown: the volume is Chinese
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper or item of evidence in a volume: its place, counted through both parts, and which part it is in."""

    n: int
    part: str
    shelf: str
    paper: Paper | None = None
    item: Evidence | None = None
    carried: Carried | None = None  # the item comes from another file, and is used here

    @property
    def title(self) -> str:
        held = self.paper or self.carried or self.item
        return held.title if held else ""

    @property
    def number(self) -> str:
        """What it is called by: the number of a paper; of evidence its place in the list of evidence."""
        held = f"证据{self.item.number}" if self.item else ""  # not shown: a number
        held = f"转{self.carried.number}" if self.carried else held  # not shown: a number
        return self.paper.number if self.paper else held

    @property
    def at(self) -> datetime:
        return self.paper.made_at if self.paper else self.item.taken_at if self.item else clock.now()

    @property
    def withdrawn(self) -> date | None:
        if self.item:
            return self.item.withdrawn_at.astimezone(clock.SHANGHAI).date() if self.item.withdrawn_at else None
        return self.paper.withdrawn_on if self.paper else None


def entries(found: Proceeding, part: str = "") -> list[Entry]:
    """The papers and the evidence of a file in the order of its volume; of one part where it is named.

    Evidence lies behind the papers of its shelf. Cover, list and note are made by the volume itself.
    """
    order = (*MAIN, *SIDE)
    held: list[tuple[str, Paper | None, Evidence | None, Carried | None]] = [
        (_shelf(paper), paper, None, None) for paper in found.papers.order_by("made_at", "pk")
    ]
    held += [("evidence", None, item, None) for item in evidence.of_file(found)]
    held += [("evidence", None, one.evidence, one) for one in carrying.of_file(found)]
    lying = sorted((one for one in held if one[0] != COVER), key=lambda one: order.index(one[0]))
    chosen = [one for one in lying if not part or part == _part(one[0])]
    return [
        Entry(n, _part(shelf), shelf, paper, item, carried)
        for n, (shelf, paper, item, carried) in enumerate(chosen, start=1)
    ]


def _part(shelf: str) -> str:
    return "main" if shelf in MAIN else "side"


def _shelf(paper: Paper) -> str:
    """Where a paper lies by the form it was made of; one of a form nobody declares any more lies at the end."""
    try:
        return formbook.of_code(paper.form, on=paper.made_at.astimezone(clock.SHANGHAI).date()).shelf
    except Missing:
        return "other"


def bound(who: Who, found: Proceeding, part: str = "") -> bytes:
    """The volume as one PDF with continuous page numbers, with the pages of what can be printed of its evidence.

    Evidence confined to others than ``who`` has its sheet without its pages. Raises ``Refused`` where there is nothing
    to bind.
    """
    lying = entries(found, part)
    if not lying:
        raise Refused("volume.empty", _("案卷里还没有可以归卷的文书。"))
    bureau = bureau_of(found.scope)
    title = version_of(found.procedure, found.version).title
    return pdf.laid_out("volume.typ", {
        "title": f"{title}卷宗",  # not shown: the cover is Chinese
        "bureau": bureau.title if bureau else "",
        "words": WORDS,
        "cover": _cover(found, part),
        "parts": [
            {"title": words, "entries": [_bound_entry(who, one) for one in lying if one.part == code]}
            for code, words in PARTS.items()
            if any(one.part == code for one in lying)
        ],
        "note": _note(found, lying),
    })  # fmt: skip


def _bound_entry(who: Who, one: Entry) -> Mapping[str, Any]:
    sheets = _sheets(who, one.item, one.carried) if one.item else {}
    document = pdf.as_held(papers.document_of(one.paper.content)) if one.paper else None
    return {
        "n": one.n,
        "title": one.title,
        "number": one.number,
        "day": one.at.astimezone(clock.SHANGHAI).date().isoformat(),
        "mark": f"已于 {one.withdrawn} 撤回" if one.withdrawn else "",  # not shown: in the volume
        "document": document,
        **sheets,
    }


def _sheets(who: Who, item: Evidence, carried: Carried | None) -> Mapping[str, Any]:
    """The sheet of one item of evidence with its pages; what cannot be printed is named with where it is."""
    if carried is not None:
        return _sheets_of_carried(who, item, carried)
    said = [
        ("名称", item.title), ("种类", KINDS.get(item.kind, item.kind)), ("来源", item.source),  # not shown: a sheet
        ("取证人员", "、".join(name for _key, name in item.taken_by)),  # not shown: a sheet
        ("取证时间", documents.shown(item.taken_at.astimezone(clock.SHANGHAI).date())),  # not shown: a sheet
        ("取证地点", item.place), ("证明内容", item.proves or documents.BLANK),  # not shown: a sheet
        ("原件或复制件", "原件" if item.original else f"复制件：{item.checked}"),  # not shown: a sheet
        ("文件摘要（SHA-256）", item.file),  # not shown: a sheet
    ]  # fmt: skip
    made, why = ([], CONFINED) if not evidence.may_read(who, item) else _pages(item.file, item.media, item.name)
    return {"sheet": said, "pages": made, "why": why}


def _sheets_of_carried(who: Who, item: Evidence, carried: Carried) -> Mapping[str, Any]:
    """The sheet of an item of another file: of one that keeps somebody's identity neither source nor place is told."""
    sha256, _size, media = carrying.shown_of(carried)
    origin = f"转入自 {item.proceeding.number} 第 {item.number} 号证据"  # not shown: a sheet
    said = [
        ("名称", carried.title), ("种类", KINDS.get(item.kind, item.kind)),  # not shown: a sheet
        ("来源", origin + ("，来源保密" if carried.secret else f"，{item.source}")),  # not shown: a sheet
        ("证明内容", carried.proves or documents.BLANK), ("文件摘要（SHA-256）", item.file),  # not shown: a sheet
    ]  # fmt: skip
    reads = carrying.may_read(who, carried)
    made, why = _pages(sha256, media, carried.title) if reads else ([], CONFINED)
    return {"sheet": said, "pages": made, "why": why}


def _pages(sha256: str, media: str, name: str) -> tuple[list[str], str]:
    """The pages of a kept file as they are printed, and why some are not."""
    if content.of_media(media).shown not in {"picture", "pages"}:
        return [], f"电子文件“{name}”（{media}），随卷保存。"  # not shown: in the volume
    try:
        if files.size_of(sha256) > evidence.MOST_DRAWN:
            return [], f"电子文件“{name}”（{media}），随卷保存。"  # not shown: in the volume
        with files.open_kept(sha256) as handle:
            held = handle.read()
        count = pictures.pages(held, media)
        made = [pictures.embedded(held, media, page=n) for n in range(1, min(count, MOST_PAGES) + 1)]
    except Refused as why:
        return [], str(why)
    return made, f"共 {count} 页，其余见原件。" if count > MOST_PAGES else ""  # not shown: in the volume


def _cover(found: Proceeding, part: str) -> list[tuple[str, str]]:
    parties = found.parties.filter(gone=False, kind="party").order_by("number").values_list("name", flat=True)
    return [
        ("案由", found.title),  # not shown: the cover
        ("案卷编号", found.number),  # not shown: the cover
        ("当事人", "、".join(parties) or (found.subject.name if found.subject else "")),  # not shown: the cover
        ("收到日期", documents.shown(found.received_on)),  # not shown: the cover
        ("办结日期", documents.shown(found.ended_on) if found.ended_on else "未办结"),  # not shown: the cover
        ("承办人", found.officer_name),  # not shown: the cover
        ("卷别", PARTS.get(part, "、".join(PARTS.values()))),  # not shown: the cover
        ("保管期限", documents.BLANK),  # not shown: the cover
    ]


def _note(found: Proceeding, lying: list[Entry]) -> list[str]:
    withdrawn = [one.number for one in lying if one.withdrawn]
    unserved = [one.number for one in lying if one.paper and one.paper.to and not one.paper.served_on]
    items = sum(one.item is not None for one in lying)
    lines = [f"案卷 {found.number} 共有文书 {len(lying) - items} 件、证据 {items} 件。"]  # not shown: in the volume
    if withdrawn:
        lines.append(f"已撤回、留存备查的：{'、'.join(withdrawn)}。")  # not shown: in the volume
    if unserved:
        lines.append(f"没有登记送达的文书：{'、'.join(unserved)}。")  # not shown: in the volume
    lines.append("本卷情况说明：")  # not shown: in the volume
    return lines
