"""What is missing: elements without evidence, evidence of unusual kinds, acts that were not filmed; who holds what."""

from itertools import product

import pytest

from shiheng.catalogue.violations import Element
from shiheng.procedures.evidence import chain, content, gaps
from shiheng.procedures.evidence.chain import Happened
from tests.evidence import made

ELEMENTS = (
    Element("主体", "食品生产经营者", ("01", "06")),
    Element("未取得许可", "没有有效的许可证", ("01", "04", "06")),
    Element("实际经营", "有销售的事实", ("02", "03", "08")),
)


def item(number: int, kind: str, *elements: str, **other: object) -> gaps.Item:
    return gaps.Item(number, f"第{number}件", kind, tuple(f"food.unlicensed:{one}" for one in elements), **other)  # type: ignore[arg-type]


def test_every_element_shows_what_supports_it_and_the_rest_is_missing() -> None:
    held = [item(1, "01", "主体"), item(2, "05", "实际经营", "主体")]
    table = gaps.table("food.unlicensed", ELEMENTS, held)
    assert [[one.number for one in row.items] for row in table] == [[1, 2], [], [2]]
    assert [row.unusual for row in table] == [False, False, True], "a witness alone is not how trading is proved"
    assert gaps.missing("food.unlicensed", ELEMENTS, held) == ("未取得许可",)
    assert gaps.missing("food.expired", ELEMENTS, held) == ("主体", "未取得许可", "实际经营"), "of another violation"
    assert gaps.missing("food.unlicensed", ELEMENTS, []) == ("主体", "未取得许可", "实际经营")


@pytest.mark.parametrize(
    ("items", "lacking"),
    [
        ([], ()),
        ([item(1, "08", act="site", media="application/pdf")], ("site",)),
        ([item(1, "08", act="site"), item(2, "03", act="site", media="video/mp4")], ()),
        ([item(1, "08", act="site", passage=2), item(2, "03", act="site", media="image/png", passage=5)], ("site",)),
        ([item(1, "08", act="site", passage=2), item(2, "03", act="site", media="image/png")], ()),
        ([item(1, "06", act="question"), item(2, "03", act="site", media="audio/mpeg")], ("question",)),
        ([item(1, "01", media="application/pdf")], ()),
    ],
)
def test_an_act_that_must_be_filmed_and_was_not_is_named(items: list[gaps.Item], lacking: tuple[str, ...]) -> None:
    assert gaps.unfilmed(items) == lacking


def test_an_item_is_never_in_two_hands_nor_opened_twice() -> None:
    """Every course of seven moves: what is allowed leaves one holder, and a seal is broken only by opening."""
    for moves in product(chain.MOVES, repeat=5):
        events = [Happened("received", "李窗")]
        for n, kind in enumerate(moves):
            before = chain.standing(events)
            if chain.objection(before, kind):
                continue
            events.append(Happened(kind, f"甲{n}" if kind in {"handed", "borrowed"} else before.keeper))
            after = chain.standing(events)
            if kind == "returned":
                assert after.holder == before.keeper
            if before.borrower:
                assert kind in {"returned", "opened"}, moves
            if before.sealed and kind != "opened":
                assert after.sealed, moves
            assert after.holder, moves
    gone = [Happened("received", "李窗"), Happened("borrowed", "所"), Happened("withdrawn")]
    assert chain.possible(chain.standing(gone)) == ("returned",), "what is no evidence any more still goes back"
    assert chain.possible(chain.standing([*gone, Happened("returned", "李窗")])) == ("handed",)


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (made.png(), "image/png"),
        (b"\xff\xd8\xff\xe1\0\0Exif", "image/jpeg"),
        (b"%PDF-1.4\n", "application/pdf"),
        (b"\0\0\0 ftypisom\0\0", "video/mp4"),
        (b"\0\0\0 ftypM4A \0\0", "audio/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0", "video/quicktime"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\x04\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x44\0", "audio/mpeg"),
        (b"OggS\0", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"PK\x03\x04", "application/zip"),
        ("聊天记录".encode(), "text/plain"),
        ("聊天记录".encode("gb18030"), "text/plain"),
        ("字".encode() * 30_000, "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"MZ\x90\0\x03", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_what_a_file_is_is_told_by_its_content(head: bytes, media: str) -> None:
    assert content.of_bytes(head[: content.HEAD]).media == media


def test_names_that_promise_nothing_or_the_same_are_taken() -> None:
    for name in ("a.png", "A.PNG", "无扩展名", "数据.db", "a.tar.gz"):
        assert content.promised(name, content.of_bytes(made.png())) is None, name
    assert content.promised("a.jpg", content.of_bytes(made.png())) == content.of_media("image/jpeg")
    assert content.promised("a.mov", content.of_media("video/mp4")) is None
