"""Personal data on pages: masked for everybody, whole for who may and says why, and every look on record."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions
from shiheng.fusion.models import Batch, Quarantined
from shiheng.fusion.personal_views import address
from shiheng.ledger.models import Leaf
from shiheng.subjects.models import Record, Representation
from tests.cast import COLUMNS
from tests.fusion.test_personal import ACCOUNTS, PHONES, PLANTED, cases, content  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.django_db
REASON = "临市监案字〔2026〕第 12 号"


@pytest.fixture
def batch(cases: None, cast: Any) -> Batch:  # noqa: F811
    landed = actions.land("cases", BytesIO(content()), filename="f.csv", who=SYSTEM, scope="4499.01.")
    done = actions.advance(landed.pk)
    subject = Record.objects.get().subject
    Representation.objects.create(account=cast.owner, subject=subject, basis="法定代表人", since=done.known_on)
    return done


def pages(batch: Batch) -> list[str]:
    subject = Record.objects.get().subject
    refused = Quarantined.objects.order_by("row").values_list("pk", flat=True)
    rows = [reverse("batch-row", args=[batch.pk, n]) for n in (1, 2, 4)]
    found = [
        *rows,
        *(reverse("quarantined", args=[pk]) for pk in refused),
        reverse("quarantine"),
        f"{reverse('quarantine')}?export=csv",
        reverse("batch", args=[batch.pk]),
        reverse("source", args=["cases"]),
        reverse("subject", args=[subject.pk]),
        f"{reverse('subject', args=[subject.pk])}?tab=cases",
        reverse("enterprise-subject", args=[subject.pk]),
        reverse("portal-subject", args=[subject.uscc]),
        address(f"record:{Record.objects.get().pk}", "contact"),
        address(f"row:{batch.pk}:1", "联系电话"),
        address(f"refused:{refused[0]}", "证件号码"),
        reverse("batch-original", args=[batch.pk]),
    ]
    return [*found, f"/api/v1/subjects/{subject.uscc}"]


def said(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode("utf-8", "replace")
    return text + json.dumps(json.loads(text), ensure_ascii=False) if text.startswith("{") else text


@pytest.mark.parametrize("column", COLUMNS)
def test_nobody_sees_more_than_masked_values_on_any_page(column, batch, sign_in):
    browser = sign_in(column)
    seen = ""
    for url in pages(batch):
        text = said(browser.get(url))
        seen += text
        assert [word for word in PLANTED if word in text] == [], url
        assert "密1:" not in text, url
    if column in {"chief", "city"}:
        assert "139****0001" in seen
        assert "查看全文" in seen
        assert "查看联系人电话全文" in seen


def asks(browser: Any, url: str, **over: str) -> Any:
    return browser.post(url, {"purpose": "case", "reason": REASON, "_key": str(uuid4())} | over)


def views() -> list[dict[str, Any]]:
    return [leaf.facts for leaf in Leaf.objects.filter(kind="personal.viewed").order_by("id")]


def test_the_whole_value_is_shown_for_a_reason_and_that_goes_on_record(batch, sign_in, cast):
    record = Record.objects.get()
    url = address(f"record:{record.pk}", "contact")
    browser = sign_in("chief")
    assert "139****0001" in said(browser.get(url))
    response = asks(browser, url)
    assert response.status_code == 200
    assert PHONES[0] in said(response)
    assert "no-store" in response["Cache-Control"]
    assert views() == [
        {"at": f"record:{record.pk}", "field": "联系人电话", "kind": "电话", "purpose": "办理案件", "reason": REASON}
    ]
    leaf = Leaf.objects.get(kind="personal.viewed")
    assert (leaf.subject, leaf.actor) == (f"subject:{record.subject_id}", cast.who("chief").key)
    assert not any(word in leaf.body for word in PLANTED)
    assert PHONES[0] not in said(browser.get(url))


def test_a_cell_of_a_row_and_of_a_refused_row_can_be_read_whole(batch, sign_in):
    browser = sign_in("chief")
    assert PHONES[0] in said(asks(browser, address(f"row:{batch.pk}:1", "手机")))
    refused = Quarantined.objects.get(row=3)
    assert ACCOUNTS[2] in said(asks(browser, address(f"refused:{refused.pk}", "账号")))
    assert [v["kind"] for v in views()] == ["电话", "银行账号"]


def test_the_original_file_is_handed_out_for_a_reason(batch, sign_in):
    browser = sign_in("chief")
    asked = browser.get(reverse("batch-original", args=[batch.pk]))
    assert asked.status_code == 302
    response = asks(browser, asked["Location"])
    assert b"".join(response.streaming_content) == content()
    assert views()[0]["field"] == "整个文件"


@pytest.mark.parametrize(
    ("over", "status", "told"),
    [
        ({"purpose": ""}, 422, "请选择查看目的"),
        ({"purpose": "curious"}, 422, "请从给出的选项中选择"),
        ({"reason": ""}, 422, "请填写具体事由"),
        ({"reason": "看看"}, 422, "至少五个字"),
        ({"reason": f"核对 {PHONES[0]} 是否本人"}, 422, "不要把个人信息写进去"),
    ],
)
def test_without_a_good_reason_nothing_is_shown_and_nothing_recorded(over, status, told, batch, sign_in):
    response = asks(sign_in("chief"), address(f"record:{Record.objects.get().pk}", "contact"), **over)
    text = said(response)
    assert response.status_code == status
    assert told in text
    assert "139****0001" in text
    assert views() == []


def test_one_form_shows_a_value_once(batch, sign_in):
    url, key = address(f"record:{Record.objects.get().pk}", "contact"), str(uuid4())
    browser = sign_in("chief")
    assert PHONES[0] in said(asks(browser, url, _key=key))
    again = asks(browser, url, _key=key)
    assert again.status_code == 422
    assert PHONES[0] not in said(again)
    assert len(views()) == 1


@pytest.mark.parametrize("column", ["anyone", "owner", "inspector_b", "data", "admin"])
def test_who_may_not_never_gets_the_whole_value(column, batch, sign_in):
    refused = Quarantined.objects.get(row=3)
    for at, field in (
        (f"record:{Record.objects.get().pk}", "contact"),
        (f"row:{batch.pk}:1", "联系电话"),
        (f"refused:{refused.pk}", "账号"),
        (f"file:{batch.pk}", ""),
    ):
        response = asks(sign_in(column), address(at, field))
        assert response.status_code in {302, 403, 404}
        assert not any(word in said(response) for word in PLANTED)
    assert views() == []


@pytest.mark.parametrize(
    ("at", "field"),
    [
        ("record:9999", "contact"),
        ("row:1:99999", "x"),
        ("refused:x", ""),
        ("", ""),
        ("file:²", ""),
    ],
)
def test_what_is_not_there_is_missing(at, field, batch, sign_in):
    assert sign_in("chief").get(address(at, field)).status_code == 404


def test_what_is_not_personal_is_not_asked_for(batch, sign_in):
    browser = sign_in("chief")
    assert browser.get(address(f"row:{batch.pk}:1", "名称")).status_code == 404
    assert browser.get(address(f"record:{Record.objects.get().pk}", "document")).status_code == 404


def test_the_administrator_finds_every_look_by_person_subject_and_day(batch, sign_in, cast):
    record = Record.objects.get()
    asks(sign_in("chief"), address(f"record:{record.pk}", "contact"))
    asks(sign_in("city"), address(f"row:{batch.pk}:2", "账号"))
    browser = sign_in("admin")
    page = reverse("personal-views")

    def found(query: str = "") -> tuple[bool, bool]:
        text = said(browser.get(page + query))
        assert not any(word in text for word in PLANTED)
        rows = text.partition("<tbody")[2]
        return ("章科" in rows, "史诚" in rows)

    assert found() == (True, True)
    assert REASON in said(browser.get(page))
    assert found("?person=章") == (True, False)
    assert found(f"?subject={record.subject_id}") == (True, False)
    day = Leaf.objects.filter(kind="personal.viewed").first().at.astimezone().date().isoformat()
    assert found(f"?day_from={day}&day_to={day}") == (True, True)
    assert found("?day_to=2001-01-01") == (False, False)
    assert sign_in("chief").get(page).status_code == 403
    assert REASON in json.dumps(views(), ensure_ascii=False)
