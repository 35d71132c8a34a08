"""Blocks as PDF/A-2b through typst, which runs inside this process and needs no browser.

Words never become typst code: the whole document goes in as JSON and the template only lays it out.
"""

import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ui import qr
from shiheng.ui.documents import Document

TEMPLATE = Path(__file__).parent / "templates" / "ui" / "document.typ"
FONTS = (
    "Noto Serif CJK SC", "FangSong", "STFangsong", "SimSun", "Source Han Serif SC", "Noto Sans CJK SC",
    "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei",
)  # fmt: skip

_lock = threading.Lock()  # a compiler keeps state between documents; a new one each time would read every font again


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


@cache
def _compiler(template: str = "") -> typst.Compiler:
    return typst.Compiler(TEMPLATE.parent / (template or TEMPLATE.name), root=TEMPLATE.parent, font_paths=_fonts())


@cache
def _installed() -> tuple[str, ...]:
    families = {family.lower() for family in _fonts().families()}
    return tuple(name for name in FONTS if name.lower() in families)


def available() -> bool:
    """Whether this machine has a font with Chinese characters; without one a PDF would be empty boxes."""
    return bool(_installed())


def compiled(document: Document) -> bytes:
    """The document as PDF; refused, with what to do, where no Chinese font is installed."""
    return _compiled(TEMPLATE.name, as_json(document))


def laid_out(template: str, held: Mapping[str, Any]) -> bytes:
    """Something else than a document, laid out by a template of its own beside the one of documents."""
    return _compiled(template, json.dumps({"fonts": _installed(), **held}, ensure_ascii=False))


def _compiled(template: str, held: str) -> bytes:
    if not available():
        raise Refused("no_chinese_font", "本机没有中文字体，无法生成 PDF。请安装 fonts-noto-cjk，或改为下载 DOCX。")
    with _lock:
        made = _compiler(template).compile(
            format="pdf",
            sys_inputs={"document": held},
            pdf_standards="a-2b",
            timestamp=int(clock.now().timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def as_json(document: Document) -> str:
    """What the template reads."""
    return json.dumps({"fonts": _installed(), **as_held(document)}, ensure_ascii=False)


def as_held(document: Document) -> dict[str, Any]:
    """A document as templates lay it out."""
    blocks = []
    for block in document.blocks:
        made = {
            "kind": block.kind, "text": block.text, "level": block.level, "head": block.head, "rows": block.rows,
            "items": block.items, "day": block.day,
        }  # fmt: skip
        if chart := block.chart:
            made |= {
                "text": chart.title, "sentence": chart.sentence, "svg": chart.standalone(),
                "head": list(chart.head), "rows": [list(row) for row in chart.rows],
            }  # fmt: skip
        blocks.append(made)
    check = document.check
    return {
        "title": document.title, "number": document.number, "blocks": blocks, "bare": document.bare,
        "code": qr.svg(check.address) if check else "", "code-words": check.words if check else "",
    }  # fmt: skip
