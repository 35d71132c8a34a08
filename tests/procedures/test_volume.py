"""The volume of a file: papers in the order of archives, one PDF, and a list whose page numbers are those printed."""

import re
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions, volume
from shiheng.procedures.models import Paper, Proceeding
from shiheng.ui import pdf
from tests import pdftext
from tests.evidence import made
from tests.procedures.test_penalty_forms import cases as cases  # noqa: PLC0414 - the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NEEDS_FONT = pytest.mark.skipif(not pdf.available(), reason="NO CHINESE FONT on this machine: PDFs cannot be proved")
LONG = "现场货架上有超过保质期的食品，" * 160


@pytest.fixture
def file(cast: Any) -> Proceeding:
    """A case with papers of both parts, made in no order; the clue form runs over several pages."""
    from tests.procedures.test_penalty_forms import _violation

    chief = cast.who("chief")
    facts = {"summary": "涉嫌销售过期食品", "source": "check", "topic": "食品安全", "violation": _violation(),
             "found_on": "2026-11-19", "place": "码头路12号", "story": LONG}  # fmt: skip
    party = actions.Standing("party", "恒达食品店", {"address": "码头路12号"})
    found = actions.open_file(chief, "enforcement.case", facts, parties=[party], scope="4499.01.")
    actions.make_paper(chief, found.pk, "enforcement.clue_form")
    actions.make_paper(
        chief, found.pk, "enforcement.matters_approval", asked={"matter": "延长核查期限", "reasons_given": LONG[:900]}
    )
    actions.make_paper(chief, found.pk, "enforcement.address_confirmation", party=1)
    actions.make_paper(chief, found.pk, "enforcement.jurisdiction", asked={"named": "望湖区局", "dispute": "协商不成"})
    return found


def test_papers_lie_in_the_order_of_archives_main_before_side(file: Proceeding) -> None:
    lying = volume.entries(file)
    assert [(one.n, one.part, one.title) for one in lying] == [
        (1, "main", "送达地址确认书"),
        (2, "main", "指定管辖通知书"),
        (3, "side", "案件来源登记表"),
        (4, "side", "行政处罚案件有关事项审批表"),
    ]
    assert [one.title for one in volume.entries(file, "side")] == ["案件来源登记表", "行政处罚案件有关事项审批表"]


@NEEDS_FONT
def test_the_page_numbers_in_the_list_are_those_on_the_pages(file: Proceeding) -> None:
    pages = pdftext.pages(volume.bound(SYSTEM, file))
    printed: dict[int, int] = {}  # the number printed on a page -> which page of the file it is
    for place, text in enumerate(pages):
        if found := re.search(r"—\s*(\d+)\s*—", text):
            printed[int(found[1])] = place
    assert list(printed) == list(range(1, len(printed) + 1)), "continuous"
    assert list(printed.values()) == list(range(min(printed.values()), max(printed.values()) + 1))
    listed = next(text for text in pages if "卷内文件目录" in text)
    starts: list[int] = []
    for one in volume.entries(file):
        first, last = _pages_of(one, listed, volume.entries(file))
        starts.append(first)
        assert one.number in pages[printed[first]], "the paper begins on the page the list says"
        for n in range(1, len(printed) + 1):
            begun = one.title in pages[printed[n]] and one.number in pages[printed[n]]
            assert begun == (n == first), (one.title, n)
        assert first <= last <= len(printed)
    assert starts == sorted(starts)
    assert starts[0] == 1
    long = volume.entries(file)[2]
    assert long.title == "案件来源登记表"
    assert starts[3] - starts[2] >= 2, "a paper of several pages moves those after it"
    cover = pages[0]
    for said in (file.number, "恒达食品店", "云泽市临江区市场监督管理局", str(len(printed))):
        assert said in cover, said
    assert "卷内备考表" in pages[-1]
    assert "共有文书4件、证据0件" in pages[-1].replace(" ", "")


def _pages_of(one: volume.Entry, listed: str, every: list[volume.Entry]) -> tuple[int, int]:
    """The pages a row of the list says: what stands between its day and the next row, or the next part."""
    row = listed.split(one.number)[1].replace(" ", "")
    after = [other for other in every if other.n == one.n + 1]
    if after and after[0].part == one.part:
        row = row.split(f"{after[0].n}{after[0].title}")[0]
    span = re.match(r"\d{4}-\d{2}-\d{2}(\d+)(?:–(\d+))?", row)
    assert span, row[:80]
    return int(span[1]), int(span[2] or span[1])


@NEEDS_FONT
def test_a_withdrawn_paper_stays_in_the_volume_and_the_note_says_so(cast: Any, file: Proceeding) -> None:
    paper = Paper.objects.get(form="enforcement.jurisdiction")
    actions.withdraw_paper(cast.who("city"), file.pk, paper.pk, reason="写错")
    pages = pdftext.pages(volume.bound(SYSTEM, file))
    assert paper.number in pages[-1]
    assert any("已于" in text and paper.number in text for text in pages[2:-1])


@NEEDS_FONT
def test_evidence_is_bound_behind_the_papers_of_its_shelf_page_by_page(cast: Any, file: Proceeding) -> None:
    chief = [(cast.who("chief").key, "章科")]
    made.received(cast, file, made.png(), title="货架照片")
    sheet = made.received(cast, file, made.pdf("第一页", "第二页"), title="进货台账", name="台账.pdf")
    made.received(
        cast, file, made.png(comment="x"), title="举报人提供的照片", confidential=True, by="chief", taken_by=chief
    )
    note = made.received(cast, file, "顾客反映的情况。".encode(), title="情况说明", name="说明.txt")
    lying = volume.entries(file, "main")
    assert [one.title for one in lying if one.item] == ["货架照片", "进货台账", "举报人提供的照片", "情况说明"]
    pages = pdftext.pages(volume.bound(cast.who("clerk"), file))
    whole = " ".join(pages)
    assert sheet.file in whole.replace(" ", "").replace("\n", ""), "the digest stands on its sheet"
    assert "本件限承办人员查看" in whole
    assert note.name in whole
    assert "证据4件" in pages[-1].replace(" ", "")
    before = len(pages)
    assert len(pdftext.pages(volume.bound(cast.who("chief"), file))) == before + 1, "the chief's has its picture"


def test_the_pages_show_the_order_and_give_each_part(cast: Any, file: Proceeding, sign_in: Any) -> None:
    chief = sign_in("chief")
    words = chief.get(f"/files/{file.pk}/volume/").content.decode()
    assert words.index("送达地址确认书") < words.index("案件来源登记表")
    if pdf.available():
        whole = chief.get(f"/files/{file.pk}/volume/whole/")
        assert whole.content.startswith(b"%PDF")
        side = pdftext.pages(chief.get(f"/files/{file.pk}/volume/side/").content)
        assert not any("指定管辖通知书" in text for text in side)
    assert chief.get(f"/files/{file.pk}/volume/else/").status_code == 404
    assert sign_in("inspector_b").get(f"/files/{file.pk}/volume/").status_code == 404


def test_an_empty_file_is_not_bound(cast: Any, cases: Any) -> None:
    with pytest.raises(Refused, match="没有可以归卷的文书"):
        volume.bound(SYSTEM, cases["enforcement.summary"][0])
