"""The volume of a file: papers in the order of archives, one PDF, and a list whose page numbers are those printed."""

import re
from typing import Any

import pytest

from shiheng.kernel.errors import Refused
from shiheng.procedures import actions, volume
from shiheng.procedures.models import Paper, Proceeding
from shiheng.ui import pdf
from tests import pdftext
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
    assert [(one.n, one.part, one.paper.title) for one in lying] == [
        (1, "main", "送达地址确认书"),
        (2, "main", "指定管辖通知书"),
        (3, "side", "案件来源登记表"),
        (4, "side", "行政处罚案件有关事项审批表"),
    ]
    assert [one.paper.title for one in volume.entries(file, "side")] == ["案件来源登记表", "行政处罚案件有关事项审批表"]


@NEEDS_FONT
def test_the_page_numbers_in_the_list_are_those_on_the_pages(file: Proceeding) -> None:
    pages = pdftext.pages(volume.bound(file))
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
        assert one.paper.number in pages[printed[first]], "the paper begins on the page the list says"
        for n in range(1, len(printed) + 1):
            begun = one.paper.title in pages[printed[n]] and one.paper.number in pages[printed[n]]
            assert begun == (n == first), (one.paper.title, n)
        assert first <= last <= len(printed)
    assert starts == sorted(starts)
    assert starts[0] == 1
    long = volume.entries(file)[2]
    assert long.paper.title == "案件来源登记表"
    assert starts[3] - starts[2] >= 2, "a paper of several pages moves those after it"
    cover = pages[0]
    for said in (file.number, "恒达食品店", "云泽市临江区市场监督管理局", str(len(printed))):
        assert said in cover, said
    assert "卷内备考表" in pages[-1]
    assert "共有文件4件" in pages[-1].replace(" ", "")


def _pages_of(one: volume.Entry, listed: str, every: list[volume.Entry]) -> tuple[int, int]:
    """The pages a row of the list says: what stands between its day and the next row, or the next part."""
    row = listed.split(one.paper.number)[1].replace(" ", "")
    after = [other for other in every if other.n == one.n + 1]
    if after and after[0].part == one.part:
        row = row.split(f"{after[0].n}{after[0].paper.title}")[0]
    span = re.match(r"\d{4}-\d{2}-\d{2}(\d+)(?:–(\d+))?", row)
    assert span, row[:80]
    return int(span[1]), int(span[2] or span[1])


@NEEDS_FONT
def test_a_withdrawn_paper_stays_in_the_volume_and_the_note_says_so(cast: Any, file: Proceeding) -> None:
    paper = Paper.objects.get(form="enforcement.jurisdiction")
    actions.withdraw_paper(cast.who("city"), file.pk, paper.pk, reason="写错")
    pages = pdftext.pages(volume.bound(file))
    assert paper.number in pages[-1]
    assert any("已于" in text and paper.number in text for text in pages[2:-1])


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
        volume.bound(cases["enforcement.summary"][0])
