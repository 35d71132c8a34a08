"""Another department's own person sends its files, takes its subscriptions, sees its own figures, and nothing else."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.queries import who_of
from shiheng.fusion import actions as fusion
from shiheng.fusion import outside
from shiheng.fusion.models import Batch
from shiheng.kernel.errors import Forbidden, Missing
from shiheng.publication.exchange import actions
from tests import factories

pytestmark = pytest.mark.django_db
TAX = "统一社会信用代码,企业名称,税务登记日期,纳税人状态\r\n"


@pytest.fixture
def waibu(offices: Any, clock: Any) -> Account:
    from django.utils import timezone

    office = Office.objects.create(
        code="4499SW", title="云泽市税务局", kind="department", path="4499.D01.", parent=offices["4499."]
    )
    account = Account.objects.create(username="waibu", name="魏步", kind="officer", created_at=timezone.now())
    Post.objects.create(account=account, office=office, role="outside_party", since=date(2026, 1, 1))
    return account


@pytest.fixture
def browser(waibu: Account) -> Client:
    client = Client()
    client.force_login(waibu)
    return client


def content(*rows: tuple[int, str, str]) -> bytes:
    return (TAX + "\r\n".join(f"{factories.uscc(n)},{name},2020-01-01,{state}" for n, name, state in rows)).encode()


def test_only_the_sources_that_name_the_department_are_offered_and_taken(waibu: Account, browser: Client) -> None:
    who = who_of(waibu)
    assert set(outside.own_sources(who)) == {"tax", "tax_abnormal", "tax_arrears"}
    page = browser.get("/outside/send/").content.decode()
    assert "纳税人基础信息" in page
    assert "行政处罚决定" not in page
    with pytest.raises(Forbidden):
        outside.land("penalties", SimpleUploadedFile("x.csv", b"x"), filename="x.csv", who=who)


def test_a_file_sent_from_outside_is_taken_in_and_its_refused_rows_come_back_with_reasons(
    waibu: Account, browser: Client
) -> None:
    rows = content((1, "恒达食品有限公司", "正常"), (2, "老灶台酒楼", "非正常"), (3, "", "正常"))
    file = SimpleUploadedFile("税务.csv", rows)
    sent = browser.post("/outside/send/", {"source": "tax", "file": file, "_key": str(uuid4())}, follow=True)
    batch = Batch.objects.get()
    assert batch.landed_by == "魏步"
    assert batch.scope == "4499."
    fusion.advance(batch.pk)
    batch.refresh_from_db()
    assert (batch.rows_in, batch.accepted, batch.quarantined) == (3, 2, 1)
    page = browser.get(f"/outside/batches/{batch.pk}/").content.decode()
    assert "报送更正后的文件" in page
    export = b"".join(browser.get(f"/outside/batches/{batch.pk}/?export=csv").streaming_content).decode("utf-8-sig")
    assert len(export.strip().splitlines()) == 2
    home = browser.get("/outside/").content.decode()
    assert "税务.csv" in home
    assert sent.status_code == 200


def test_another_departments_files_and_subscriptions_are_not_there(
    waibu: Account, browser: Client, offices: Any
) -> None:
    from io import BytesIO

    from shiheng.accounts.permissions import SYSTEM

    foreign = fusion.land("penalties", BytesIO(b"x"), filename="x.csv", who=SYSTEM, scope="4499.")
    with pytest.raises(Missing):
        outside.batch(who_of(waibu), foreign.pk)
    assert browser.get(f"/outside/batches/{foreign.pk}/").status_code == 404
    other = Office.objects.create(
        code="4499SB", title="云泽市社会保险中心", kind="department", path="4499.D03.", parent=offices["4499."]
    )
    asked = actions.ask(
        SYSTEM, office=other, rule="labour", kinds=["identity"], scope="4499.", way="pull", purpose="x", key=uuid4()
    )
    assert browser.get(f"/exchange/s/{asked.code}/").status_code == 404


def test_the_department_asks_for_a_subscription_and_an_administrator_approves_it(
    waibu: Account, browser: Client, sign_in: Any
) -> None:
    given = {"office": "4499SW", "rule": "tax", "kinds": ["identity"], "scope": "4499.01.", "way": "pull",
             "purpose": "核对纳税人状态", "_key": str(uuid4())}  # fmt: skip
    page = browser.post("/exchange/ask/", given, follow=True).content.decode()
    assert "待批准" in page
    assert "4499sw-1" in browser.get("/outside/").content.decode()
    officer = sign_in("data")
    officer.post("/exchange/s/4499sw-1/approve/", {"_key": str(uuid4())})
    shown = officer.post("/exchange/s/4499sw-1/token/", {"_key": str(uuid4())}).content.decode()
    assert "凭证只在这里显示一次" in shown
    assert "已批准" in browser.get("/exchange/s/4499sw-1/").content.decode()


def test_nothing_else_of_ours_opens(browser: Client, cast: Any) -> None:
    """Every page the desk has that needs a power is shut, but for the department's own."""
    opened = set()
    for name, pattern in _plain(get_resolver().url_patterns):
        view = pattern.callback
        if not getattr(view, "door", "").startswith("needs:"):
            continue
        if browser.get(reverse(name)).status_code == 200:
            opened.add(name)
    assert opened == {"outside-home", "outside-send"}
    assert browser.get("/exchange/").status_code == 403
    assert browser.get("/").url == "/outside/"


def _plain(patterns: list[URLPattern | URLResolver]) -> Any:
    """Addresses without arguments outside the machine interface."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name and "<" not in str(pattern.pattern):
            yield pattern.name, pattern
