"""Remedies answered on the clock and counted, annulled acts handled anew, matters of others done by their day."""

import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.accounts.models import Account, Message
from shiheng.kernel.clock import SHANGHAI
from shiheng.procedures import reminders
from shiheng.procedures.models import Clock, Link, Paper, Proceeding
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def opened(client: Client, code: str, about: Proceeding | None = None, **facts: Any) -> Proceeding:
    asked = f"?about={about.pk}" if about else ""
    answer = send(client, f"/files/new/{code}/{asked}", scope_="4499.01.", **facts)
    assert answer.status_code == 302, words(answer)[:1500]
    return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def step(client: Client, held: Proceeding, code: str, **values: Any) -> Proceeding:
    answer = send(client, f"/files/{held.pk}/take/{code}/", **values)
    assert answer.status_code == 302, words(answer)[:1500]
    held.refresh_from_db()
    return held


def refused(client: Client, file: Proceeding, code: str, **values: Any) -> str:
    answer = send(client, f"/files/{file.pk}/take/{code}/", **values)
    assert answer.status_code == 422
    return words(answer)


def field(client: Client, address: str, name: str) -> str:
    """What a form shows in a field before anything is typed."""
    page = client.get(address).content.decode()
    found = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', page)
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


@pytest.fixture
def report(sign_in: Any) -> Proceeding:
    """A report that was verified by the clerk and not filed by the chief."""
    firm = factories.subject("云泽市临江区恒达食品有限公司", scope="4499.01.01.")
    clerk = sign_in("clerk")
    held = opened(
        clerk, "complaints.report", summary="巷口无证做早餐", channel="hotline", kind="食品安全", leads="没有证照。",
        name_reporter_="孙立", phone_reporter_="19900001005", name_target_=firm.name, subject_target_=firm.uscc,
    )  # fmt: skip
    step(clerk, held, "verify", plan="两人现场核查")
    step(sign_in("chief"), held, "no_file", finding="已有备案。", ground="没有违法事实")
    return held


COPY = {
    "body": "云泽市临江区人民政府", "case_number": "临府行复〔2026〕11号", "kind": "ordinary", "act": "举报处理",
    "request": "撤销不予立案决定。", "accepted_on": "2026-11-18", "summary": "不予立案决定", "unit": "投诉举报中心",
    "name_applicant_": "孙立",
}  # fmt: skip


def reconsidered(client: Client, report: Proceeding | None, **other: Any) -> Proceeding:
    return opened(client, "oversight.reconsideration", report, **{**COPY, **other})


def answered(sign_in: Any, held: Proceeding) -> Proceeding:
    clerk, city = sign_in("clerk"), sign_in("city")
    step(clerk, held, "draft", opinion="处理并无不当。", grounds="程序规定第二十条。", evidence="1")
    step(city, held, "sign", view="同意")
    return step(clerk, held, "submit", way="直接送交", proof="签收回执")


@pytest.mark.mission("O01")
def test_a_reconsideration_is_opened_from_the_case_answered_heard_and_its_result_seen_there(
    sign_in: Any, clock: Any, report: Proceeding
) -> None:
    clerk, chief, city = sign_in("clerk"), sign_in("chief"), sign_in("city")
    page = clerk.get(f"/files/{report.pk}/").content.decode()
    place = f"/files/new/oversight.reconsideration/?about={report.pk}"
    assert place in page, "the case offers it although it ended"
    assert field(clerk, place, "name_applicant_") == "孙立"
    assert field(clerk, place, "unit") == "云泽市临江区市场监督管理局"
    held = reconsidered(clerk, report)
    assert held.subject == report.subject
    assert Link.objects.filter(first=report, second=held, kind="appeals").exists()

    # Who verified may draft; who decided the case does not sign the answer, nor does whoever drafted it.
    step(clerk, held, "draft", opinion="处理并无不当。", grounds="程序规定第二十条。", evidence="1")
    told = refused(chief, held, "sign", view="同意")
    assert report.number in told
    for form, said in (("oversight.reply", "第四十八条"), ("oversight.evidence_list", "决定不予立案")):
        assert send(clerk, f"/files/{held.pk}/papers/", form=form).status_code == 302
        paper = Paper.objects.get(form=form)
        assert said in str(paper.content)
        assert report.number in str(paper.content)
    rows = next(block["rows"] for block in Paper.objects.get(form="oversight.evidence_list").content["blocks"]
                if block["kind"] == "table")  # fmt: skip
    assert [row[1] for row in rows] == ["登记", "开始核查", "决定不予立案"]
    assert rows[1][2] == f"{report.number}-2"
    assert rows[1][3] == "2026年11月20日"

    step(city, held, "sign", view="同意")
    step(clerk, held, "submit", way="直接送交", proof="签收回执")
    clock.advance(days=10)
    assert "理由" in refused(clerk, held, "hear", form="hearing", held_on="2026-11-30", place="复议庭", appeared="法衡")
    step(clerk, held, "hear", form="hearing", held_on="2026-11-30", place="复议庭", appeared="傅衍、法衡", head="1")
    assert "原因" in refused(clerk, held, "decide", outcome="revoked", document="临府复〔2026〕2号")
    step(
        clerk, held, "decide", outcome="revoked", document="临府复〔2026〕2号", cause="facts", reasons="没有询问举报人"
    )
    origin = words(chief.get(f"/files/{report.pk}/"))
    assert held.number in origin
    assert "撤销" in origin
    own = words(clerk.get(f"/files/{held.pk}/"))
    for said in ("事实不清、证据不足", "傅衍、法衡", report.number, "孙立"):
        assert said in own, said
    assert "19900001005" not in own
    assert sign_in("inspector_b").get(f"/files/{held.pk}/").status_code == 404


@pytest.mark.mission("O01")
def test_a_suit_goes_through_two_instances_and_says_who_appeared(sign_in: Any, clock: Any, report: Proceeding) -> None:
    clerk, city = sign_in("clerk"), sign_in("city")
    first = answered(sign_in, reconsidered(clerk, report))
    step(clerk, first, "decide", outcome="upheld", document="临府复〔2026〕2号")
    held = opened(
        clerk, "oversight.suit", first, summary="不予立案决定", court="云泽市临江区人民法院",
        case_number="（2026）云0101行初62号", act="举报处理", unit="投诉举报中心", claims="撤销。",
        name_plaintiff_="孙立",
    )  # fmt: skip
    assert set(held.links_in.values_list("first", flat=True)) == {report.pk, first.pk}, "and to the case itself"
    assert held.due == date(2026, 12, 7), "the fifteenth day is a Saturday: it rolls"
    answered(sign_in, held)
    bare = {"held_on": "2026-11-20", "head": "staff", "appeared": "法衡、律师"}
    assert "理由" in refused(clerk, held, "appear", **bare)
    step(clerk, held, "appear", **bare, why_not="参加防汛值守")
    lost = {"form": "judgment", "served_on": "2026-11-20", "document": "（2026）云0101行初62号判决"}
    step(clerk, held, "judge", **lost, outcome="revoked", cause="procedure", redo="1", redo_until="2027-01-30")
    page = words(clerk.get(f"/files/{held.pk}/"))
    assert "对判决上诉" in page
    assert "就本案登记" in page
    assert f"/files/new/oversight.rehandling/?about={held.pk}" not in clerk.get(f"/files/{held.pk}/").content.decode()
    step(clerk, held, "appeal", by="bureau", court="云泽市中级人民法院")
    step(city, held, "sign_second", view="同意")
    step(clerk, held, "submit_second", way="邮寄", proof="单号")
    step(clerk, held, "judge_second", **{**lost, "document": "（2026）云01行终9号"}, outcome="rejected")
    assert held.state == "effective"
    assert held.facts["outcome"] == "rejected"
    step(clerk, held, "perform", how="无需履行。")
    assert held.ended


@pytest.mark.mission("O02")
def test_the_answer_runs_on_its_own_clock_is_reminded_of_and_its_lateness_stays_on_record(
    cast: Any, sign_in: Any, clock: Any
) -> None:
    clerk = sign_in("clerk")
    ordinary = reconsidered(clerk, None)
    summary = reconsidered(clerk, None, kind="summary", summary="信息公开答复")
    assert (ordinary.due, summary.due) == (date(2026, 12, 4), date(2026, 11, 27))
    page = words(clerk.get(f"/files/{summary.pk}/"))
    assert "5个工作日" in page
    assert "第五十四条" in page
    clock.move_to(datetime(2026, 11, 26, 9, tzinfo=SHANGHAI))
    assert reminders.send() == 1
    assert "三日内到期 1 件" in Message.objects.get(account=summary.officer_id).text
    clock.move_to(datetime(2026, 12, 1, 9, tzinfo=SHANGHAI))
    assert "信息公开答复" in words(clerk.get("/files/?late=1"))
    # No result without an answer unless it is said why there was none.
    assert "未答复" in refused(clerk, summary, "decide", outcome="upheld", document="临府复〔2026〕3号")
    answered(sign_in, summary)
    assert "办成时超期 4 日" in words(clerk.get(f"/files/{summary.pk}/"))
    held = Clock.objects.get(proceeding=summary, limit="answer_summary")
    assert (held.due, held.met_on) == (date(2026, 11, 27), date(2026, 12, 1))
    missed = words(clerk.get("/files/?done=1&procedure=oversight.reconsideration&missed=answer_summary"))
    assert "信息公开答复" in missed
    assert "不予立案决定" not in missed


@pytest.mark.mission("O03")
def test_an_annulled_case_is_opened_again_with_its_term_and_not_decided_the_same_way(
    sign_in: Any, clock: Any, report: Proceeding
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = answered(sign_in, reconsidered(clerk, report))
    place = f"/files/new/oversight.rehandling/?about={held.pk}"
    early = send(clerk, place, scope_="4499.01.", summary="举报", document="1", cause="facts", unit="中心",
                 until="2027-01-20", orders="重新处理")  # fmt: skip
    assert early.status_code == 422
    result = {"outcome": "revoked", "document": "临府复〔2026〕2号", "cause": "facts"}
    assert "期限" in refused(clerk, held, "decide", **result, redo="1")
    step(clerk, held, "decide", **result, redo="1", redo_until="2027-01-20", reasons="没有询问举报人")
    page = words(clerk.get(f"/files/{held.pk}/"))
    assert "请登记“重新处理”" in page
    assert (field(clerk, place, "until"), field(clerk, place, "document")) == ("2027-01-20", "临府复〔2026〕2号")
    again = opened(
        clerk, "oversight.rehandling", held, summary="举报重新处理", document="临府复〔2026〕2号", cause="facts",
        unit="投诉举报中心", until="2027-01-20", orders="补充询问后重新决定。",
    )  # fmt: skip
    assert again.due == date(2027, 1, 20)
    assert again.number in words(chief.get(f"/files/{report.pk}/")), "the case itself shows it"
    step(chief, again, "hand", to="甄证", plan="询问举报人")
    told = refused(clerk, again, "redecide", result="重新作出决定", document="1", same="1", basis_new="同前")
    assert "同一事实和理由" in told
    clock.move_to(datetime(2027, 1, 22, 10, tzinfo=SHANGHAI))
    assert "举报重新处理" in words(clerk.get("/files/?late=1"))
    step(clerk, again, "redecide", result="重新作出决定", document="云临市监立〔2027〕1号", basis_new="查明没有票据。")
    step(clerk, again, "report", to="区政府", way="书面", proof="回执")
    assert again.ended
    assert "案卷编号" in refused(clerk, held, "comply", how="已重新处理。")
    step(clerk, held, "comply", how="已重新处理。", rehandling=again.number)
    assert held.ended


@pytest.mark.mission("O04")
def test_a_lost_case_is_told_to_the_town_talked_over_and_answered_for(sign_in: Any, report: Proceeding) -> None:
    clerk, chief, city = sign_in("clerk"), sign_in("chief"), sign_in("city")
    held = answered(sign_in, reconsidered(clerk, report))
    place = f"/files/new/oversight.liability/?about={held.pk}"
    assert place not in clerk.get(f"/files/{held.pk}/").content.decode()
    step(clerk, held, "decide", outcome="unlawful", document="临府复〔2026〕2号", cause="late")
    assert place in clerk.get(f"/files/{held.pk}/").content.decode()
    blame = opened(clerk, "oversight.liability", held, summary="举报处理被确认违法", document="临府复〔2026〕2号",
                   cause="late", unit="投诉举报中心")  # fmt: skip
    step(clerk, blame, "notify", town="江口街道办事处", content="通报一件。", asks="督促整改。")
    talk = {"person": "中心负责人", "held_on": "2026-11-20", "content": "说明问题。", "promised": "一个月内补训。"}
    assert "另一" in refused(chief, blame, "interview", **talk)
    step(chief, blame, "interview", **talk, officers_=f"account:{Account.objects.get(username='shi').pk}")
    own = refused(chief, blame, "inquire", finding="拖延。", heard="1")
    assert report.number in own, "who decided the case does not inquire into it"
    assert "陈述、申辩" in refused(city, blame, "inquire", finding="拖延。")
    step(city, blame, "inquire", finding="拖延。", heard="1")
    assert refused(city, blame, "hold", held="criticism", why="轻微")
    for form, said in (("oversight.town_notice", "江口街道办事处"), ("oversight.interview", "一个月内补训")):
        assert send(clerk, f"/files/{blame.pk}/papers/", form=form).status_code == 302
        assert said in str(Paper.objects.get(form=form).content)
    assert blame.number in words(clerk.get(f"/files/{report.pk}/"))


@pytest.mark.mission("O06")
def test_a_closed_case_is_picked_and_called_back_by_somebody_else(sign_in: Any, report: Proceeding) -> None:
    clerk, chief, city = sign_in("clerk"), sign_in("chief"), sign_in("city")
    fresh = opened(
        clerk, "complaints.enquiry", summary="办什么证", channel="hotline", question="面馆", name_asker_="陈"
    )
    assert "oversight.callback" not in clerk.get(f"/files/{fresh.pk}/").content.decode()
    held = opened(clerk, "oversight.callback", report, summary="巷口无证做早餐", unit="投诉举报中心",
                  chosen="随机抽取",
                  name_visited_="恒达食品")  # fmt: skip
    call = {"way": "电话", "talked": "店长", "manner": "满意", "corrected": "已改正"}
    assert report.number in refused(clerk, held, "call", **call)
    step(city, held, "call", **call, opinions="多发提示")
    assert "移交" in refused(chief, held, "conclude", finding="线索移交")
    step(chief, held, "conclude", finding="没有问题")
    assert "没有问题" in words(clerk.get(f"/files/{report.pk}/"))
    shown = words(clerk.get("/files/figures/oversight.callback/"))
    assert "执法态度和作风" in shown
    assert "满意" in shown


@pytest.mark.mission("O06")
def test_closed_cases_picked_on_the_desk_are_called_back_in_one_act(sign_in: Any, report: Proceeding) -> None:
    clerk = sign_in("clerk")
    running = opened(clerk, "complaints.report", summary="秤不准", channel="hotline", kind="计量", leads="少两。",
                     name_target_="海鲜档")  # fmt: skip
    chosen = {"_step": "open-oversight.callback", "_chosen": [report.pk, running.pk]}
    asked = words(clerk.post("/files/?done=1", chosen))
    assert "只回访已经办结的案卷" in asked
    key = str(uuid4())
    done = clerk.post("/files/?done=1", {**chosen, "_confirmed": "1", "_key": key})
    assert done.status_code == 302, words(done)[:600]
    assert clerk.post("/files/?done=1", {**chosen, "_confirmed": "1", "_key": key}).status_code == 422, "not twice"
    held = Proceeding.objects.get(procedure="oversight.callback")
    assert held.facts["chosen"] == "随机抽取"
    assert held.parties.get().name == "云泽市临江区恒达食品有限公司"
    assert list(held.links_in.values_list("first", flat=True)) == [report.pk]
    assert "已经登记过" in words(clerk.post("/files/?done=1", {**chosen, "_chosen": [report.pk]}))


@pytest.mark.mission("O01")
def test_figures_by_office_and_outcome_open_their_rows(sign_in: Any, report: Proceeding) -> None:
    clerk = sign_in("clerk")
    lost = answered(sign_in, reconsidered(clerk, report))
    step(clerk, lost, "decide", outcome="revoked", document="临府复〔2026〕2号", cause="facts")
    reconsidered(clerk, None, unit="江口监管所", summary="不予受理投诉")
    reconsidered(clerk, None, unit="江口监管所", kind="summary", summary="信息公开答复")
    page = clerk.get("/files/figures/oversight.reconsideration/").content.decode()
    for said in ("投诉举报中心", "江口监管所", "撤销", "事实不清、证据不足", "简易程序"):
        assert said in page, said
    addresses = {address.replace("&amp;", "&") for address in re.findall(r'href="(/files/\?[^"]+)"', page)}
    assert len(addresses) > 8
    for address in addresses:
        assert clerk.get(address).status_code == 200
    own = [address for address in addresses if "f-unit=" in address and "f-outcome=revoked" in address]
    assert len(own) == 1
    listed = words(clerk.get(own[0]))
    assert "不予立案决定" in listed
    assert "不予受理投诉" not in listed
    undecided = next(a for a in addresses if "f-outcome=-" in a and "f-unit" in a)
    assert "信息公开答复" in words(clerk.get(undecided))
    every = words(clerk.get("/files/figures/?year=2026"))
    assert "行政复议答复 3 3 0 0" in every
    assert "行政复议答复" not in words(clerk.get("/files/figures/?year=2025"))
    assert "行政复议答复" not in words(sign_in("inspector_b").get("/files/figures/"))


@pytest.mark.mission("E14")
def test_an_assigned_lead_is_given_out_urged_and_reported_back_by_its_day(sign_in: Any, clock: Any) -> None:
    clerk, chief, city = sign_in("clerk"), sign_in("chief"), sign_in("city")
    held = opened(
        clerk, "oversight.supervised", summary="直播带货线索", source="省局交办", kind="lead",
        document="粤市监线索〔2026〕7号",
        asks="核查并报告。", until="2026-12-20",
    )  # fmt: skip
    assert held.due == date(2026, 12, 20)
    step(chief, held, "assign", unit="江口监管所", person="简勘")
    step(chief, held, "urge", words="距报告期限十日。", told_by="书面")
    assert send(chief, f"/files/{held.pk}/papers/", form="oversight.urging").status_code == 302
    step(chief, held, "extend", until="2027-01-10", document="粤市监函〔2026〕8号")
    assert held.due == date(2027, 1, 10)
    step(chief, held, "report", finding="已立案。", outcome="已立案")
    assert "由其他岗位" not in words(city.get(f"/files/{held.pk}/"))
    assert "请交其他人" in refused(chief, held, "submit", document_out="云临市监报〔2026〕1号", to="省局")
    step(city, held, "submit", document_out="云临市监报〔2026〕1号", to="省局")
    assert held.ended


@pytest.mark.mission("E15", "B21")
def test_letters_of_assistance_go_both_ways_and_the_other_side_s_result_is_used(
    cast: Any, sign_in: Any, clock: Any, report: Proceeding
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    letter = {"region": "广东省佛山市", "target": "某贸易行", "summary": "供货资质", "asks": "有没有许可证。",
              "name_body_": "佛山市南海区市场监督管理局"}  # fmt: skip
    got = opened(clerk, "oversight.assistance", direction="received", letter="南市监协〔2026〕17号", **letter)
    assert got.due == date(2026, 12, 11)
    assert "没有这个环节" in refused(chief, got, "send", way="机要")
    step(clerk, got, "inquire", finding="地址已搬离。", officers_=f"account:{cast.chief.pk}")
    assert send(clerk, f"/files/{got.pk}/papers/", form="oversight.assistance_reply").status_code == 302
    assert "地址已搬离" in str(Paper.objects.get().content)
    step(clerk, got, "reply", letter_out="云临市监协复〔2026〕2号", way="机要")
    assert got.ended

    sent = opened(clerk, "oversight.assistance", report, direction="sent", **letter)
    step(chief, sent, "send", way="机要")
    step(clerk, sent, "arrive", arrived_on="2026-11-20")
    clock.move_to(datetime(2026, 12, 14, 10, tzinfo=SHANGHAI))
    assert "期限已经届满，请决定是否办理“催办”" in words(clerk.get(f"/files/{sent.pk}/"))
    step(clerk, sent, "urge", words="请尽快函复。", told_by="电话")
    assert "用在哪里" in refused(clerk, sent, "answer", letter_in="1", finding="无许可证。", recognised="1")
    step(clerk, sent, "answer", letter_in="1", finding="无许可证。", recognised="1", used="证明来源不合法。")
    assert "无许可证" in words(clerk.get(f"/files/{report.pk}/"))


@pytest.mark.mission("E16")
def test_a_hard_case_is_talked_over_and_the_minutes_are_bound_to_it(sign_in: Any, report: Proceeding) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    alone = clerk.get("/files/new/oversight.consultation/")
    assert alone.status_code == 422
    assert "oversight.consultation" not in clerk.get("/files/new/").content.decode()
    held = opened(clerk, "oversight.consultation", report, summary="定性", kind="定性疑难", question="是否经营。",
                  bodies="公安分局、检察院")  # fmt: skip
    step(chief, held, "convene", held_on="2026-11-20", place="三楼会议室", host="章科")
    minutes = {"present": "市场监管局、公安分局", "opinions": "按无照经营。", "conclusion": "按无照经营定性。"}
    assert "两个以上单位" in refused(clerk, held, "minute", **minutes, count="1", agreed="1")
    assert "保留意见" in refused(clerk, held, "minute", **minutes, count="2")
    step(clerk, held, "minute", **minutes, count="2", agreed="1")
    assert send(clerk, f"/files/{held.pk}/papers/", form="oversight.minutes").status_code == 302
    assert report.number in str(Paper.objects.get().content)
    step(chief, held, "sign", view="同意")
    step(clerk, held, "use", use="按会商结论办理。")
    assert "按无照经营定性" in words(clerk.get(f"/files/{report.pk}/"))


@pytest.mark.mission("F20")
def test_a_joint_meeting_s_tasks_are_followed_one_by_one_until_all_are_done(sign_in: Any, clock: Any) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    held = opened(
        clerk, "oversight.joint_meeting", summary="消费维权联席会议", series="消费者权益保护", lead="区市监局"
    )
    step(chief, held, "agenda", items="预付卡退费。", held_on="2026-11-20", place="三楼")
    step(
        clerk,
        held,
        "hold",
        present="教育局、公安分局",
        count="3",
        opinions="同意。",
        conclusion="分头落实。",
        agreed="1",
    )
    step(clerk, held, "task", name="区教育局", task="排查托管食堂。", until="2026-12-10")
    step(clerk, held, "task", name="公安分局", task="对接线索。", until="2027-01-10")
    assert held.due == date(2026, 12, 10)
    step(clerk, held, "task_done", party_="1", done="排查四十二家。")
    assert held.due == date(2027, 1, 10)
    assert "没有完成" in words(chief.get(f"/files/{held.pk}/"))
    clock.advance(days=60)
    assert "已超期" in words(chief.get(f"/files/{held.pk}/"))
    step(clerk, held, "task_done", party_="2", done="已对接。")
    step(chief, held, "close", view="办结")
    assert held.ended


@pytest.mark.mission("O15")
def test_a_proposal_is_answered_by_the_day_its_letter_names_and_again_where_the_proposer_is_not_content(
    sign_in: Any, clock: Any
) -> None:
    clerk, chief = sign_in("clerk"), sign_in("chief")
    asked = {"summary": "加强预付卡监管", "kind": "deputy", "document": "临人建〔2026〕12号", "part": "主办",
             "content": "建立备案查询。", "name_proposer_": "何代表"}  # fmt: skip
    held = opened(clerk, "oversight.proposal", **asked, until="2027-01-20")
    assert held.due == date(2027, 1, 20)
    bare = opened(clerk, "oversight.proposal", **{**asked, "document": "临人建〔2026〕13号"})
    assert bare.due == date(2027, 2, 20), "three months; a duty of the bureau does not move past a Saturday"
    assert "待核对" in words(clerk.get("/procedures/oversight.proposal/")) or "本地选择" in words(
        clerk.get("/procedures/oversight.proposal/")
    )
    step(clerk, held, "draft", answer="已建立备案公示。", grade="A")
    assert "沟通" in refused(chief, held, "sign", view="同意")
    step(clerk, held, "talk", talked_on="2026-11-20", way="座谈", views="希望能查询。")
    step(chief, held, "sign", view="同意")
    step(clerk, held, "reply", document_out="云临市监复字〔2026〕5号")
    step(clerk, held, "feedback", content_with="不满意")
    assert "重新办理" in refused(chief, held, "close", view="办结")
    step(chief, held, "again", until="2027-02-20", document="重新办理通知")
    assert (held.state, held.due) == ("received", date(2027, 2, 20))
    step(clerk, held, "draft", answer="已开放查询。", grade="A")
    step(chief, held, "sign", view="同意")
    step(clerk, held, "reply", document_out="云临市监复字〔2026〕9号")
    step(clerk, held, "feedback", content_with="满意")
    step(chief, held, "close", view="办结")
    assert held.ended
