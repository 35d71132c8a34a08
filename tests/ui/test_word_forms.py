"""A form written in Word: what may not be in it, placeholders however Word cut them, and the same words everywhere."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

from shiheng.kernel.errors import Refused
from shiheng.ui import documents, wordform
from shiheng.ui.documents import Document
from tests.procedures.wordfiles import changed, word, words_of

RELS = "word/_rels/document.xml.rels"
LINK = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
    b'Target="http://example.com/" TargetMode="External"/></Relationships>'
)


def test_placeholders_are_found_and_filled_however_word_cut_the_runs() -> None:
    content = word(["致{", "{当事", "人}}：经查，", "{{ 案卷编号 }}", "一案"], table=[["地址", "{{地址}}"]])
    assert wordform.placeholders(wordform.opened(content)) == ["当事人", "案卷编号", "地址"]
    made = wordform.filled(
        content, {"当事人": "恒达<电器> & 公司", "案卷编号": "云临〔2026〕1号", "地址": "码头路\n12号"}
    )
    assert words_of(made) == "致恒达<电器>&公司：经查，云临〔2026〕1号一案地址码头路12号"
    assert wordform.filled(content, {"当事人": "甲", "案卷编号": "乙", "地址": "丙"}) == wordform.filled(
        content, {"当事人": "甲", "案卷编号": "乙", "地址": "丙"}
    ), "a paper comes out the same each time"


def test_a_value_that_looks_like_a_placeholder_is_left_as_it_is() -> None:
    content = word("{{甲}}{{乙}}")
    assert words_of(wordform.filled(content, {"甲": "{{乙}}", "乙": "二"})) == "{{乙}}二"


def test_what_no_word_file_can_hold_is_left_out() -> None:
    assert words_of(wordform.filled(word("{{甲}}"), {"甲": "一\x0b\x00二"})) == "一二"


def test_page_and_word_file_say_the_same_words_in_the_same_order() -> None:
    content = word("标题", ["第一段{{", "甲}}"], table=[["项目", "{{甲}}"], ["数", "三"]])
    made = wordform.filled(content, {"甲": "一\n二"})
    blocks = wordform.blocks(made)
    said = "".join("".join([block.text, *(cell for row in block.rows for cell in row)]) for block in blocks)
    assert "".join(said.split()) == words_of(made) == "标题第一段一二项目一二数三"
    html = documents.to_html(Document("x", "", blocks, bare=True))
    assert html.index("第一段") < html.index("项目") < html.index("三")


@pytest.mark.parametrize("text", ["{{当事人", "当事人}}", "{{当事人}", "{{{{当事人}}"])
def test_braces_that_do_not_close_are_told_with_their_place(text: str) -> None:
    with pytest.raises(Refused, match=r"没有写完整.*(当事人|前面的话)"):
        wordform.placeholders(wordform.opened(word(f"前面的话{text}后面的话")))


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    known = {"当事人": 1, "案卷编号": 2, "承办机关": 3}
    assert wordform.unknown(["当事人", "案卷编码", "甲乙丙丁"], known) == [("案卷编码", "案卷编号"), ("甲乙丙丁", "")]


def _bomb(parts: dict[str, bytes]) -> None:
    parts["word/media/a.png"] = b"\0" * (wordform.UNPACKED_MOST + 1)


def _macro(parts: dict[str, bytes]) -> None:
    parts["word/vbaProject.bin"] = b"x"


def _object(parts: dict[str, bytes]) -> None:
    parts["word/embeddings/oleObject1.docx"] = b"x"


def _link(parts: dict[str, bytes]) -> None:
    parts[RELS] = parts[RELS].replace(b"</Relationships>", LINK)


def _entity(parts: dict[str, bytes]) -> None:
    parts["word/document.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts["word/document.xml"]


def _body(old: bytes, new: bytes) -> Any:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"].replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_bomb, "过大"),
        (_macro, "宏"),
        (_object, "嵌入"),
        (_link, "外部"),
        (_entity, "声明"),
        (_body(b"<w:body>", b"<w:body><w:p>"), "打不开"),
        (_body(b"<w:r>", b'<w:ins w:id="1"/><w:r>'), "修订"),
        (_body(b"<w:r>", b"<w:r><w:instrText> INCLUDETEXT c:/a.docx </w:instrText></w:r><w:r>"), "INCLUDETEXT"),
        (_body(b"<w:r>", b"<w:r><w:pict><w:txbxContent/></w:pict></w:r><w:r>"), "文本框"),
    ],
)
def test_what_could_act_or_cannot_be_printed_is_refused(change: Any, told: str) -> None:
    with pytest.raises(Refused, match=told):
        wordform.opened(changed(word("甲"), change))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"%PDF-1.7"])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="docx"):
        wordform.opened(content)


def test_a_zip_that_lies_about_its_sizes_is_no_way_around_the_limit() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\0" * (wordform.UNPACKED_MOST * 2))
    told = bytearray(out.getvalue())
    at = told.rfind(b"PK\x01\x02")
    told[at + 24 : at + 28] = (100).to_bytes(4, "little")  # the size the central directory tells
    with pytest.raises(Refused):
        wordform.opened(bytes(told))
