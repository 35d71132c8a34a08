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
from shiheng.procedures.evidence import carrying
from shiheng.procedures.evidence.definition import KINDS
from shiheng.procedures.formbook import COVER, MAIN, SIDE
from shiheng.procedures.models import Evidence, Paper, Proceeding
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
EVIDENCE_LIST, CONFINED = "证据目录", "限承办人员查看"  # not shown: the volume is Chinese
EVIDENCE_COLUMNS = ("序号", "名称", "种类", "来源", "SHA-256")  # not shown: the volume is Chinese


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
    listed = not part and has_evidence(found)  # the list of evidence ends the main part, the side part counts on
    return [
        Entry(n + int(listed and _part(shelf) == "side"), _part(shelf), shelf, paper)
        for n, (shelf, paper) in enumerate(chosen, start=1)
    ]


def has_evidence(found: Proceeding) -> bool:
    """Whether the main part ends with a list of evidence: where the file has any, its own or carried into it."""
    return Evidence.objects.filter(proceeding=found, withdrawn_at=None).exists() or carrying.of_file(found).exists()


def evidence_list(found: Proceeding) -> documents.Document:
    """Every item that stands, with its hash; what was carried from another file says from which, and its number there.

    What is confined, or comes from a file that keeps somebody's identity, is named without its source.
    """
    rows = []
    for item in Evidence.objects.filter(proceeding=found, withdrawn_at=None).order_by("number"):
        source = CONFINED if item.confidential else item.source
        rows.append([str(item.number), item.title, KINDS.get(item.kind, item.kind), source, item.file])
    for held in carrying.of_file(found).filter(evidence__withdrawn_at=None):
        item = held.evidence
        source = f"转入自 {item.proceeding.number} 第 {item.number} 号证据"  # not shown: in the volume
        source += "，来源保密" if held.secret else f"，{item.source}"  # not shown: in the volume
        rows.append(
            [f"转{held.number}", held.title, KINDS.get(item.kind, item.kind), source, item.file]
        )  # not shown: ib.
    heading = documents.Made("heading", text=EVIDENCE_LIST, level=1)
    table = documents.Made("table", head=list(EVIDENCE_COLUMNS), rows=rows)
    return documents.Document(EVIDENCE_LIST, found.number, [heading, table], bare=True)


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
    listed = part != "side" and has_evidence(found)
    if not lying and not listed:
        raise Refused("volume.empty", _("案卷里还没有可以归卷的文书。"))
    bureau = bureau_of(found.scope)
    title = version_of(found.procedure, found.version).title
    return pdf.laid_out("volume.typ", {
        "title": f"{title}卷宗",  # not shown: the cover is Chinese
        "bureau": bureau.title if bureau else "",
        "words": WORDS,
        "cover": _cover(found, part),
        "parts": [
            {"title": words, "entries": entries_of}
            for code, words in PARTS.items()
            if (entries_of := _entries_of(found, lying, code, listed=listed))
        ],
        "note": _note(found, lying, listed=listed),
    })  # fmt: skip


def _entries_of(found: Proceeding, lying: list[Entry], part: str, *, listed: bool) -> list[Mapping[str, Any]]:
    """One part as it is bound; the main part with the list of evidence at its end."""
    made = [_bound_entry(one) for one in lying if one.part == part]
    if listed and part == "main":
        number, day = len(made) + 1, clock.today().isoformat()
        list_of = pdf.as_held(evidence_list(found))
        made.append({"n": number, "title": EVIDENCE_LIST, "number": "", "day": day, "mark": "", "document": list_of})
    return made


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


def _note(found: Proceeding, lying: list[Entry], *, listed: bool) -> list[str]:
    withdrawn = [one.paper.number for one in lying if one.paper.withdrawn_on]
    unserved = [one.paper.number for one in lying if one.paper.to and not one.paper.served_on]
    lines = [f"案卷 {found.number} 共有文件 {len(lying) + listed} 件。"]  # not shown: in the volume
    if withdrawn:
        lines.append(f"已撤回、留存备查的文书：{'、'.join(withdrawn)}。")  # not shown: in the volume
    if unserved:
        lines.append(f"没有登记送达的文书：{'、'.join(unserved)}。")  # not shown: in the volume
    lines.append("本卷情况说明：")  # not shown: in the volume
    return lines
