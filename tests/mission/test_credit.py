"""Lists a business can leave: entered with a ground, seen by everybody, asked out of, left; each on its page."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shiheng.procedures.models import Proceeding
from shiheng.subjects.models import Record
from tests.casework import words
from tests.factories import subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def taken(browser: Client, held: Proceeding, step: str, **values: str) -> None:
    answer = browser.post(f"/files/{held.pk}/take/{step}/", {"_key": str(uuid4()), **values})
    assert answer.status_code == 302, words(answer)[:800]


@pytest.mark.mission("C08")
def test_a_business_is_listed_with_a_ground_asks_to_leave_and_leaves_and_everybody_sees_both(sign_in: Any) -> None:
    firm = subject(name="云泽市临江区恒达食品店")
    clerk, chief, anybody = sign_in("clerk"), sign_in("chief"), Client()
    told = {"summary": "未公示 2025 年度报告", "ground": "1", "year": "2025", "story": "七月一日比对发现。",
            "scope_": "4499.01.", "name_firm_": firm.name, "subject_firm_": firm.uscc}  # fmt: skip
    answer = clerk.post("/files/new/credit.abnormal/", {"_key": str(uuid4()), **told})
    assert answer.status_code == 302, words(answer)[:800]
    held = Proceeding.objects.get(procedure="credit.abnormal")
    public = f"/s/{firm.uscc}/"
    assert "未按规定的期限公示年度报告" not in words(anybody.get(public)), "nothing is decided yet"
    taken(chief, held, "list", document="云临市监异列〔2026〕1号", remedies="1")
    assert "未按规定的期限公示年度报告" in words(anybody.get(public))
    everybody = words(anybody.get("/lists/abnormal/"))
    assert firm.name in everybody
    assert "本局的决定" in everybody
    row = Record.objects.get(subject=firm, kind="abnormal", source="bureau")
    assert (row.until, row.facts["office"]) == (None, "云泽市临江区市场监督管理局")
    refused = clerk.post(
        f"/files/{held.pk}/take/ask/", {"_key": str(uuid4()), "exit": "moved", "proof": "x", "person": "陈芳"}
    )
    assert "不对应" in words(refused)
    taken(clerk, held, "ask", exit="reported", proof="补报回执", person="陈芳")
    taken(chief, held, "remove", document="云临市监异移〔2026〕1号")
    page = words(anybody.get(public))
    assert "补报年度报告并公示" in page, "in and out are shown as a pair"
    assert firm.name not in words(anybody.get("/lists/abnormal/"))
    row.refresh_from_db()
    assert row.until is not None
    assert row.facts["removed"] == "2026-11-20"
