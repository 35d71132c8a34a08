"""What a file decides stands in the file of the business with the step that decides it, and goes with its undoing."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.procedures import actions
from shiheng.procedures.models import Party
from shiheng.subjects.models import Record
from tests.casework import Bench
from tests.factories import subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def of(firm: Any, kind: str = "penalty") -> list[Record]:
    return list(Record.objects.filter(subject=firm, kind=kind, source="bureau"))


def test_a_penalty_stands_in_the_file_of_the_business_and_in_public_only_once_published(bench: Bench) -> None:
    firm = subject(name="云泽市临江区恒达食品店")
    case = bench.opens(party_subject_=firm.pk)
    Party.objects.filter(proceeding=case).update(subject=firm)
    bench.to("decide", case)
    assert of(firm) == [], "nothing was decided"
    bench.to("serve", case)
    (row,) = of(firm)
    assert (row.day, row.state, row.title) == (date(2026, 11, 20), "未公示", "无证经营糕点")
    assert row.facts["fine"] == "6800000"
    assert row.facts["punishment"] == "罚款68000.00元；没收违法所得1200.00元。"
    assert row.facts["case"] == case.number
    page = bench.at("jian").get(f"/subjects/{firm.pk}/?tab=cases").content.decode()
    assert f'href="/files/{case.pk}/"' in page
    bench.to("settle", case)
    (row,) = of(firm)
    assert (row.state, row.facts["published"]) == ("公示中", "2026-11-20")


def test_an_annulled_decision_leaves_the_file_of_the_business(bench: Bench) -> None:
    firm = subject(name="云泽市临江区恒达食品店")
    case = bench.opens()
    Party.objects.filter(proceeding=case).update(subject=firm)
    bench.to("pay", case)
    assert len(of(firm)) == 1
    bench.takes("jian", case, "remedy", kind="reconsideration", body="区政府", party_="1")
    bench.takes("jian", case, "remedy_over", outcome="annulled", document="复决 1", party_="1")
    bench.takes("ju", case, "annul", document="复决 1", party_="1")
    assert of(firm) == []


def test_a_complaint_stands_there_from_acceptance_and_a_report_never(cast: Any) -> None:
    firm, clerk = subject(name="恒达电器行"), cast.who("clerk")
    facts = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]}
    trader = actions.Standing("trader", firm.name, subject=firm.pk)
    person = actions.Standing("complainant", "王小明", {"phone": "19900001001"})
    made = actions.open_file(
        clerk, "complaints.complaint", facts, parties=[person, trader], key=uuid4(), scope="4499.01."
    )
    assert of(firm, "complaint") == []
    actions.take(clerk, made.pk, "accept", {"told_by": "短信"})
    (row,) = of(firm, "complaint")
    assert (row.state, row.facts["said"]) == ("已受理", "三天就坏")
    assert "王小明" not in str(row.facts)
    actions.take(clerk, made.pk, "terminate", {"ground": "T2"})
    assert of(firm, "complaint")[0].facts["result"] == "终止调解"
    told = {"summary": "卖过期奶粉", "channel": "counter", "kind": "食品安全", "leads": "货架上有。"}
    target = actions.Standing("target", firm.name, subject=firm.pk)
    actions.open_file(clerk, "complaints.report", told, parties=[target], key=uuid4(), scope="4499.01.")
    assert not Record.objects.filter(subject=firm, source="bureau").exclude(kind="complaint").exists()
