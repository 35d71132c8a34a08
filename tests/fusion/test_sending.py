"""报送文件: how a file is delivered and which batch it corrects; a file refused whole is told every breach."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiheng.fusion import actions
from shiheng.fusion.models import Batch
from shiheng.kernel import clock
from tests.factories import uscc
from tests.fusion.deliveries import TODAY, declare, send

pytestmark = pytest.mark.django_db
__all__ = ["send"]
GOOD = (uscc(1), "甲渔行", "船1", "1")


@pytest.fixture(autouse=True)
def _today():
    with clock.standing_at(TODAY):
        yield


def posted(rows=(GOOD,), **more):
    text = "\r\n".join(["信用代码,名称,船号,捕捞方式", *(",".join(row) for row in rows)])
    file = SimpleUploadedFile("船.csv", text.encode(), "text/csv")
    return {"_key": str(uuid4()), "source": "catches", "file": file, **more}


def test_the_form_offers_the_ways_of_the_chosen_contract_and_sends_as_chosen(cast, sign_in, tmp_path):
    declare(tmp_path)
    client = sign_in("data")
    page = client.get("/sources/send/?source=catches").content.decode()
    offered = page[page.index('name="delivery"') : page.index("</select>", page.index('name="delivery"'))]
    assert 'value="snapshot"' in offered
    assert 'value="deletions"' not in offered
    assert client.post("/sources/send/", posted(delivery="snapshot")).status_code == 302
    assert Batch.objects.get().delivery == "snapshot"


def test_a_way_the_contract_does_not_know_is_refused_at_its_field(cast, sign_in, tmp_path):
    declare(tmp_path)
    answer = sign_in("data").post("/sources/send/", posted(delivery="deletions"))
    assert answer.status_code == 422
    assert "f-delivery-error" in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_corrected_file_takes_the_place_of_its_batch_and_both_pages_say_so(cast, sign_in, send):
    wrong = send([GOOD], on=TODAY - timedelta(days=3))
    client = sign_in("data")
    assert f"replaces={wrong.pk}" in client.get(f"/batches/{wrong.pk}/").content.decode()
    assert f'value="{wrong.pk}"' in client.get(f"/sources/send/?source=catches&replaces={wrong.pk}").content.decode()
    client.post("/sources/send/", posted([(uscc(1), "乙渔行", "船1", "1")], replaces=str(wrong.pk)))
    right = Batch.objects.order_by("-pk").first()
    actions.advance(right.pk)
    actions.advance(wrong.pk)
    page = client.get(f"/batches/{wrong.pk}/").content.decode()
    assert f"由批次 {right.pk} 更正" in page
    assert f'href="/batches/{right.pk}/"' in page
    assert f'href="/batches/{wrong.pk}/"' in client.get(f"/batches/{right.pk}/").content.decode()


def test_a_batch_number_that_is_none_of_this_source_is_refused_at_its_field(cast, sign_in, tmp_path):
    declare(tmp_path)
    answer = sign_in("data").post("/sources/send/", posted(replaces="999999"))
    assert answer.status_code == 422
    assert "f-replaces-error" in answer.content.decode()


def test_a_file_refused_whole_is_told_every_breach_by_itself(cast, sign_in, tmp_path, send):
    demands = [
        {"metric": "rowCount", "mustBeGreaterThan": 5},
        {"metric": "nullValues", "unit": "percent", "mustBeLessThan": 50, "arguments": {"column": "title"}},
    ]
    declare(tmp_path, quality=demands)
    batch = send([(uscc(1), "", "船1", "1"), (uscc(2), "", "船2", "1")])
    assert batch.state == "refused"
    assert len(batch.profile["breaches"]) == 2
    page = sign_in("data").get(f"/batches/{batch.pk}/").content.decode()
    assert all(f"<li>{breach}</li>" in page for breach in batch.profile["breaches"])
