"""A bureau's own Word file in the place of a shipped form: checked, decided by another, used from its day."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.kernel import clock as time
from shiheng.kernel import registry
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger.models import Leaf
from shiheng.procedures import actions, formbook, papers
from shiheng.procedures.models import OwnForm, Paper, Proceeding
from shiheng.procedures.ownforms import actions as own
from shiheng.procedures.ownforms import queries, starter
from shiheng.ui import wordform
from tests.procedures.test_papers import file as file  # noqa: PLC0414 - the fixture
from tests.procedures.wordfiles import changed, word, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FORM = "complaints.acceptance"
OURS = word(
    "临江区局投诉受理通知", "{{文书编号}}",
    ["{", "{投诉", "人}}：您于{{收到日期}}反映{{被投诉人}}的事项（{{案卷编号}}）已受理。"],
    table=[["承办机关", "{{承办机关}}"], ["日期", "{{制作日期}}"]],
)  # fmt: skip
TODAY = date(2026, 11, 20)


def _uploaded(content: bytes, name: str = "受理.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=wordform.MEDIA)


def _draft(cast: Any, content: bytes = OURS, day: date = TODAY, form: str = FORM) -> OwnForm:
    return own.draft(cast.who("chief"), form, content=content, name="a.docx", reason="按省局格式。", in_force_from=day)


def test_a_bureau_replaces_a_form_on_the_pages_and_papers_are_made_of_it(
    cast: Any, file: Proceeding, sign_in: Any
) -> None:
    clerk, chief, city = cast.who("clerk"), sign_in("chief"), sign_in("city")
    actions.take(clerk, file.pk, "accept", {"told_by": "短信"})
    shown = chief.get(f"/forms/{FORM}/").content.decode()
    assert "{{投诉人}}" in shown
    assert "法定要素" in shown
    begin = chief.get(f"/forms/{FORM}/starter/")
    assert "{{投诉人}}：" in words_of(begin.content)
    sent = chief.post(
        f"/forms/{FORM}/new/",
        {"_key": str(uuid4()), "file": _uploaded(OURS), "in_force_from": "2026-11-20", "reason": "按省局格式。"},
    )
    assert sent.status_code == 302, sent.content.decode()
    place = sent["Location"]
    assert "王小明：您于2026年11月20日反映恒达电器的事项" in chief.get(place).content.decode(), "the preview"
    assert "反映恒达电器" in chief.get(f"{place}?file={file.number}").content.decode()
    assert chief.get(f"{place}file/").content == OURS
    before = actions.make_paper(clerk, file.pk, FORM)
    assert chief.post(f"{place}publish/", {"_key": str(uuid4())}).status_code in {403, 422}, "not by who proposed it"
    assert city.post(f"{place}publish/", {"_key": str(uuid4()), "opinion": "同意"}).status_code == 302
    made = actions.make_paper(clerk, file.pk, FORM)
    assert (before.own, made.own) == (None, OwnForm.objects.get())
    browser = sign_in("clerk")
    docx = browser.get(f"/files/{file.pk}/papers/{made.pk}/docx/").content
    for said in ("临江区局投诉受理通知", made.number, "王小明：您于2026年11月20日反映恒达电器"):
        assert said in words_of(docx), said
        assert said in browser.get(f"/files/{file.pk}/papers/{made.pk}/").content.decode(), said
    assert "{{" not in words_of(docx)
    kinds = list(Leaf.objects.filter(kind__startswith="ownform.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["ownform.drafted", "ownform.published"]
    assert city.post(f"{place}undo/", {"_key": str(uuid4()), "opinion": "省局又改了"}).status_code == 302
    assert actions.make_paper(clerk, file.pk, FORM).own is None
    assert "您于2026年11月20日" in words_of(browser.get(f"/files/{file.pk}/papers/{made.pk}/docx/").content), (
        "made stays"
    )


def test_the_words_of_word_file_and_blocks_are_the_same(cast: Any, file: Proceeding) -> None:
    row = _draft(cast)
    own.publish(cast.who("city"), row.pk)
    actions.take(cast.who("clerk"), file.pk, "accept", {"told_by": "短信"})
    made = actions.make_paper(cast.who("clerk"), file.pk, FORM)
    filled = wordform.filled(OURS, made.content["values"])
    blocks = made.content["blocks"]
    said = "".join("".join([block["text"], *(cell for line in block["rows"] for cell in line)]) for block in blocks)
    assert "".join(said.split()) == words_of(filled)


def test_a_form_that_lacks_an_element_or_names_what_nobody_knows_is_refused_with_both_lists(cast: Any) -> None:
    with pytest.raises(Refused) as told:
        _draft(cast, word("{{投诉人}}，{{案卷编码}}"))
    assert "“案卷编码”，是不是“案卷编号”" in told.value.message
    assert "缺少法定要素" in told.value.message
    for title in ("案卷编号", "收到日期", "被投诉人"):
        assert title in told.value.message
    assert not OwnForm.objects.exists()


def test_a_page_refuses_a_file_with_macros_and_keeps_nothing(sign_in: Any) -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        parts["word/vbaProject.bin"] = b"x"

    sent = sign_in("chief").post(
        f"/forms/{FORM}/new/",
        {
            "_key": str(uuid4()),
            "file": _uploaded(changed(OURS, spoil)),
            "in_force_from": "2026-11-20",
            "reason": "换。",
        },
    )
    assert sent.status_code == 422
    assert "宏" in sent.content.decode()
    assert not OwnForm.objects.exists()


def test_versions_stand_side_by_side_by_day_and_territory(cast: Any) -> None:
    first, second = _draft(cast), _draft(cast, day=TODAY + timedelta(days=10))
    waiting = _draft(cast, day=TODAY + timedelta(days=20))
    for row in (first, second):
        own.publish(cast.who("city"), row.pk)

    def used(day: date, scope: str = "4499.01.01.") -> OwnForm | None:
        return queries.used(FORM, scope=scope, on=day)

    assert used(TODAY - timedelta(days=1)) is None
    assert used(TODAY) == first
    assert used(TODAY + timedelta(days=9)) == first
    assert used(TODAY + timedelta(days=10)) == second
    assert used(waiting.in_force_from) == second, "what nobody decided counts for nothing"
    assert used(TODAY, scope="4499.02.") is None, "another district's files keep the shipped form"


def test_nobody_decides_alone_nor_for_a_day_that_is_past_nor_without_the_post(cast: Any) -> None:
    row = own.draft(cast.who("city"), FORM, content=OURS, name="a.docx", reason="市局统一。", in_force_from=TODAY)
    with pytest.raises(Refused, match="不同的人"):
        own.publish(cast.who("city"), row.pk)
    with pytest.raises(Forbidden):
        own.publish(cast.who("chief"), row.pk)
    with pytest.raises(Refused, match="不能早于今天"):
        _draft(cast, day=time.today() - timedelta(days=1))
    with pytest.raises(Forbidden):
        own.draft(cast.who("clerk"), FORM, content=OURS, name="a.docx", reason="换。", in_force_from=TODAY)


def test_the_starter_of_every_form_passes_its_own_check_and_says_what_the_form_says() -> None:
    every = registry.all_of(formbook.ENGINE, on=TODAY)
    assert len(every) >= 10
    for form in every:
        known = papers.names(form, papers.procedure_for(form, TODAY))
        assert {name.fact for name in known.values() if name.demanded} == set(form.elements), form.code
        content = starter.starter(form, known)
        found = own.check(form, content, on=TODAY)
        assert not found.lacking
        assert form.title in words_of(content)


def test_what_is_missing_in_the_file_is_told_as_officers_call_it(cast: Any, file: Proceeding) -> None:
    ours = word("{{文书编号}}{{投诉人}}{{收到日期}}{{被投诉人}}{{案卷编号}}{{协议内容}}")
    held = {name.title for name in papers.names(*_form_and_procedure()).values()}
    assert "协议内容" in held, held
    own.publish(cast.who("city"), _draft(cast, ours).pk)
    actions.take(cast.who("clerk"), file.pk, "accept", {"told_by": "短信"})
    with pytest.raises(Refused, match="还缺少：协议内容"):
        actions.make_paper(cast.who("clerk"), file.pk, FORM)
    assert not Paper.objects.exists()


def _form_and_procedure() -> Any:
    form = formbook.of_code(FORM, on=TODAY)
    return form, papers.procedure_for(form, TODAY)


def test_a_link_to_outside_in_a_form_is_refused(cast: Any) -> None:
    def link(parts: dict[str, bytes]) -> None:
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(
            b"</Relationships>",
            b'<Relationship Id="r9" Type="t" Target="http://e.cn" TargetMode="External"/></Relationships>',
        )

    with pytest.raises(Refused, match="外部"):
        _draft(cast, changed(OURS, link))


def test_the_code_is_in_the_word_file_of_a_paper(cast: Any, file: Proceeding, sign_in: Any) -> None:
    import docx

    made = actions.make_paper(cast.who("clerk"), file.pk, "complaints.complaint_form")
    content = sign_in("clerk").get(f"/files/{file.pk}/papers/{made.pk}/docx/").content
    assert len(docx.Document(BytesIO(content)).inline_shapes) == 1
