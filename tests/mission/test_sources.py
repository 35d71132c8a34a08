"""The data officer gathers departments' data: who owes what, reminding them, and undoing a file that was wrong."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.accounts.models import Message
from shiheng.fusion import actions
from shiheng.fusion.models import Batch
from shiheng.jobs import runner
from shiheng.kernel import clock
from shiheng.subjects.models import Subject
from tests.factories import uscc
from tests.fusion.conftest import own_sources
from tests.fusion.deliveries import DEPARTMENT, TODAY, declare

__all__ = ["own_sources"]


def _send(client: Any, text: str) -> Batch:
    file = SimpleUploadedFile("船.csv", f"信用代码,名称,船号,捕捞方式\r\n{text}".encode(), "text/csv")
    answer = client.post("/sources/send/", {"_key": str(uuid4()), "source": "catches", "file": file})
    assert answer.status_code == 302
    runner.work(until_idle=True, names=frozenset({actions.ADVANCE}))
    return Batch.objects.order_by("-pk")[0]


@pytest.mark.mission("B06", "B07")
def test_the_data_officer_sees_who_is_late_reminds_them_and_takes_a_wrong_file_back(
    cast: Any, sign_in: Any, tmp_path: Path
) -> None:
    declare(tmp_path)
    client = sign_in("data")
    with clock.standing_at(TODAY - timedelta(days=40)):
        _send(client, f"{uscc(1)},甲渔行,船1,1")
    with clock.standing_at(TODAY):
        late = client.get("/sources/", {"department": DEPARTMENT, "state": "late"}).content.decode()
        assert "逾期 9 天" in late
        form = {"department": DEPARTMENT, "_key": str(uuid4())}
        for _ in range(2):
            client.post("/sources/remind/", form)
        assert "已逾期 9 日" in Message.objects.get().text
        wrong = _send(client, f"{uscc(1)},甲错渔行,船1,1")
        assert Subject.objects.get(uscc=uscc(1)).name == "甲错渔行"
        page = f"/batches/{wrong.pk}/withdraw/"
        assert "甲错渔行 → 甲渔行" in client.get(page).content.decode()
        client.post(page, {"_key": str(uuid4()), "reason": "名称错了"})
        runner.work(until_idle=True, names=frozenset({actions.ADVANCE}))
        assert Subject.objects.get(uscc=uscc(1)).name == "甲渔行"
        assert "名称错了" in client.get(f"/batches/{wrong.pk}/").content.decode()
