"""A legal form is declared once, as blocks, and comes out as HTML, DOCX and PDF with the same words.

Blocks stand in TOML beside the line they belong to::

    title = "责令改正通知书"
    number = "{number}"
    [[blocks]]
    kind = "text"
    text = "{party}：经查，你单位……"

A fact in braces must be given; a missing one is told by name before anything is made. A fact whose value is None is
left as a blank to be filled in by hand.
"""

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from shiheng.kernel.errors import Refused
from shiheng.ui import formats, qr
from shiheng.ui.charts import Chart

BLANK = "_" * 12
KINDS = {"heading", "text", "flush", "right", "facts", "table", "list", "signatures", "seal", "chart", "break"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block as declared. Only what its kind uses is set."""

    kind: str
    text: str = ""
    level: int = 2
    rows: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    office: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A form as declared: its title, its number line and its blocks."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    basis: str = ""


@dataclass(slots=True)
class Made:
    """A block with its facts filled in, the same for every form of output."""

    kind: str
    text: str = ""
    level: int = 2
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    day: str = ""
    chart: Chart | None = None
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Where anybody may check a paper: the address its code holds, and the words beside the code."""

    address: str
    words: str = ""


@dataclass(slots=True)
class Document:
    """``bare``: its blocks hold its title and number themselves, as a form that somebody wrote in Word does."""

    title: str
    number: str
    blocks: list[Made]
    bare: bool = False
    check: Check | None = None


def load(path: Path) -> Declared:
    """A form from its TOML file; a fault names the file and the block."""
    return declared(tomllib.loads(path.read_text(encoding="utf-8")), where=path.name)


def declared(raw: Mapping[str, Any], *, where: str = "document") -> Declared:
    blocks = []
    for n, item in enumerate(raw.get("blocks", ()), 1):
        if item.get("kind") not in KINDS:
            raise ValueError(f"{where}: block {n} has the unknown kind {item.get('kind')!r}")
        extra = set(item) - {"kind", "text", "level", "rows", "columns", "items", "office", "day"}
        if extra:
            raise ValueError(f"{where}: block {n} has unknown keys {', '.join(sorted(extra))}")
        given = dict(item)
        given["columns"] = tuple((str(k), str(t)) for k, t in item.get("columns", ()))
        given["items"] = tuple(item.get("items", ()))
        blocks.append(Block(**given))
    if not raw.get("title") or not blocks:
        raise ValueError(f"{where}: a document needs a title and at least one block")
    return Declared(raw["title"], tuple(blocks), raw.get("number", ""), raw.get("basis", ""))


def needed(form: Declared) -> set[str]:
    """The facts a form cannot be made without."""
    texts = [form.title, form.number]
    for block in form.blocks:
        texts += [block.text, block.office, block.day, *block.items]
    names = {name.split(".")[0].split("[")[0] for text in texts for _, name, _, _ in _FORMAT.parse(text) if name}
    return names | {b.rows for b in form.blocks if b.rows} | {b.text for b in form.blocks if b.kind == "chart"}


def words_of(form: Declared) -> str:
    """Every word a form says whatever is filled in."""
    return "\n".join([form.title, *(word for one in form.blocks for word in (one.text, one.office, *one.items))])


def make(form: Declared, facts: Mapping[str, Any]) -> Document:
    """The form with ``facts``; whatever is missing is told at once, all of it."""
    missing = sorted(needed(form) - set(facts))
    if missing:
        raise Refused(
            "facts_missing", f"“{form.title}”还缺少：{'、'.join(missing)}。请先补齐再制作文书。", missing=missing
        )
    return Document(_filled(form.title, facts), _filled(form.number, facts), [_made(b, facts) for b in form.blocks])


def _made(block: Block, facts: Mapping[str, Any]) -> Made:
    if block.kind == "chart":
        chart = facts[block.text]
        return Made("chart", chart=chart, svg=mark_safe(str(chart)))  # noqa: S308 - drawn by ui.charts
    made = Made(block.kind, _filled(block.text, facts), block.level, items=[_filled(i, facts) for i in block.items])
    if block.kind == "table":
        made.head = [title for _, title in block.columns]
        made.rows = [[shown(row.get(key)) for key, _ in block.columns] for row in facts[block.rows]]
    if block.kind == "facts":
        made.rows = [[str(title), shown(value)] for title, value in facts[block.rows]]
    if block.kind == "seal":
        made.text, made.day = _filled(block.office or block.text, facts), _filled(block.day, facts)
    return made


def shown(value: Any) -> str:
    """A fact as documents write it: dates in full, money with its sign, nothing as a blank."""
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return formats.moment_text(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        return formats.number_text(value)
    return str(value)


class _Facts(string.Formatter):
    """``str.format`` with our own way of writing values; attributes are refused, for facts are plain values."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        if not field_name.isidentifier():
            raise ValueError(f"a document names facts only, not {field_name!r}")
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "money":
            return BLANK if value is None else formats.money_text(value)
        if format_spec == "day":
            return BLANK if value is None else formats.day_text(value)
        if format_spec:
            raise ValueError(f"a document knows the forms money and day, not {format_spec!r}")
        return shown(value)


_FORMAT = _Facts()


_STOPS = re.compile("。+(?=[。；，、）])")  # what was told ends its own sentence, the form goes on with its own


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    return _STOPS.sub("", _FORMAT.vformat(text, (), dict(facts))) if text else ""


def to_html(document: Document) -> SafeString:
    """The document as a part of a page."""
    code = mark_safe(qr.svg(document.check.address)) if document.check else ""  # noqa: S308 - drawn by ui.qr
    held = {"document": document, "code": code}
    return mark_safe(render_to_string("ui/parts/document.html", held))  # noqa: S308


def to_docx(document: Document) -> bytes:
    """The document for Word and WPS, with the fonts official papers use by name."""
    from shiheng.ui.word import write

    out = BytesIO()
    write(document, out)
    return out.getvalue()


def to_pdf(document: Document) -> bytes:
    """The document as PDF/A-2b."""
    from shiheng.ui.pdf import compiled

    return compiled(document)
