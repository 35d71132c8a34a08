"""The business's own credit page: what stands against it, until when, what it can do; repair, correction, reply."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.procedures import actions as procedures
from shiheng.procedures.actions import Standing
from shiheng.procedures.models import Proceeding
from shiheng.publication.notices import actions as publicity
from shiheng.publication.notices import gathering
from shiheng.publication.notices.models import Notice
from shiheng.subjects.models import Record, Representation
from tests import factories
from tests.casework import Bench, words
from tests.evidence import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offices")]


@pytest.fixture
def firm(cast: Any, clock: Any) -> Any:
    held = factories.subject(name="云泽市临江区恒达食品店", scope="4499.01.01.")
    Representation.objects.create(account=cast.owner, subject=held, basis="法定代表人", since="2026-01-01")
    return held


def sent(**values: Any) -> dict[str, Any]:
    return {"_key": str(uuid4()), **values}


def opened(cast: Any, firm: Any, code: str, facts: dict[str, Any], **other: Any) -> Proceeding:
    parties = [Standing("firm", firm.name, subject=firm.pk)]
    return procedures.open_file(cast.who("clerk"), code, facts, parties=parties, subject=firm.pk, scope="4499.01.",
                                key=uuid4(), **other)  # fmt: skip


def listed(cast: Any, firm: Any) -> Proceeding:
    facts = {"summary": "未公示 2025 年度报告", "ground": "1", "year": 2025, "story": "七月一日比对发现。"}
    held = opened(cast, firm, "credit.abnormal", facts)
    procedures.take(cast.who("chief"), held.pk, "list", {"document": "云临市监异列〔2026〕1号", "remedies": True})
    held.refresh_from_db()
    return held


def line_of(firm: Any, kind: str = "abnormal") -> Record:
    return Record.objects.get(subject=firm, kind=kind, source="bureau")


def test_a_listed_business_asks_to_leave_online_and_the_page_shows_the_change(
    cast: Any, firm: Any, sign_in: Any
) -> None:
    held = listed(cast, firm)
    owner, row = sign_in("owner"), line_of(firm)
    home = words(owner.get("/enterprise/credit/"))
    assert "未按规定的期限公示年度报告" in home
    assert "公开显示中" in home
    page = words(owner.get(f"/enterprise/credit/{row.pk}/"))
    for said in ("没有自动期满的日子", "列入满三年本身不再有其他后果", "申请移出", "由您证明", "申请更正", "作出说明"):
        assert said in page, said
    form = owner.get(f"/enterprise/credit/{row.pk}/leave/")
    assert "补报年度报告并公示" in words(form)
    assert "办理住所、经营场所变更登记" not in words(form), "only the ways that fit the ground"
    paper = SimpleUploadedFile("补报回执.png", made.png(), content_type="image/png")
    given = sent(exit="reported", proof="补报回执", paper_1_=paper)
    for _twice in range(2):
        paper.seek(0)
        answer = owner.post(f"/enterprise/credit/{row.pk}/leave/", given)
        assert answer.status_code == 302, words(answer)[:800]
    held.refresh_from_db()
    assert held.state == "asked"
    follow = words(owner.get(f"/enterprise/credit/files/{held.pk}/"))
    assert "决定是否移出" in follow
    assert "2026-11-27" in follow, "five working days"
    assert held.evidence.count() == 1
    procedures.take(cast.who("chief"), held.pk, "remove", {"document": "云临市监异移〔2026〕1号"})
    page = words(owner.get(f"/enterprise/credit/{row.pk}/"))
    assert "不再显示" in page
    assert "存证" in page
    assert firm.name not in words(Client().get("/lists/abnormal/"))


def test_the_owner_withdraws_and_another_owner_sees_nothing(cast: Any, firm: Any, sign_in: Any) -> None:
    held = listed(cast, firm)
    owner, row = sign_in("owner"), line_of(firm)
    owner.post(f"/enterprise/credit/{row.pk}/leave/", sent(exit="reported", proof="回执"))
    assert owner.post(f"/enterprise/credit/files/{held.pk}/unask/", sent(why="材料没有齐")).status_code == 302
    held.refresh_from_db()
    assert held.state == "listed"
    other = factories.subject(name="别家", number=2002, scope="4499.01.01.")
    theirs = listed(cast, other)
    foreign = line_of(other)
    for path in (f"/enterprise/credit/{foreign.pk}/", f"/enterprise/credit/{foreign.pk}/leave/",
                 f"/enterprise/credit/files/{theirs.pk}/"):  # fmt: skip
        assert owner.get(path).status_code == 404
    assert sign_in("clerk").get(f"/enterprise/credit/{row.pk}/").status_code == 403


def test_an_objection_is_taken_in_its_days_only(cast: Any, firm: Any, sign_in: Any, clock: Any) -> None:
    held = listed(cast, firm)
    owner, row = sign_in("owner"), line_of(firm)
    clock.move_to(date(2026, 12, 22))
    refused = owner.post(f"/enterprise/credit/{row.pk}/object/", sent(story="已按期报送。"))
    assert "期限已于" in words(refused)
    clock.move_to(date(2026, 12, 18))
    assert owner.post(f"/enterprise/credit/{row.pk}/object/", sent(story="已按期报送。")).status_code == 302
    held.refresh_from_db()
    assert held.state == "objected"


def punished(bench: Bench, firm: Any) -> Proceeding:
    held = bench.opens(name_party_=firm.name, subject_party_=firm.uscc)
    bench.to("closed", held)
    gathering.turn()
    for notice in Notice.objects.filter(state="draft"):
        publicity.prepare(bench.who("jian"), notice.pk, secret_checked=True)
        publicity.publish(bench.who("fu"), notice.pk)
    return held


PROMISE = {"done": "1", "harmless": "1", "promise": "承诺守法经营，如有虚假愿承担责任。"}


def repaired(bench: Bench, firm: Any, sign_in: Any, clock: Any) -> tuple[Proceeding, Proceeding, Record]:
    """A penalty of a year ago, and the repair its business asked for online."""
    case = punished(bench, firm)
    row = line_of(firm, "penalty")
    clock.move_to(date(2027, 11, 22))
    answer = sign_in("owner").post(f"/enterprise/credit/{row.pk}/repair/", sent(**PROMISE))
    assert answer.status_code == 302, words(answer)[:1500]
    return case, Proceeding.objects.get(procedure="credit.repair"), row


def test_a_penalty_is_repaired_after_its_term_and_its_publication_stops(
    bench: Bench, cast: Any, firm: Any, sign_in: Any, clock: Any
) -> None:
    case, repair, row = repaired(bench, firm, sign_in, clock)
    assert repair.facts["field"] == "grave", "a food penalty waits a year"
    assert repair.facts["since"] == "2026-11-20"
    public = f"/s/{firm.uscc}/"
    assert "无证经营糕点" in words(Client().get(public))
    clerk, chief, owner = cast.who("clerk"), cast.who("chief"), sign_in("owner")
    page = words(owner.get(f"/enterprise/credit/files/{repair.pk}/"))
    assert "决定是否受理" in page
    assert "2027-11-24" in page, "two working days"
    procedures.take(clerk, repair.pk, "accept", {})
    procedures.take(clerk, repair.pk, "check", {"way": "书面核实", "finding": "缴款票据属实。"})
    procedures.take(chief, repair.pk, "grant", {"document": "云临市监信修〔2027〕1号"})
    assert "无证经营糕点" in words(Client().get(public)), "granted is not yet carried out"
    procedures.take(clerk, repair.pk, "execute", {"receivers": ["国家企业信用信息公示系统"]})
    assert "无证经营糕点" not in words(Client().get(public))
    row.refresh_from_db()
    assert (row.state, row.facts["stopped_for"]) == ("停止公示", "准予信用修复，提前停止公示")
    case.refresh_from_db()
    assert case.state == "closed", "the case itself stays as it was"
    assert "不再显示" in words(owner.get(f"/enterprise/credit/{row.pk}/"))
    procedures.take(chief, repair.pk, "revoke", {"why": "票据是伪造的。", "document": "撤 1 号"})
    assert "无证经营糕点" in words(Client().get(public)), "published again"


def test_a_repair_before_its_term_is_refused_with_the_day_and_the_article(
    bench: Bench, firm: Any, sign_in: Any, clock: Any
) -> None:
    punished(bench, firm)
    owner, row = sign_in("owner"), line_of(firm, "penalty")
    page = words(owner.get(f"/enterprise/credit/{row.pk}/"))
    for said in (
        "2029-11-20",
        "2027-11-20",
        "起可以申请",
        "处罚信息公示规定",
        "第十三条",
        "已自觉履行处罚决定的义务",
        "由您证明",
    ):
        assert said in page, said
    refused = owner.post(f"/enterprise/credit/{row.pk}/repair/", sent(**PROMISE))
    assert refused.status_code == 422
    assert "还没有达到最短期限，2027-11-20 起可以申请" in words(refused)
    assert "信用修复管理办法" in words(refused)
    assert not Proceeding.objects.filter(procedure="credit.repair").exists()


def test_who_stands_on_a_list_is_not_repaired_and_reads_which_condition(
    bench: Bench, cast: Any, firm: Any, sign_in: Any, clock: Any
) -> None:
    punished(bench, firm)
    listed(cast, firm)
    clock.move_to(date(2027, 11, 22))
    row = line_of(firm, "penalty")
    refused = words(sign_in("owner").post(f"/enterprise/credit/{row.pk}/repair/", sent(**PROMISE)))
    assert "条件“不在经营异常名录和严重违法失信名单”没有具备" in refused
    assert "第十四条" in refused


def test_papers_that_are_asked_for_stop_the_clock_and_are_supplied_online(
    bench: Bench, cast: Any, firm: Any, sign_in: Any, clock: Any
) -> None:
    _case, repair, _row = repaired(bench, firm, sign_in, clock)
    procedures.take(cast.who("clerk"), repair.pk, "ask", {"items": "缴款票据", "until": "2027-12-01"})
    owner = sign_in("owner")
    page = words(owner.get(f"/enterprise/credit/files/{repair.pk}/"))
    assert "暂停计算" in page
    assert "收到补正" in page
    paper = SimpleUploadedFile("票据.png", made.png(), content_type="image/png")
    answer = owner.post(f"/enterprise/credit/files/{repair.pk}/given/", sent(items="缴款票据一张", paper_1_=paper))
    assert answer.status_code == 302, words(answer)[:800]
    repair.refresh_from_db()
    assert (repair.state, repair.evidence.count()) == ("applied", 1)


def test_a_wrong_line_is_put_right_by_somebody_else_and_the_answer_stands_beside_it(
    cast: Any, firm: Any, sign_in: Any, clock: Any
) -> None:
    listed(cast, firm)
    owner, row = sign_in("owner"), line_of(firm)
    given = {"wrong": "列入的年度是 2025", "right": "2025 年度报告已经按期报送", "proof": "报送回执"}
    assert owner.post(f"/enterprise/credit/{row.pk}/correct/", sent(**given)).status_code == 302
    asked = Proceeding.objects.get(procedure="credit.correction")
    refused = sign_in("chief").post(
        f"/files/{asked.pk}/take/decide/", sent(result="kept", why="核对无误。", shown="核对后维持。")
    )
    assert "不能由办过" in words(refused), "who put the business on the list does not decide"
    procedures.take(
        cast.who("city"), asked.pk, "decide", {"result": "marked", "why": "已核。", "shown": "企业已提出异议。"}
    )
    page = words(Client().get(f"/s/{firm.uscc}/"))
    assert "异议答复" in page
    assert "标注异议和答复：企业已提出异议。" in page
    assert asked.number in words(owner.get(f"/enterprise/credit/{row.pk}/"))


def test_what_a_business_says_stands_beside_its_line_once_it_was_checked(
    cast: Any, firm: Any, sign_in: Any, clock: Any
) -> None:
    listed(cast, firm)
    owner, row, public = sign_in("owner"), line_of(firm), f"/s/{firm.uscc}/"
    key = {"text": "年报系统当日无法登录，现已补报。"}
    assert owner.post(f"/enterprise/credit/{row.pk}/reply/", sent(**key)).status_code == 302
    asked = Proceeding.objects.get(procedure="credit.reply")
    assert "现已补报" not in words(Client().get(public)), "not before it was checked"
    refused = sign_in("city").post(f"/files/{asked.pk}/take/show/", sent())
    assert "须先核对不含他人个人信息" in words(refused)
    procedures.take(cast.who("city"), asked.pk, "show", {"cleared": True})
    page = words(Client().get(public))
    assert page.index("未按规定的期限公示年度报告") < page.index("年报系统当日无法登录，现已补报。")
    assert owner.post(f"/enterprise/credit/files/{asked.pk}/withdraw/", sent(why="已移出")).status_code == 302
    assert "现已补报" not in words(Client().get(public))


def test_a_line_of_another_body_tells_where_to_turn_and_can_be_answered(cast: Any, firm: Any, sign_in: Any) -> None:
    row = factories.record(firm, kind="judgment", key="c-1")
    owner = sign_in("owner")
    page = words(owner.get(f"/enterprise/credit/{row.pk}/"))
    assert "由执行法院办理" in page
    answer = owner.post(f"/enterprise/credit/{row.pk}/reply/", sent(text="已经履行完毕。"))
    assert answer.status_code == 302, words(answer)[:600]
    held = Proceeding.objects.get(procedure="credit.reply")
    assert (held.scope, held.parties.get().subject_id) == (firm.scope, firm.pk)


def test_the_owners_first_page_leads_to_what_stands_against_him(cast: Any, firm: Any, sign_in: Any) -> None:
    listed(cast, firm)
    page = words(sign_in("owner").get("/enterprise/"))
    assert "有 1 条公开显示的不利记录。" in page
