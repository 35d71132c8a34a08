"""A penalty decision as PDF and as Word, beside the bare engines given the finished words.

Ours fills the declared form from its facts, lays it out and marks it with its code; the bare engine sets the same lines
with the library alone: typst with one justified paragraph a line and one table, python-docx likewise.
``SHIHENG_BENCH_PAPERS`` sets how many of each are made (40).
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

PAPERS = int(os.environ.get("SHIHENG_BENCH_PAPERS", "40"))
SLOWER_PDF, SLOWER_WORD = 2.0, 2.0
Make = Callable[[int], object]
PLAIN = """
#let doc = json(bytes(sys.inputs.document))
#set page(paper: "a4")
#set text(font: doc.fonts, size: 14pt, lang: "zh", region: "cn")
#set par(justify: true)
#for line in doc.lines { par(line) }
#table(columns: 3, ..doc.cells)
"""


def run() -> list[Claim]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiheng.site.settings")
    import django

    django.setup()
    from shiheng.ui import documents, pdf
    from shiheng.ui.documents import Check

    form, facts = _form()

    def filled(n: int) -> documents.Document:
        """Another decision each time: the engine keeps what it has set before."""
        said = {name: f"第{n}号：{value}" if isinstance(value, str) else value for name, value in facts.items()}
        made = documents.make(form, said)
        made.check = Check(f"https://jg.example.gov.cn/papers/{n:032x}/", "扫码核验这份文书。")
        return made

    claims = []
    pairs: list[tuple[str, Make, Make, float]] = [
        ("DOCX", lambda n: documents.to_docx(filled(n)), lambda n: _bare_word(*_words(filled(n))), SLOWER_WORD)
    ]
    if pdf.available():
        bare = _bare_pdf()
        pairs.append(("PDF", lambda n: documents.to_pdf(filled(n)), lambda n: bare(*_words(filled(n))), SLOWER_PDF))
    for title, ours, plain, slower in pairs:
        mine, theirs = _rate(ours), _rate(plain)
        told = f"  {title}: {mine:,.1f} decisions a second; the bare engine {theirs:,.1f}; ratio {mine / theirs:.2f}"
        print(told)
        claims.append(Claim(f"{title} of a decision: at least 1/{slower:g} of the bare engine's rate", mine,
                            theirs / slower, "a second"))  # fmt: skip
    return claims


def _rate(make: Make) -> float:
    make(-1)
    make(-2)  # fonts and templates are read once
    begun = time.perf_counter()
    for n in range(PAPERS):
        make(n)
    return PAPERS / (time.perf_counter() - begun)


def _form() -> "tuple[Any, dict[str, object]]":
    """The shipped decision, and facts of the length they have in a case."""
    from shiheng.procedures import formbook
    from shiheng.site import loading
    from shiheng.ui import documents

    loading.load_lines()
    form = formbook.of_code("enforcement.penalty_decision", on=date(2026, 11, 20)).blocks
    long = "经现场检查、询问当事人和查阅进货票据，当事人自二〇二六年三月起在其经营场所销售超过保质期的食品。" * 8
    facts: dict[str, object] = dict.fromkeys(documents.needed(form), long)
    facts |= dict.fromkeys(("party", "review_body", "suit_court", "bureau", "decide__penalties"), "恒达食品店")
    facts |= {name: date(2026, 11, 20) for name in ("today", "notice__day")}
    rows = [{"title": f"照片第{n}张", "kind": "书证", "proves": "货架上有过期食品"} for n in range(20)]
    facts |= {"every__gather": rows, "document_number": "云临市监处罚〔2026〕12号"}
    return form, facts


def _words(made: Any) -> tuple[list[str], list[str]]:
    """The finished words of a document: its lines, and the cells of its table."""
    lines, cells = [made.title, made.number], []
    for block in made.blocks:
        lines += [line for line in (*block.text.split("\n"), *block.items, block.day) if line]
        cells += [*block.head, *(cell for row in block.rows for cell in row)]
    return lines, cells


def _bare_word(lines: list[str], cells: list[str]) -> bytes:
    import docx

    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    table = word.add_table(rows=0, cols=3)
    for n in range(0, len(cells), 3):
        for cell, text in zip(table.add_row().cells, cells[n : n + 3], strict=True):
            cell.text = text
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _bare_pdf() -> Callable[[list[str], list[str]], object]:
    import json

    import typst

    from shiheng.ui import pdf

    place = Path(tempfile.mkdtemp(prefix="shiheng-bench-")) / "plain.typ"
    place.write_text(PLAIN, encoding="utf-8")
    compiler = typst.Compiler(place, root=place.parent, font_paths=pdf._fonts())

    def made(lines: list[str], cells: list[str]) -> object:
        held = json.dumps({"fonts": pdf._installed(), "lines": lines, "cells": cells}, ensure_ascii=False)
        return compiler.compile(format="pdf", sys_inputs={"document": held}, pdf_standards="a-2b")

    return made
