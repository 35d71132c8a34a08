"""How much each officer has, and files handed over when somebody moves or is away; archived files found again."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.models import Message
from shiheng.procedures import actions
from shiheng.procedures.duty import actions as duty
from shiheng.procedures.models import Proceeding
from tests.casework import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "坏了。", "claims": ["退款"]}


@pytest.mark.mission("O14")
def test_a_manager_sees_the_load_and_hands_the_files_of_who_leaves_to_another(
    cast: Any, sign_in: Any, bench: Any, clock: Any
) -> None:
    held = [actions.open_file(cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.") for _ in range(3)]
    manager = sign_in("chief")
    page = manager.get("/files/officers/").content.decode()
    row = next(part for part in page.split("<tr")[1:] if "李窗" in part)
    assert re.findall(r"<a href=\"[^\"]+\">(?:<[^>]+>)*(\d+)", row)[0] == "3"
    # the clerk moves on: everything goes to another, with the reason, after a look at the list
    to = bench.accounts["jian"]
    address = f"/files/officers/{cast.clerk.pk}/"
    values = {"_key": str(uuid4()), "to": str(to.pk), "reason": "岗位轮换", "chosen": [str(one.pk) for one in held]}
    assert "3 件将移交给简勘" in words(manager.post(address, values))
    assert manager.post(address, {**values, "confirmed": "1"}).status_code == 302
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"简勘"}
    assert Message.objects.filter(account=to, text__contains="岗位轮换").exists()
    assert "没有在办的案卷" in words(manager.get(address))
    # who took them goes on leave for a week
    leave = {"_key": str(uuid4()), "deputy": str(bench.accounts["zhen"].pk), "since": "2026-11-20",
             "until": "2026-11-26", "reason": "培训"}  # fmt: skip
    assert manager.post(f"/files/officers/{to.pk}/leave/", leave).status_code == 302
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"甄证"}
    clock.move_to(date(2026, 11, 27))
    duty.turn_over()
    assert set(Proceeding.objects.values_list("officer_name", flat=True)) == {"简勘"}


@pytest.mark.mission("O15")
def test_an_archived_case_is_found_again_by_its_shelf_and_by_who_stood_in_it(sign_in: Any, bench: Any) -> None:
    case = bench.to("archived")
    browser = sign_in("clerk")
    for asked in ({"shelf": "2026-处-1"}, {"party": "恒达食品"}, {"number": case.number}, {"year": "2026"}):
        page = words(browser.get("/files/archive/", asked))
        assert case.number in page, asked
        assert "2026-处-1" in page
    assert case.number not in words(browser.get("/files/archive/", {"party": "没有此人"}))
