"""A form somebody wrote in Word: taken in safely, its placeholders found, filled, and read as blocks.

A placeholder is ``{{name}}``. Word cuts what is typed into runs wherever it likes, so a placeholder is looked for in
the text of the whole paragraph; its value takes the look of the run it begins in. What is filled as a Word file is
read back as blocks from that very file, so that page and PDF say the same words.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from io import BytesIO
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from shiheng.kernel.errors import Refused
from shiheng.ui.documents import Made
from shiheng.ui.word import saved

MOST = 5 * 1024 * 1024
UNPACKED_MOST = 30 * 1024 * 1024
PARTS_MOST = 400
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FOREIGN = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_ACTIVE = ("vbaproject", "vbadata", "embeddings/", "activex", "oleobject", "afchunk", ".exe", ".bin")
_FIELDS = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|LINK|IMPORT|MACROBUTTON|DATABASE|RD)\b")
_EXCERPT = 24
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no Word file can hold them


def refused(code: str, told: str) -> Refused:
    return Refused(f"wordform.{code}", told, field="file")


def check(content: bytes) -> None:
    """Refuse a file that is no plain Word file, or that brings along what could act by itself."""
    if len(content) > MOST:
        raise refused("size", _("文件超过 5 MB，请去掉图片后再上传。"))
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            _check_parts(packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise refused("kind", _("这不是 .docx 文件。请在 Word 或 WPS 中另存为 .docx 后上传。")) from None


def _check_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > PARTS_MOST or len({part.filename for part in parts}) != len(parts):
        raise refused("parts", _("文件内部的部件过多或者重复，请新建文档重新排版。"))
    if "word/document.xml" not in packed.namelist():
        raise refused("kind", _("这不是 .docx 文件。请在 Word 或 WPS 中另存为 .docx 后上传。"))
    left = UNPACKED_MOST
    for part in parts:
        name = part.filename.lower()
        if any(mark in name for mark in _ACTIVE):
            raise refused("active", _("文件带有宏或者嵌入对象（%(name)s），请删去后上传。") % {"name": part.filename})
        with packed.open(part) as held:
            read = held.read(left + 1)  # what a part says of its own size is not believed
        left -= len(read)
        if left < 0:
            raise refused("bomb", _("文件解压后过大，不能上传。"))
        if name.endswith((".xml", ".rels")):
            _check_xml(name, read)


def _check_xml(name: str, read: bytes) -> None:
    text = read.replace(b"\x00", b"")  # so that a part in UTF-16 is read as well
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refused("entity", _("文件内部含有不允许的声明，请新建文档重新排版。"))
    if name.endswith(".rels") and _FOREIGN.search(text):
        raise refused("link", _("文件带有指向外部的链接（超链接、外部图片或者模板），请取消链接后上传。"))
    if name == "[content_types].xml" and b"macroEnabled" in text:
        raise refused("active", _("文件是启用宏的格式，请另存为不含宏的 .docx 后上传。"))


def opened(content: bytes) -> Word:
    """The form as Word has it. Raises ``Refused`` for one that cannot be taken in or cannot be rendered faithfully."""
    check(content)
    try:
        word = docx.Document(BytesIO(content))
        body = word.element.body
    except Exception:  # noqa: BLE001 - whatever the library says of a broken file, it cannot be read
        raise refused("broken", _("文件打不开，可能已经损坏。请重新保存后上传。")) from None
    for tag, told in (
        ("w:ins", _("文件里有未接受的修订，请先接受或者拒绝全部修订。")),
        ("w:del", _("文件里有未接受的修订，请先接受或者拒绝全部修订。")),
        ("w:txbxContent", _("文件里有文本框，PDF 无法照样排版。请把文字放到正文或者表格里。")),
        ("w:altChunk", _("文件里嵌入了别的文件，请删去后上传。")),
        ("w:footnoteReference", _("文件里有脚注，请把文字放到正文里。")),
    ):
        if next(body.iter(qn(tag)), None) is not None:
            raise refused("unfit", told)
    fields = " ".join(field.text or "" for field in body.iter(qn("w:instrText")))
    fields += " ".join(str(field.get(qn("w:instr"))) for field in body.iter(qn("w:fldSimple")))
    if found := _FIELDS.search(fields):
        raise refused("field", _("文件里有会引入外部内容的域（%(name)s），请删去后上传。") % {"name": found[1]})
    return word


# -- placeholders


def placeholders(word: Word) -> list[str]:
    """The names in a form in their order, each once. Raises ``Refused`` where braces are not closed."""
    found: dict[str, None] = {}
    for paragraph in _paragraphs(word):
        text = "".join(node.text or "" for node in _nodes(paragraph))
        for name in PLACEHOLDER.findall(text):
            found[name] = None
        rest = PLACEHOLDER.sub("", text)
        if "{{" in rest or "}}" in rest:
            raise refused("braces", _("占位符没有写完整：“%(text)s”。前后各要两个花括号。") % {"text": _around(rest)})
    return list(found)


def words(word: Word) -> str:
    """Every word of a form, a paragraph a line."""
    return "\n".join(map(_text, _paragraphs(word)))


def _around(text: str) -> str:
    at = min(place for place in (text.find("{{"), text.find("}}")) if place >= 0)
    return text[max(at - _EXCERPT // 2, 0) : at + _EXCERPT]


def unknown(names: list[str], known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names nobody knows, each with the nearest one that is known (or nothing)."""
    found = []
    for name in names:
        if name not in known:
            near = get_close_matches(name, list(known), n=1, cutoff=0.4) or [
                one for one in known if name and name in one
            ]
            found.append((name, near[0] if near else ""))
    return found


def filled(content: bytes, values: Mapping[str, str]) -> bytes:
    """The form with every placeholder replaced; deterministic, so that a paper comes out the same each time."""
    word = opened(content)
    clean = {name: _UNWRITABLE.sub("", value) for name, value in values.items()}
    for paragraph in _paragraphs(word):
        _fill(paragraph, clean)
    return saved(word)


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:
    nodes = _nodes(paragraph)
    whole = "".join(node.text or "" for node in nodes)
    for found in reversed(list(PLACEHOLDER.finditer(whole))):
        at = 0
        first = True
        for node in nodes:
            text = node.text or ""
            start, end = max(found.start() - at, 0), min(found.end() - at, len(text))
            at += len(text)
            if start >= end:
                continue
            node.text = text[:start] + (values[found[1]] if first else "") + text[end:]
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            first = False
    for node in nodes:
        _break_lines(node)


def _break_lines(node: Any) -> None:
    """A value of several lines breaks its line as Word does."""
    lines = (node.text or "").split("\n")
    node.text = lines[0]
    after = node
    for line in lines[1:]:
        for tag, text in (("w:br", ""), ("w:t", line)):
            made = OxmlElement(tag)
            if text:
                made.text = text
                made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            after.addnext(made)
            after = made


# -- as blocks


def blocks(content: bytes) -> list[Made]:
    """A filled form as blocks: its head line, paragraphs and tables in their order, its foot line."""
    word = docx.Document(BytesIO(content))
    found = [block for part in _edges(word, "header") for block in _read(part._element)]
    found += _read(word.element.body)
    return found + [block for part in _edges(word, "footer") for block in _read(part._element)]


def _edges(word: Word, which: str) -> list[Any]:
    """The heads or feet of the form, each once."""
    parts = [getattr(section, which) for section in word.sections]
    return [part for part in parts if not part.is_linked_to_previous]


def _read(parent: Any) -> Iterator[Made]:
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            if (text := _text(child).strip("\n")).strip():
                yield _paragraph(child, text)
            if any(brk.get(qn("w:type")) == "page" for brk in child.iter(qn("w:br"))):
                yield Made("break")
        elif child.tag == qn("w:tbl"):
            yield Made("table", rows=_rows(child))
        elif child.tag == qn("w:sdt"):
            for inner in child.iterchildren(qn("w:sdtContent")):
                yield from _read(inner)


def _paragraph(element: Any, text: str) -> Made:
    look = element.pPr
    where = look.jc.val if look is not None and look.jc is not None else None
    name = str(getattr(where, "name", ""))
    if name == "CENTER":
        return Made("heading", text.strip(), 1)
    if name == "RIGHT":
        return Made("right", text.strip())
    indent = look.ind if look is not None else None
    first = bool(indent is not None and (indent.firstLine or indent.get(qn("w:firstLineChars"))))
    return Made("text" if first else "flush", text.lstrip() if first else text)


def _rows(table: Any) -> list[list[str]]:
    """The cells of a table; one that spans several columns stands in the first of them."""
    found = []
    for row in table.iterchildren(qn("w:tr")):
        cells: list[str] = []
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is not row:
                continue  # of a table within the cell: its words are said there
            texts = [_text(paragraph) for paragraph in cell.iter(qn("w:p"))]
            look = cell.tcPr
            cells.append("\n".join(text for text in texts if text.strip()))
            cells += [""] * ((look.gridSpan.val if look is not None and look.gridSpan is not None else 1) - 1)
        found.append(cells)
    width = max(map(len, found), default=0)
    return [row + [""] * (width - len(row)) for row in found]


# -- the text of a paragraph


def _paragraphs(word: Word) -> Iterator[Any]:
    for part in (*_edges(word, "header"), *_edges(word, "footer")):
        yield from part._element.iter(qn("w:p"))
    yield from word.element.body.iter(qn("w:p"))


def _nodes(paragraph: Any) -> list[Any]:
    return [node for node in paragraph.iter(qn("w:t")) if _owner(node) is paragraph]


def _owner(node: Any) -> Any:
    return next(node.iterancestors(qn("w:p")), None)


_SPOKEN: dict[str, Callable[[Any], str]] = {
    qn("w:t"): lambda node: node.text or "",
    qn("w:tab"): lambda node: "\t" if node.getparent().tag == qn("w:r") else "",
    qn("w:br"): lambda node: "" if node.get(qn("w:type")) == "page" else "\n",
    qn("w:cr"): lambda _node: "\n",
    qn("w:noBreakHyphen"): lambda _node: "-",
}


def _text(paragraph: Any) -> str:
    parts = [_SPOKEN[node.tag](node) for node in paragraph.iter(*_SPOKEN) if _owner(node) is paragraph]
    return "".join(parts)
