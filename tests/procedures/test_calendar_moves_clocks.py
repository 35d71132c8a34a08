"""A holiday loaded later moves the due days of open files, of no other, and decides nothing."""

from datetime import date
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.catalogue.actions import load_calendar
from shiheng.procedures import actions
from shiheng.procedures.models import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "坏了。", "claims": ["退款"]}


def test_open_files_are_reckoned_by_the_new_days(cast: Any) -> None:
    clerk = cast.who("clerk")
    held, ended = (actions.open_file(clerk, "complaints.complaint", FACTS, scope="4499.01.") for _ in range(2))
    actions.take(clerk, ended.pk, "withdraw", {"why": "已经退款"})
    assert held.due == date(2026, 12, 1)
    assert actions.resettle() == []
    off = [{"日期": "2026-11-24", "是否上班": "否", "名称": "抗洪停工", "文号": "区政府停工通知"}]
    load_calendar(off, who=SYSTEM, key="storm")
    assert actions.resettle() == [(held.pk, date(2026, 12, 1), date(2026, 12, 2))]
    assert actions.resettle() == []
    held.refresh_from_db()
    assert (held.state, held.due) == ("pending", date(2026, 12, 2))
    assert Clock.objects.get(proceeding=held).due == date(2026, 12, 2)
    assert Clock.objects.get(proceeding=ended).due == date(2026, 12, 1)
