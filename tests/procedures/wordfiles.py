"""Word files as people make them, for the tests of forms: with runs cut anywhere, and with what may not be in one."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import docx


def word(*paragraphs: str | Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word file; a paragraph given as several texts has a run each."""
    made = docx.Document()
    for one in paragraphs:
        paragraph = made.add_paragraph()
        for n, text in enumerate([one] if isinstance(one, str) else one):
            paragraph.add_run(text).bold = bool(n % 2)
    if table:
        grid = made.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content: bytes, change: Callable[[dict[str, bytes]], Any]) -> bytes:
    """A Word file with its parts changed."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, held in parts.items():
            packed.writestr(name, held)
    return out.getvalue()


def words_of(content: bytes) -> str:
    """Every word of a Word file, without spaces, as its reader sees them one after another."""
    held = docx.Document(BytesIO(content))
    found = []
    for child in held.element.body.iterchildren():
        found += [node.text or "" for node in child.iter("{*}t")]
    return "".join("".join(found).split())
