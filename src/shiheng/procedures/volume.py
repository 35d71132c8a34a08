"""The volume of a file: its papers in the order of archives, main part before side part, with cover, list and note.

What goes where follows the rules (程序规定 art 78): each form says on which shelf it lies; a receipt lies behind what
it is the receipt of, for it was made later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.procedures import formbook, papers
from shiheng.procedures.contents import version_of
from shiheng.procedures.formbook import COVER, MAIN, SIDE
from shiheng.procedures.models import Paper, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.ui import documents, pdf

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
    """One paper in a volume: its place, counted through both parts, and which part it is in."""

    n: int
    part: str
    shelf: str
    paper: Paper


def entries(found: Proceeding, part: str = "") -> list[Entry]:
    """The papers of a file in the order of its volume; of one part where it is named.

    Cover, list and note are made by the volume itself.
    """
    order = (*MAIN, *SIDE)
    held = [(_shelf(paper), paper) for paper in found.papers.order_by("made_at", "pk")]
    lying = sorted(((s, p) for s, p in held if s != COVER), key=lambda one: order.index(one[0]))
    chosen = [(s, p) for s, p in lying if not part or part == _part(s)]
    return [Entry(n, _part(shelf), shelf, paper) for n, (shelf, paper) in enumerate(chosen, start=1)]


def _part(shelf: str) -> str:
    return "main" if shelf in MAIN else "side"


def _shelf(paper: Paper) -> str:
    """Where a paper lies by the form it was made of; one of a form nobody declares any more lies at the end."""
    try:
        return formbook.of_code(paper.form, on=paper.made_at.astimezone(clock.SHANGHAI).date()).shelf
    except Missing:
        return "other"


def bound(found: Proceeding, part: str = "") -> bytes:
    """The volume as one PDF with continuous page numbers. Raises ``Refused`` where there is nothing to bind."""
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
            {"title": words, "entries": [_bound_entry(one) for one in lying if one.part == code]}
            for code, words in PARTS.items()
            if any(one.part == code for one in lying)
        ],
        "note": _note(found, lying),
    })  # fmt: skip


def _bound_entry(one: Entry) -> Mapping[str, Any]:
    paper = one.paper
    return {
        "n": one.n,
        "title": paper.title,
        "number": paper.number,
        "day": paper.made_at.astimezone(clock.SHANGHAI).date().isoformat(),
        "mark": f"已于 {paper.withdrawn_on} 撤回" if paper.withdrawn_on else "",  # not shown: in the volume
        "document": pdf.as_held(papers.document_of(paper.content)),
    }


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
    withdrawn = [one.paper.number for one in lying if one.paper.withdrawn_on]
    unserved = [one.paper.number for one in lying if one.paper.to and not one.paper.served_on]
    lines = [f"案卷 {found.number} 共有文件 {len(lying)} 件。"]  # not shown: in the volume
    if withdrawn:
        lines.append(f"已撤回、留存备查的文书：{'、'.join(withdrawn)}。")  # not shown: in the volume
    if unserved:
        lines.append(f"没有登记送达的文书：{'、'.join(unserved)}。")  # not shown: in the volume
    lines.append("本卷情况说明：")  # not shown: in the volume
    return lines
