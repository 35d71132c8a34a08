"""The business a complaint is about: it sees the claim once accepted, answers it, and never learns of a report."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.procedures import actions as procedures
from shiheng.procedures.actions import Standing
from shiheng.procedures.models import Proceeding
from shiheng.services.models import Addition
from shiheng.subjects.models import Representation
from tests.casework import words
from tests.evidence import made
from tests.factories import subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "offices")]
FACTS = {"summary": "电饭煲三天就坏", "channel": "counter", "kind": "质量", "story": "三日不加热。", "claims": ["退款"]}
LEADS = {"summary": "卖翻新机", "channel": "counter", "kind": "质量", "leads": "仓库里有翻新机。"}


@pytest.fixture
def firm(cast: Any, clock: Any) -> Any:
    held = subject(name="恒达电器行")
    Representation.objects.create(account=cast.owner, subject=held, basis="法定代表人", since="2026-01-01")
    return held


def opened(cast: Any, firm: Any, code: str = "complaints.complaint") -> Proceeding:
    kinds = {
        "complaints.complaint": ("complainant", "trader", FACTS),
        "complaints.report": ("reporter", "target", LEADS),
    }
    person, business, facts = kinds[code]
    parties = [Standing(person, "王小明", {"phone": "19900001001"}), Standing(business, firm.name, subject=firm.pk)]
    return procedures.open_file(cast.who("clerk"), code, facts, parties=parties, scope="4499.01.", key=uuid4())


def test_the_business_sees_the_claim_once_accepted_and_never_how_to_reach_who_complains(
    cast: Any, firm: Any, sign_in: Any
) -> None:
    held = opened(cast, firm)
    owner = sign_in("owner")
    assert "电饭煲" not in words(owner.get("/enterprise/"))
    assert owner.get(f"/enterprise/complaints/{held.pk}/").status_code == 404
    procedures.take(cast.who("clerk"), held.pk, "accept", {"told_by": "短信"})
    assert "电饭煲三天就坏" in words(owner.get("/enterprise/"))
    page = words(owner.get(f"/enterprise/complaints/{held.pk}/"))
    for said in ("王小明", "三日不加热。", "退款", "调解"):
        assert said in page, said
    for secret in ("19900001001", "1990", "李窗"):
        assert secret not in page, secret


def test_it_answers_and_offers_with_papers_and_the_officer_reads_it(cast: Any, firm: Any, sign_in: Any) -> None:
    held = opened(cast, firm)
    procedures.take(cast.who("clerk"), held.pk, "accept", {"told_by": "短信"})
    owner = sign_in("owner")
    paper = SimpleUploadedFile("检测单.png", made.png(), content_type="image/png")
    key = str(uuid4())
    for _twice in range(2):
        paper.seek(0)
        given = {"_key": key, "kind": "offer", "text": "退一半。", "papers": paper}
        assert owner.post(f"/enterprise/complaints/{held.pk}/", given).status_code == 302
    row = Addition.objects.get()
    assert (row.kind, row.by, row.items) == ("offer", "被投诉人（网上）", [1])
    page = words(sign_in("clerk").get(f"/files/{held.pk}/"))
    assert "提出和解方案" in page
    assert "退一半。" in page
    assert (
        owner.post(f"/enterprise/complaints/{held.pk}/", {"_key": str(uuid4()), "kind": "withdraw"}).status_code == 422
    )


def test_a_report_exists_for_it_nowhere_nor_anothers_complaint(cast: Any, firm: Any, sign_in: Any) -> None:
    report = opened(cast, firm, "complaints.report")
    procedures.take(cast.who("clerk"), report.pk, "verify", {"plan": "暗访。"})
    other = opened(cast, subject(name="别家", number=2002))
    procedures.take(cast.who("clerk"), other.pk, "accept", {"told_by": "短信"})
    owner = sign_in("owner")
    assert "翻新机" not in words(owner.get("/enterprise/"))
    for held in (report, other):
        assert owner.get(f"/enterprise/complaints/{held.pk}/").status_code == 404
    assert sign_in("clerk").get(f"/enterprise/complaints/{other.pk}/").status_code == 403
