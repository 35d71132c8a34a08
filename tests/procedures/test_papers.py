"""Papers of a file: offered when the step was taken, filled from the file, kept word for word, served once."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import pytest

from shiheng.kernel import registry
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions, formbook
from shiheng.procedures.models import Paper, Proceeding
from shiheng.ui import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TEN = (
    "投诉登记表",
    "举报登记表",
    "投诉分送通知书",
    "限期提供身份证明材料通知书",
    "投诉受理决定书",
    "投诉不予受理决定书",
    "投诉调解通知书",
    "投诉终止调解决定书",
    "投诉调解书",
    "举报处理结果告知书",
)
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]}


@pytest.fixture
def file(cast: Any) -> Proceeding:
    return actions.open_file(
        cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.",
        parties=[actions.Standing("complainant", "王小明", {"phone": "19900001001"}),
                 actions.Standing("trader", "恒达电器", {"address": "码头路12号"})],
    )  # fmt: skip


def test_the_ten_forms_are_there_by_name_and_hold_what_the_law_demands() -> None:
    every = [form for form in registry.all_of(formbook.ENGINE) if form.code.startswith("complaints.")]
    titles = [form.title for form in sorted(every, key=lambda form: form.no)]
    assert [title for title in titles if title in TEN] == list(TEN)
    assert "更正书" in titles, "the bureau's own, for what was served"
    assert {form.title: form.lacking for form in every if form.lacking} == {}
    assert all(form.elements for form in every)


def test_a_form_is_offered_only_after_its_step(cast: Any, file: Proceeding) -> None:
    clerk = cast.who("clerk")
    with pytest.raises(Refused, match="还没有办到这一步"):
        actions.make_paper(clerk, file.pk, "complaints.acceptance")
    actions.take(clerk, file.pk, "accept", {"told_by": "短信"})
    made = actions.make_paper(clerk, file.pk, "complaints.acceptance")
    assert made.number == "云临市监投诉受理决定书〔2026〕1号"
    words = " ".join(block["text"] for block in made.content["blocks"])
    for said in ("王小明", "恒达电器", file.number, "2026年11月20日", "第十五条", "云泽市临江区市场监督管理局"):
        assert said in words, said


def test_a_refusal_names_the_ground_the_reason_and_the_other_ways(cast: Any, file: Proceeding) -> None:
    clerk = cast.who("clerk")
    actions.take(
        clerk, file.pk, "refuse", {"ground": "NA3", "why": "购买二十台用于经营。", "remedies": True, "told_by": "短信"}
    )
    made = actions.make_paper(clerk, file.pk, "complaints.refusal")
    words = str(made.content)
    for said in ("不是为生活消费需要", "购买二十台用于经营", "向人民法院提起诉讼", "第三十九条"):
        assert said in words, said


def test_a_paper_is_read_and_downloaded(file: Proceeding, sign_in: Any) -> None:
    clerk = sign_in("clerk")
    answer = clerk.post(f"/files/{file.pk}/papers/", {"_key": str(uuid4()), "form": "complaints.complaint_form"})
    assert answer.status_code == 302
    place = answer["Location"]
    assert "19900001001" in clerk.get(place).content.decode(), "the form itself names the telephone"
    word = docx.Document(BytesIO(clerk.get(f"{place}docx/").content))
    assert any("码头路12号" in paragraph.text for paragraph in word.paragraphs)
    if pdf.available():
        assert clerk.get(f"{place}pdf/").content.startswith(b"%PDF")
    assert sign_in("inspector_b").get(place).status_code == 404
    assert str(Paper.objects.get().digest[:8]) in clerk.get(place).content.decode(), "the code to check it by"


def test_what_was_made_stays_word_for_word_whatever_the_file_says_later(cast: Any, file: Proceeding) -> None:
    clerk = cast.who("clerk")
    made = actions.make_paper(clerk, file.pk, "complaints.complaint_form")
    before = made.content
    actions.take(clerk, file.pk, "accept", {"told_by": "短信"})
    again = actions.make_paper(clerk, file.pk, "complaints.complaint_form")
    assert Paper.objects.get(pk=made.pk).content == before
    assert again.number != made.number
