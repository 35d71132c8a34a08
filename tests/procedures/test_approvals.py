"""A step goes up from the unit head to whoever decides: with opinions, sent back, by telephone; nobody on his own."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.models import Message, Office, Post
from shiheng.kernel.errors import Forbidden, Missing, Refused
from shiheng.ledger.models import Leaf
from shiheng.procedures.actions import take
from shiheng.procedures.approvals import actions, queries
from shiheng.procedures.approvals.models import Approval, Opinion
from shiheng.procedures.models import Passage
from tests.casework import FOUR, Bench, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def up(bench: Bench, cast: Any, held: Any) -> Approval:
    """The officer lays the filing up through its page."""
    answer = bench.at("jian").post(
        f"/files/{held.pk}/take/file/", {"_key": str(uuid4()), **FOUR, "opinion": "建议立案"}
    )
    assert answer.status_code == 302, words(answer)[:800]
    return Approval.objects.get(state="waiting")


def says(browser: Any, row: Approval, verdict: str = "agree", text: str = "同意") -> Any:
    address = f"/files/{row.proceeding_id}/approvals/{row.pk}/"
    return browser.post(address, {"_key": str(uuid4()), "verdict": verdict, "words": text})


def test_a_filing_goes_from_the_officer_over_the_unit_head_to_the_deputy(bench: Bench, cast: Any, sign_in: Any) -> None:
    held = bench.to("file")
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "呈批：立案" in page
    form = words(bench.at("jian").get(f"/files/{held.pk}/take/file/"))
    assert "科长 → 分管负责人" in form
    row = up(bench, cast, held)
    assert "立案" in words(sign_in("chief").get("/files/approvals/"))
    assert "没有待您审批" in words(bench.at("fu").get("/files/approvals/")), "not his turn yet"
    assert says(bench.at("fu"), row).status_code == 200
    assert Opinion.objects.count() == 0
    assert says(sign_in("chief"), row, text="证据充分").status_code == 302
    held.refresh_from_db()
    assert held.state == "verifying", "one has agreed, the other has not"
    assert says(bench.at("fu"), row).status_code == 302
    held.refresh_from_db()
    assert held.state == "investigating"
    taken = Passage.objects.get(proceeding=held, step="file")
    assert (taken.by, taken.facts["opinion"]) == ("傅衍", "建议立案")
    row.refresh_from_db()
    assert (row.state, row.passage) == ("approved", taken.number)
    seen = words(bench.at("jian").get(f"/files/{held.pk}/approvals/{row.pk}/"))
    assert seen.index("科长 2026-11-20") < seen.index("证据充分") < seen.index("分管负责人")
    assert Leaf.objects.filter(kind="approval.spoken").count() == 2


def test_sent_back_it_says_why_and_the_officer_is_told(bench: Bench, cast: Any, sign_in: Any) -> None:
    held = bench.to("file")
    row = up(bench, cast, held)
    assert "退回须写明意见" in words(says(sign_in("chief"), row, "return", ""))
    assert says(sign_in("chief"), row, "return", "请补充管辖依据").status_code == 302
    row.refresh_from_db()
    assert row.state == "returned"
    assert Message.objects.filter(account=bench.accounts["jian"], title="呈批件被退回").count() == 1
    assert not Passage.objects.filter(proceeding=held, step="file").exists()
    assert up(bench, cast, held).pk != row.pk, "mended, it is laid up anew"


def test_nobody_speaks_on_his_own_nor_twice(bench: Bench, cast: Any) -> None:
    held = bench.to("file")
    home = Office.objects.get(path="4499.01.")
    Post.objects.create(account=bench.accounts["jian"], office=home, role="section_chief", since=date(2024, 1, 1))
    Post.objects.create(account=cast.chief, office=home, role="deputy_head", since=date(2024, 1, 1))
    row = up(bench, cast, held)
    with pytest.raises(Forbidden, match="自己呈批的"):
        actions.speak(bench.who("jian"), held.pk, row.pk, verdict="agree")
    actions.speak(cast.who("chief"), held.pk, row.pk, verdict="agree")
    with pytest.raises(Forbidden, match="已经审批过的"):
        actions.speak(cast.who("chief"), held.pk, row.pk, verdict="agree")
    assert list(queries.waiting_for(cast.who("chief"))) == []
    with pytest.raises(Missing):
        actions.speak(cast.who("inspector_b"), held.pk, row.pk, verdict="agree")


def test_what_stands_against_a_step_is_told_before_it_goes_up_and_again_before_it_is_taken(
    bench: Bench, cast: Any, sign_in: Any
) -> None:
    held = bench.to("file")
    refused = bench.at("jian").post(f"/files/{held.pk}/take/file/", {"_key": str(uuid4()), **FOUR, "due": ""})
    assert "四项条件" in words(refused)
    row = up(bench, cast, held)
    twice = bench.at("jian").post(f"/files/{held.pk}/take/file/", {"_key": str(uuid4()), **FOUR})
    assert "还在审批中" in words(twice)
    actions.speak(cast.who("chief"), held.pk, row.pk, verdict="agree")
    bench.takes("fu", held, "no_file", ground="nothing", finding="没有违法事实")
    with pytest.raises(Refused, match="不能办理“立案”"):
        actions.speak(bench.who("fu"), held.pk, row.pk, verdict="agree")
    assert Opinion.objects.filter(role="deputy_head").count() == 0, "what was refused was not said"


def test_by_telephone_in_a_hurry_and_signed_afterwards_or_denied(bench: Bench, cast: Any, sign_in: Any) -> None:
    held = bench.to("file")
    row = up(bench, cast, held)
    actions.speak(cast.who("chief"), held.pk, row.pk, verdict="agree")
    address = f"/files/{held.pk}/approvals/{row.pk}/phone/"
    head = bench.accounts["fu"]
    answer = bench.at("jian").post(address, {"_key": str(uuid4()), "account": str(head.pk), "words": "情况紧急，同意"})
    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.state == "investigating"
    waiting = words(bench.at("fu").get("/files/approvals/"))
    assert "简勘记录您在电话中同意：情况紧急，同意" in waiting
    opinion = Opinion.objects.get(phoned=True)
    assert bench.at("zhen").post(f"/files/approvals/phoned/{opinion.pk}/", {"given": "1"}).status_code == 302
    opinion.refresh_from_db()
    assert opinion.confirmed_at is None, "only he himself"
    bench.at("fu").post(f"/files/approvals/phoned/{opinion.pk}/", {"_key": str(uuid4()), "given": "0"})
    opinion.refresh_from_db()
    assert opinion.denied_at is not None
    assert "本人否认" in words(bench.at("jian").get(f"/files/{held.pk}/approvals/{row.pk}/"))


def test_a_bureau_sets_its_own_chain_and_nobody_goes_round_it(bench: Bench, cast: Any, sign_in: Any) -> None:
    chief, city = sign_in("chief"), sign_in("city")
    chain = {"step": "file", "first": "section_chief", "second": "legal_reviewer", "third": "bureau_head",
             "must": "1", "why": "本局案件办理规程第八条"}  # fmt: skip
    assert chief.post("/files/chains/enforcement.case/", {"_key": str(uuid4()), **chain}).status_code == 404
    wrong = city.post("/files/chains/enforcement.case/", {"_key": str(uuid4()), **chain, "third": "", "second": ""})
    assert "须是最后一级" in words(wrong)
    assert city.post("/files/chains/enforcement.case/", {"_key": str(uuid4()), **chain}).status_code == 302
    assert "科长 → 审核人员 → 主要负责人 必须逐级" in words(chief.get("/files/chains/enforcement.case/")).replace(
        "  ", " "
    )
    held = bench.to("file")
    with pytest.raises(Refused, match="须逐级审批"):
        take(
            bench.who("ju"), held.pk, "file", {name: True for name in FOUR if name != "handlers"} | {"handlers": "简勘"}
        )
    row = up(bench, cast, held)
    assert row.chain == ["section_chief", "legal_reviewer", "bureau_head"]
    for who in (cast.who("chief"), bench.who("fa"), bench.who("ju")):
        actions.speak(who, held.pk, row.pk, verdict="agree")
    held.refresh_from_db()
    assert held.state == "investigating"


def test_a_double_click_says_one_thing_and_another_s_office_sees_nothing(bench: Bench, cast: Any, sign_in: Any) -> None:
    held = bench.to("file")
    row = up(bench, cast, held)
    key = str(uuid4())
    for _ in range(2):
        address = f"/files/{held.pk}/approvals/{row.pk}/"
        sign_in("chief").post(address, {"_key": key, "verdict": "agree", "words": "同意"})
    assert Opinion.objects.count() == 1
    assert sign_in("inspector_b").get(f"/files/{held.pk}/approvals/{row.pk}/").status_code == 404
    actions.withdraw(bench.who("jian"), held.pk, row.pk)
    row.refresh_from_db()
    assert row.state == "withdrawn"
