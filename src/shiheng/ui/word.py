"""Blocks as a Word file for Word and WPS: A4, margins and fonts by name as official papers have them."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from shiheng.ui import qr
from shiheng.ui.documents import Check, Document, Made

BODY, HEAD = "仿宋", "黑体"


def write(document: Document, out: IO[bytes]) -> None:
    """Write ``document`` to ``out``."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(3)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    style: Any = word.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_after = Pt(0)
    word.core_properties.title = document.title
    if not document.bare:
        _line(word, document.title, font="宋体", size=22, bold=True, centre=True)
        if document.number:
            _line(word, document.number, centre=True)
    for block in document.blocks:
        _block(word, block)
    if document.check:
        mark(word, document.check)
    out.write(saved(word))


_EPOCH = bytes((0, 0, 33, 0))  # 1980-01-01 as zip files write it


def saved(word: Any) -> bytes:
    """A Word file of the same words is the same file: the moment it was packed at is not written into it."""
    first = BytesIO()
    word.save(first)
    held = bytearray(first.getvalue())
    with zipfile.ZipFile(first) as packed:
        at, parts = packed.start_dir, packed.infolist()
    for part in parts:
        held[part.header_offset + 10 : part.header_offset + 14] = _EPOCH
        held[at + 12 : at + 16] = _EPOCH
        at += 46 + sum(int.from_bytes(held[at + place : at + place + 2], "little") for place in (28, 30, 32))
    return bytes(held)


def mark(word: Any, check: Check) -> None:
    """Put the code by which a paper is checked at its end, with its words."""
    word.add_paragraph().add_run().add_picture(BytesIO(qr.png(check.address)), width=Cm(2.6))
    _line(word, check.words, size=9)


def marked(content: bytes, check: Check) -> bytes:
    """A Word file with the code at its end."""
    word = docx.Document(BytesIO(content))
    mark(word, check)
    return saved(word)


def _block(word: Any, block: Made) -> None:
    _WRITERS[block.kind](word, block)


def _heading(word: Any, block: Made) -> None:
    _line(word, block.text, font=HEAD, bold=True, centre=block.level == 1)


def _text(word: Any, block: Made) -> None:
    for part in block.text.split("\n"):
        paragraph = _line(word, part)
        if block.kind == "text":
            paragraph.paragraph_format.first_line_indent = Pt(28)


def _right(word: Any, block: Made) -> None:
    for part in block.text.split("\n"):
        _line(word, part).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _list(word: Any, block: Made) -> None:
    for n, item in enumerate(block.items, 1):
        _line(word, f"{n}. {item}").paragraph_format.first_line_indent = Pt(28)


def _signatures(word: Any, block: Made) -> None:
    for item in block.items:
        _line(word, f"{item}：{'　' * 8}")


def _seal(word: Any, block: Made) -> None:
    for part in (f"{block.text}（印章）", block.day):
        if part:
            _line(word, part).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _break(word: Any, block: Made) -> None:  # noqa: ARG001
    word.add_page_break()


def _line(word: Any, text: str, *, font: str = "", size: int = 0, bold: bool = False, centre: bool = False) -> Any:
    paragraph = word.add_paragraph()
    _run(paragraph, text, font=font, size=size, bold=bold)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _run(paragraph: Any, text: str, *, font: str = "", size: int = 0, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
    if font:
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size:
        run.font.size = Pt(size)


def _table(word: Any, block: Made) -> None:
    rows = ([block.head] if block.head else []) + block.rows
    if not rows:
        return
    width = len(rows[0])
    table = word.add_table(rows=len(rows), cols=width, style="Table Grid")
    cells = table._cells  # asked once: the library counts through all of them at each asking
    for n, row in enumerate(rows):
        for k, value in enumerate(row):
            heading = (n == 0 and bool(block.head)) or (block.kind == "facts" and k == 0)
            _run(cells[n * width + k].paragraphs[0], value, size=12, bold=heading)


def _chart(word: Any, block: Made) -> None:
    """Word shows no SVG from our library, so a document carries the chart as the table behind it and its sentence."""
    chart = block.chart
    if chart is None:
        return
    _line(word, chart.title, font=HEAD, bold=True)
    if chart.sentence:
        _line(word, chart.sentence)
    _table(word, Made("table", head=list(chart.head), rows=[list(r) for r in chart.rows]))


_WRITERS: dict[str, Callable[[Any, Made], None]] = {
    "heading": _heading,
    "text": _text,
    "flush": _text,
    "right": _right,
    "list": _list,
    "facts": _table,
    "table": _table,
    "signatures": _signatures,
    "seal": _seal,
    "chart": _chart,
    "break": _break,
}
