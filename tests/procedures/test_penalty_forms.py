"""The fifty-six forms of penalty cases: every one there by name, with what the law demands, filled and printed."""

import random
import re
from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest

from shiheng.catalogue import choices
from shiheng.kernel import registry
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures import actions, formbook, papers
from shiheng.procedures.contents import contents_of
from shiheng.procedures.course import Course, Party, Passage
from shiheng.procedures.definition import ENGINE, OPENING
from shiheng.procedures.formbook import Form
from shiheng.procedures.models import Party as Row
from shiheng.procedures.models import Proceeding
from shiheng.ui import documents, pdf
from tests.procedures.test_serving import TODAY
from tests.procedures.walking import contents
from tests.procedures.wordfiles import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NAMES = """案件来源登记表, 指定管辖通知书, 案件交办通知书, 案件移送函, 涉嫌犯罪案件移送书, 查封/扣押物品移送告知书,
立案/不予立案审批表, 行政处罚案件有关事项审批表, 现场笔录, 送达地址确认书, 证据提取单, 电子数据证据提取笔录,
询问通知书, 询问笔录, 限期提供材料通知书, 协助辨认/鉴别通知书, 协助调查函, 协助扣押通知书,
先行登记保存证据通知书, 解除先行登记保存证据通知书, 实施行政强制措施决定书, 延长行政强制措施期限决定书,
解除行政强制措施决定书, 场所/设施/财物清单, 封条, 委托保管书, 先行处置物品确认书, 先行处置物品公告, 抽样记录,
检测/检验/检疫/鉴定委托书, 期间告知书, 结果告知书, 责令改正通知书, 责令退款通知书, 案件调查终结报告,
案件审核/法制审核表, 行政处罚告知书, 陈述申辩笔录, 行政处罚听证通知书, 听证笔录, 听证报告,
行政处罚案件集体讨论记录, 行政处理决定审批表, 当场行政处罚决定书, 行政处罚决定书, 不予行政处罚决定书,
延期/分期缴纳罚款通知书, 履行催告书, 强制执行申请书, 送达回证, 送达公告, 涉案物品处理记录, 结案审批表,
卷宗封面, 卷内文件目录, 卷内备考表"""
FIFTY_SIX = re.split(r",\s+", NAMES)
CLUE = {"summary": "涉嫌销售过期食品", "source": "check", "topic": "食品安全", "found_on": "2026-11-19",
        "place": "码头路12号", "story": "货架上有。"}  # fmt: skip
# What the law demands of a form, item by item: facts it must hold, and words it must say.
DEMANDED: dict[str, dict[str, tuple[str, ...]]] = {
    "行政处罚决定书": {  # 程序规定 art 62
        "当事人": ("{party}", "{party_code}", "{party_address}"),
        "违反法律、法规或者规章的事实和证据": ("{conclude__facts}", "every__gather", "{law_broken}"),
        "陈述、申辩的采纳情况及理由": ("{answered}",),
        "处罚的内容和依据": ("{decide__penalties}", "{contents}", "{law_applied}"),
        "履行的方式和期限": ("{perform}", "十五日内缴纳罚款"),
        "复议、诉讼的途径和期限": ("行政复议", "六十日内", "行政诉讼", "六个月内", "{review_body}", "{suit_court}"),
        "机关的名称和日期": ("{bureau}", "{today}"),
    },
    "不予行政处罚决定书": {
        "当事人和事实": ("{party}", "{conclude__facts}"),
        "理由和依据": ("{spare__why}", "{law_applied}"),
        "教育": ("{educated}",),
        "复议、诉讼": ("六十日内", "六个月内"),
        "机关和日期": ("{bureau}", "{today}"),
    },
    "行政处罚告知书": {  # arts 56 and 57
        "拟处罚的内容、事实、理由、依据": ("{proposed}", "{proposed_facts}", "{law_applied}"),
        "陈述、申辩的权利和期限": ("有权陈述、申辩", "五个工作日内"),
        "听证的权利": ("{hearing_words}",),
        "退还的多收价款": ("{refund_sum}",),
    },
    "行政处罚听证通知书": {  # 行政处罚法 art 64
        "时间、地点": ("{hearing_notice__on}", "{hearing_notice__place}"),
        "主持人和回避": ("{host}", "申请回避"),
        "代理": ("委托一至二人代理",),
        "缺席的后果": ("视为放弃",),
        "不收费": ("不收取费用",),
    },
    "当场行政处罚决定书": {  # art 68
        "当事人": ("{party}",),
        "违法行为": ("{open__story}",),
        "依据、种类、数额": ("{basis}", "{penalties}", "{fine}"),
        "缴款的方式和期限": ("{pay_how}",),
        "救济，复议在前": ("行政复议", "对行政复议决定不服的", "六十日内"),
        "机关、时间、地点": ("{bureau}", "{today}", "{open__place}"),
    },
    "实施行政强制措施决定书": {  # 行政强制法 art 24
        "当事人": ("{party}", "{party_address}"),
        "理由、依据和期限": ("{open__summary}", "{seize_law}", "三十日"),
        "名称、数量": ("{measure}", "{seize__quantity}"),
        "复议、诉讼": ("六十日内", "六个月内"),
        "机关和日期": ("{bureau}", "{today}"),
    },
    "案件调查终结报告": {  # art 48
        "当事人": ("{party}",),
        "来源、经过、措施": ("{open__source}", "{course}", "{measures_taken}"),
        "事实和证据": ("{conclude__facts}", "every__gather"),
        "性质": ("{nature}",),
        "处理意见和依据": ("{proposal}",),
        "裁量的理由": ("{weighing}",),
    },
}


def _violation() -> str:
    return next(iter(choices.offered("violations")))


def forms() -> list[Form]:
    return [form for form in formbook.all_on(TODAY) if form.code.startswith("enforcement.")]


def test_every_form_is_there_by_its_name_and_number() -> None:
    held = {form.no: form.title for form in forms()}
    assert len(FIFTY_SIX) == 56
    missing = [name for name in FIFTY_SIX if name not in held.values()]
    assert not missing, missing
    assert [held[n] for n in sorted(held) if n <= 56] == FIFTY_SIX
    assert [held[n] for n in sorted(held) if n > 56] == ["更正书"]  # the bureau's own, for what was served


def test_no_form_lacks_an_element_the_law_demands() -> None:
    lacking = []
    for form in forms():
        text = documents.words_of(form.blocks) + "".join(block.rows + block.day for block in form.blocks.blocks)
        for item, words in DEMANDED.get(form.title, {}).items():
            lacking += [f"{form.title}：{item}（{word}）" for word in words if word not in text]
        lacking += [f"{form.title}：{name}" for name in form.lacking]
        assert form.elements, form.title
    assert not lacking, "\n".join(lacking)


def test_a_form_from_which_an_element_is_taken_does_not_load() -> None:
    for form in forms():
        if form.title != "行政处罚决定书":
            continue
        blocks = [block for block in form.blocks.blocks if "行政复议" not in block.text]
        short = documents.Declared(form.title, tuple(blocks), form.blocks.number)
        held = Form(form.code, form.in_force_from, 45, form.procedures, form.steps, form.elements, short, form.phrases)
        assert {"review_body", "suit_court", "行政复议的途径和期限"} <= set(held.lacking)


def test_every_name_a_form_uses_can_be_told_by_its_procedure_and_has_a_title() -> None:
    wrong = []
    for form in forms():
        procedure = papers.procedure_for(form, TODAY)
        assert procedure is not None, form.code
        known = {name.fact: name.title for name in papers.names(form, procedure).values()}
        wrong += [f"{form.title}: {f}" for f in documents.needed(form.blocks) if known.get(f, f).isascii()]
        steps = {
            OPENING,
            *(step.code for code in form.procedures for step in registry.find(ENGINE, code, on=TODAY).steps),
        }
        wrong += [f"{form.title}: step {step}" for step in form.steps if step not in steps]
        kinds = {kind.code for kind in procedure.parties}
        wrong += [f"{form.title}: party {kind}" for kind in {form.of_party, *form.to} - {""} - kinds]
    assert not wrong, "\n".join(wrong)


def test_a_fact_that_several_steps_tell_is_named_by_its_step() -> None:
    """Without its step a fact is what was told last: a decision would take its matter from its publication."""
    wrong = []
    for form in forms():
        procedure = papers.procedure_for(form, TODAY)
        told = Counter(
            name for step in (OPENING, *(step.code for step in procedure.steps))
            for name in contents_of(procedure, step).titles
        )  # fmt: skip
        plain = documents.needed(form.blocks) - {ask.name for ask in form.asks} - set(papers.COMMON)
        wrong += [f"{form.title}: {name}" for name in plain if told[name] > 1]
    assert wrong == ["期间告知书: laboratory"], "the goods' own laboratory where they were sent, else the case's"


def _filled_course(procedure: Any, file: Proceeding) -> Course:
    """Every step of a procedure taken once, whatever its guards say: so that every form finds what it names."""
    draw, parties, passages = random.Random(7), [Party(1, "party")], []
    for n, step in enumerate((None, *procedure.steps), start=1):
        code = step.code if step else OPENING
        facts = contents(step.facts if step else procedure.facts, draw)
        for name, info in (step.facts.model_fields if step and step.facts else {}).items():
            facts.setdefault(name, True if info.annotation is bool else None)
        party = None
        if step and step.adds:
            parties.append(Party(len(parties) + 1, step.adds))
            party = parties[-1].number
            Row.objects.create(proceeding=file, number=party, kind=step.adds, name=f"第{party}项")
        elif step and step.of_party:
            party = next(one.number for one in parties if one.kind == step.of_party)
        at = datetime(2026, 11, 1, 9, tzinfo=SHANGHAI) + timedelta(hours=n)
        passages.append(Passage(n, code, at.date(), at, "officer:1", ("officer:2",), facts, party))
    return Course(procedure, tuple(passages), tuple(parties))


@pytest.fixture
def cases(cast: Any) -> dict[str, tuple[Proceeding, Course]]:
    """A case and a penalty on the spot, told everything."""
    found = {}
    for code, facts in (
        ("enforcement.case", CLUE),
        ("enforcement.summary", {"summary": "未明码标价", "topic": "价格", "place": "码头路12号", "cards": True,
                                 "story": "十二种商品没有标价。", "evidence": "照片三张"}),
    ):  # fmt: skip
        party = actions.Standing("party", "恒达食品店", {"phone": "19900001001", "address": "码头路12号", "id": "X1"})
        told = {**facts, "violation": _violation()}
        file = actions.open_file(cast.who("chief"), code, told, parties=[party], scope="4499.01.")
        found[code] = (file, _filled_course(registry.find(ENGINE, code, on=TODAY), file))
    return found


def test_each_is_filled_from_a_file_and_printed_for_word_and_as_pdf(cases: Any) -> None:
    wrong = []
    for form in forms():
        file, course = cases[form.procedures[0]]
        fitting = formbook.parties_for(form, course)
        assert fitting, form.title
        asked = {ask.name: f"填{ask.title}" for ask in form.asks}
        made = papers.make(form, file, course, "云临市监〔2026〕1号", party=fitting[0], asked=asked).document
        word = documents.to_docx(made)
        text = words_of(word)
        said = [form.title, *(f"填{ask.title}" for ask in form.asks)]
        wrong += [f"{form.title}: {one}" for one in said if "".join(one.split()) not in text]
        wrong += [f"{form.title}: {{" for mark in ("{", "}", "None") if mark in text]
        assert docx.Document(BytesIO(word)).core_properties.title == form.title
        if pdf.available():
            assert documents.to_pdf(made).startswith(b"%PDF"), form.title
    assert not wrong, "\n".join(wrong)


def test_the_officer_makes_one_on_the_pages_filling_in_what_only_it_says(cast: Any, sign_in: Any) -> None:
    from uuid import uuid4

    facts = {**CLUE, "violation": _violation()}
    party = actions.Standing("party", "恒达食品店", {"address": "码头路12号"})
    file = actions.open_file(cast.who("chief"), "enforcement.case", facts, parties=[party], scope="4499.01.")
    chief = sign_in("chief")
    assert "送达地址确认书" in chief.get(f"/files/{file.pk}/").content.decode()
    sent = chief.post(f"/files/{file.pk}/papers/", {"_key": str(uuid4()), "form": "enforcement.matters_approval:"})
    place = sent["Location"]
    assert place == f"/files/{file.pk}/papers/new/enforcement.matters_approval/"
    empty = chief.post(place, {"_key": str(uuid4())})
    assert empty.status_code == 422
    given = {"_key": str(uuid4()), "matter": "延长核查期限", "reasons_given": "当事人外出。"}
    made = chief.post(place, given)
    assert made.status_code == 302, made.content.decode()
    words = chief.get(made["Location"]).content.decode()
    for said in ("延长核查期限", "恒达食品店", file.number, "云临市监行政处罚案件有关事项审批表〔2026〕1号"):
        assert said in words, said
    other = chief.post(f"/files/{file.pk}/papers/", {"_key": str(uuid4()), "form": "enforcement.clue_form:"})
    assert "2026年11月19日" in chief.get(other["Location"]).content.decode(), "days stand in full"
