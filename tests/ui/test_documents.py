"""One declaration, three forms of output with the same words; what is missing is told before anything is made."""

import io
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from shiheng.kernel.errors import Refused
from shiheng.ui import charts, documents, pdf

FORM = """
title = "责令改正通知书"
number = "云市监责改〔2026〕{number}号"

[[blocks]]
kind = "flush"
text = "{party}："
[[blocks]]
kind = "text"
text = "经查，你单位涉及金额{amount:money}。请于{due}前改正。\\n第二段。"
[[blocks]]
kind = "table"
rows = "items"
columns = [["what", "行为"], ["basis", "依据"]]
[[blocks]]
kind = "facts"
rows = "facts"
[[blocks]]
kind = "list"
items = ["陈述申辩", "联系{contact}"]
[[blocks]]
kind = "chart"
text = "chart"
[[blocks]]
kind = "heading"
text = "签收"
[[blocks]]
kind = "signatures"
items = ["签收人"]
[[blocks]]
kind = "break"
[[blocks]]
kind = "seal"
office = "云泽市市场监督管理局"
day = "{day}"
"""
FACTS: dict[str, Any] = {
    "number": 128, "party": "甲店#set page(width: 1pt) <b> *强调* $x$", "amount": 328_000, "due": date(2026, 12, 5),
    "day": date(2026, 11, 20), "contact": None,
    "items": [{"what": "未明码标价", "basis": "价格法第十三条"}, {"what": "其他"}],
    "facts": [("住所", "沿江路1号"), ("公开", True), ("时间", datetime(2026, 11, 20, 9, 5))],
    "chart": charts.stacked("各所", ["甲所"], [charts.Series("按期", [3], "ok")], sentence="甲所三件。"),
}  # fmt: skip
WORDS = [
    "责令改正通知书", "云市监责改〔2026〕128号", "¥3,280.00", "2026年12月5日", "未明码标价", "价格法第十三条",
    "沿江路1号", "2026-11-20 09:05", "陈述申辩", "甲所三件。", "签收人", "云泽市市场监督管理局", "2026年11月20日",
    "第二段。", "*强调*",
]  # fmt: skip


@pytest.fixture
def document(tmp_path: Path) -> documents.Document:
    path = tmp_path / "form.toml"
    path.write_text(FORM, encoding="utf-8")
    return documents.make(documents.load(path), FACTS)


def test_the_page_says_every_word_and_escapes_it(document: documents.Document) -> None:
    html = documents.to_html(document)
    assert not [w for w in WORDS if w not in html]
    assert "<b>" not in html.replace("<b>各所</b>", "")
    assert documents.BLANK in html, "an unknown fact is a blank to fill in by hand"


def test_word_opens_the_file_and_finds_every_word(document: documents.Document) -> None:
    word = docx.Document(io.BytesIO(documents.to_docx(document)))
    text = "\n".join(p.text for p in word.paragraphs)
    text += "\n".join(c.text for t in word.tables for r in t.rows for c in r.cells)
    assert not [w for w in WORDS if w not in text]
    assert word.core_properties.title == "责令改正通知书"


@pytest.mark.skipif(not pdf.available(), reason="NO CHINESE FONT on this machine: PDFs cannot be proved")
def test_the_pdf_holds_every_word_and_no_fact_is_run_as_code(document: documents.Document, tmp_path: Path) -> None:
    made = documents.to_pdf(document)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfaid:part" in made, "PDF/A says so in its metadata"
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("NO pdftotext on this machine: only the header was proved")
    (tmp_path / "a.pdf").write_bytes(made)
    text = subprocess.run([reader, "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True).stdout
    squeezed = "".join(text.decode().split())
    assert not [w for w in WORDS if "".join(w.split()) not in squeezed]
    assert "#setpage(width:1pt)" in squeezed


@pytest.mark.skipif(not pdf.available(), reason="NO CHINESE FONT on this machine: PDFs cannot be proved")
def test_the_same_document_at_the_same_moment_is_the_same_file(document: documents.Document, clock: Any) -> None:
    assert documents.to_pdf(document) == documents.to_pdf(document)


def test_without_a_chinese_font_a_pdf_is_refused_with_what_to_do(
    document: documents.Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    with pytest.raises(Refused, match="DOCX"):
        documents.to_pdf(document)


def test_all_missing_facts_are_told_at_once() -> None:
    form = documents.declared({"title": "{title}", "blocks": [{"kind": "text", "text": "{a}{b:day}{{x}}"}]})
    assert documents.needed(form) == {"title", "a", "b"}
    with pytest.raises(Refused, match="a、b") as told:
        documents.make(form, {"title": "x"})
    assert told.value.details["missing"] == ["a", "b"]


@pytest.mark.parametrize(
    "raw",
    [
        {"title": "x", "blocks": [{"kind": "sign"}]},
        {"title": "x", "blocks": [{"kind": "text", "colour": "red"}]},
        {"title": "x", "blocks": []},
        {"blocks": [{"kind": "text"}]},
    ],
)
def test_a_form_declared_wrongly_is_a_fault_that_names_its_file(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"fault\.toml"):
        documents.declared(raw, where="fault.toml")


@pytest.mark.parametrize("text", ["{a.__class__}", "{a[0]}", "{a:>10}"])
def test_a_form_reaches_into_nothing(text: str) -> None:
    form = documents.declared({"title": "x", "blocks": [{"kind": "text", "text": text}]})
    with pytest.raises(ValueError, match="a document"):
        documents.make(form, {"a": "y"})
