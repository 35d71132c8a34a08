"""Masked copies: the pixels are gone, so is what a picture says of itself; the original is what it was."""

from typing import Any
from uuid import uuid4

import pytest

from shiheng.kernel.errors import Refused
from shiheng.ledger import files
from shiheng.ledger.models import Leaf
from shiheng.procedures.evidence import pictures, redaction
from shiheng.procedures.evidence.redaction import Bar, Word
from shiheng.procedures.models import Evidence, Redaction
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def opened(sha256: str) -> bytes:
    with files.open_kept(sha256) as handle:
        return handle.read()


def masked(cast: Any, row: Evidence, *bars: Bar, words: tuple[Word, ...] = ()) -> Redaction:
    return redaction.redact(
        cast.who("clerk"), row.proceeding_id, row.number, bars=bars, words=words, purpose="提供给投诉人"
    )


def test_pixels_under_a_bar_are_gone_and_the_others_are_what_they_were(cast: Any) -> None:
    data = made.png(201, 101, comment="GPS 23.1N 440106199001011234")
    row = made.received(cast, made.proceeding(cast), data)
    # The left edge and the lower edge fall between two pixels.
    copy = masked(cast, row, Bar(252, 300, 250, 333, "id"))
    out = opened(copy.file)
    before, after = made.pixels(data), made.pixels(out)
    assert (len(after), len(after[0])) == (101, 201)
    left, right, top, bottom = 50, 101, 30, 64  # whole pixels, none of them half covered
    for y, line in enumerate(after):
        for x, colour in enumerate(line):
            if left <= x < right and top <= y < bottom:
                assert len(set(colour)) == 1, f"black, or the white of the mark, at {x},{y}: {colour}"
            else:
                assert colour == before[y][x], (x, y)
    inside = [after[y][x] for y in range(top, bottom) for x in range(left, right)]
    assert inside.count((0, 0, 0)) > len(inside) / 2
    assert any(colour[0] > 150 for colour in inside), "the mark says why, in white"
    assert b"440106199001011234" not in out
    assert b"GPS" not in out
    assert opened(row.file) == data, "the original is not touched"


def test_a_copy_is_bound_to_its_original_and_says_where_and_why(cast: Any) -> None:
    row = made.received(cast, made.proceeding(cast))
    first = masked(cast, row, Bar(0, 0, 500, 1000, "face"))
    second = masked(cast, row, Bar(500, 0, 500, 1000, "phone"))
    assert [first.number, second.number] == [1, 2]
    assert first.original == row.file != first.file
    assert files.is_sealed(first.file)
    leaf = Leaf.objects.filter(kind="evidence.redacted").order_by("id")[0]
    assert (leaf.facts["sha256"], leaf.facts["copy"]) == (row.file, first.file)
    assert leaf.facts["areas"] == [{"x": 0, "y": 0, "w": 500, "h": 1000, "reason": "face", "page": 1}]
    assert list(row.custody.order_by("number").values_list("kind", flat=True)) == ["received", "redacted", "redacted"]


def test_a_pdf_becomes_pictures_of_its_pages_without_a_word_left_in_it(cast: Any) -> None:
    data = made.pdf("Account 6222020200112233445", "Second page", "Third")
    row = made.received(cast, made.proceeding(cast), data, name="a.pdf", kind="01")
    assert pictures.pages(data, "application/pdf") == 3
    copy = masked(cast, row, Bar(0, 0, 1000, 1000, "account"))
    out = opened(copy.file)
    assert copy.media == "application/pdf"
    assert pictures.pages(out, "application/pdf") == 3
    assert b"/Font" not in out
    assert b"6222" not in out
    shown = made.pixels(pictures.drawn(out, "application/pdf", page=1, most=60))
    dark = sum(sum(colour) < 30 for line in shown for colour in line)
    assert dark > 0.9 * sum(len(line) for line in shown)
    second = made.pixels(pictures.drawn(out, "application/pdf", page=2, most=60))
    assert sum(sum(colour) > 700 for line in second for colour in line) > 0.8 * sum(len(line) for line in second)
    with pytest.raises(Refused, match="只有 3 页"):
        masked(cast, row, Bar(0, 0, 10, 10, "id", page=4))


def test_words_of_a_text_are_gone_wherever_they_stand_and_are_not_kept_elsewhere(cast: Any) -> None:
    text = "王小明（13800138000）说，13800138000 是他的电话。"
    row = made.received(cast, made.proceeding(cast), text.encode("gb18030"), name="a.txt", kind="05",
                        taken_by=[(cast.who("clerk").key, "李窗"), (cast.who("chief").key, "章科")])  # fmt: skip
    copy = masked(cast, row, words=(Word("13800138000", "phone"), Word("王小明", "name")))
    out = opened(copy.file).decode()
    assert out == "【已遮蔽：自然人姓名】（【已遮蔽：电话号码】）说，【已遮蔽：电话号码】 是他的电话。"
    assert len(copy.areas) == 3
    assert "13800138000" not in str(copy.areas)
    assert not [leaf for leaf in Leaf.objects.all() if "13800138000" in leaf.body]
    with pytest.raises(Refused, match="没有要遮蔽的这些文字"):
        masked(cast, row, words=(Word("不在里面", "other"),))


@pytest.mark.parametrize(
    ("bars", "why"),
    [
        ((), "至少标出一处"),
        ((Bar(0, 0, 10, 10, ""),), "选择遮蔽的理由"),
        ((Bar(900, 0, 101, 10, "id"),), "超出了画面"),
        ((Bar(0, 0, 0, 10, "id"),), "超出了画面"),
    ],
)
def test_what_cannot_be_masked_is_told(cast: Any, bars: tuple[Bar, ...], why: str) -> None:
    row = made.received(cast, made.proceeding(cast))
    with pytest.raises(Refused, match=why):
        masked(cast, row, *bars)
    assert not Redaction.objects.exists()


def test_a_page_without_scripts_masks_by_figures_and_keeps_what_was_typed(cast: Any, sign_in: Any) -> None:
    row, client = made.received(cast, made.proceeding(cast)), sign_in("clerk")
    place = f"/files/{row.proceeding_id}/evidence/{row.number}/redact/"
    assert client.get(place).status_code == 200
    typed = {"_key": str(uuid4()), "rows": "4", "purpose": "公示", "page_0": "1", "x_0": "0", "y_0": "0", "w_0": "500",
             "h_0": "1000", "page_1": "1"}  # fmt: skip
    bare = client.post(place, typed)
    assert bare.status_code == 422
    page = bare.content.decode()
    assert "选择遮蔽的理由" in page
    assert 'name="w_0" value="500"' in page
    more = client.post(place, {**typed, "more": "8"})
    assert more.status_code == 200
    assert 'name="w_0" value="500"' in more.content.decode(), "more rows, and what was typed is still there"
    assert 'name="w_7"' in more.content.decode()
    assert not Redaction.objects.exists()
    assert client.post(place, {**typed, "reason_0": "secret"}).status_code == 302
    answer = client.get(f"/files/{row.proceeding_id}/evidence/{row.number}/copies/1/")
    out = made.pixels(b"".join(answer.streaming_content))
    assert out[99][0] == (0, 0, 0)
    assert out[50][150] == made.GREEN


@pytest.mark.parametrize(
    ("data", "media", "size"),
    [
        (made.png(33, 44), "image/png", (33, 44)),
        (b"GIF89a" + (7).to_bytes(2, "little") + (9).to_bytes(2, "little"), "image/gif", (7, 9)),
        (bytes.fromhex("ffd8ffc0000b080010002001011100ffd9"), "image/jpeg", (32, 16)),
        (
            bytes.fromhex("ffd8ffe1001e") + b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
            + bytes.fromhex("ffc0000b080010002001011100ffd9"),
            "image/jpeg",
            (16, 32),
        ),
    ],
)  # fmt: skip
def test_the_size_of_a_picture_is_as_it_is_seen(data: bytes, media: str, size: tuple[int, int]) -> None:
    assert pictures.size_of(data, media) == size


def test_broken_and_giant_pictures_are_told_and_stay_to_be_fetched(cast: Any, sign_in: Any) -> None:
    client, found = sign_in("clerk"), made.proceeding(cast)
    bomb = made.png(1, 1).replace((1).to_bytes(4, "big") * 2, (60_000).to_bytes(4, "big") * 2)
    for name, data in (("a.png", made.png()[:60]), ("b.png", bomb), ("c.pdf", b"%PDF-1.4 broken")):
        row = made.received(cast, found, data, name=name)
        place = f"/files/{found.pk}/evidence/{row.number}/"
        assert client.get(f"{place}picture/").status_code == 422
        page = client.get(place)
        assert page.status_code == 200
        if name != "a.png":  # whose header is whole: only drawing it tells
            assert "原件仍可下载查看" in page.content.decode()
