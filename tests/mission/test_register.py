"""A department's register becomes one file a business: sent in by a data officer, found and read by a window clerk."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.accounts.territories import territories
from shiheng.fusion.models import Batch, Link
from shiheng.jobs import runner
from shiheng.ledger import actions as ledger
from shiheng.subjects.models import Subject
from tests.factories import uscc

pytestmark = pytest.mark.django_db

SHARED = (
    "主体身份代码,登记状态（中文）,统一社会信用代码,企业名称（字号名称）,住所（登记、个体户经营场所）,"
    "法定代表人(经营者姓名),核准日期（登记、吊销、注销日期）"
)
SLIP = uscc(3)[:-1] + ("1" if uscc(3)[-1] != "1" else "2")
FIRST = f"""{SHARED}
4499010000000001,开业,{uscc(1)},云泽市临江区老灶台小吃店,云泽市临江区江口街道码头路1号,陈立本,2026-1-5
4499010000000002,开业,{uscc(2)},云泽市临江区恒达食品有限公司,云泽市临江区柳岸镇柳堤街2号,"周立新",2026-1-6
4499010000000003,开业,{SLIP},云泽市临江区明德书社,云泽市临江区江口街道书院巷3号,吴明,2026-1-7
"""
SECOND = f"""{SHARED}
4499010000000001,开业,{uscc(1)},云泽市临江区新灶台小吃店,云泽市临江区江口街道码头路1号,郑安,2026-3-2
"""


def text(answer: Any) -> str:
    """A page as its reader sees it: no markup, blanks folded."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client: Client, name: str, content: bytes) -> int:
    """Fill in the form as a browser does, hidden fields and all, and let the worker run; the number of the batch."""
    page = client.get("/sources/send/?source=register").content.decode()
    (form,) = re.findall(r'<form class="form" method="post".*?</form>', page, re.DOTALL)
    assert 'enctype="multipart/form-data"' in form
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = client.post(
        "/sources/send/", {**hidden, "source": "register", "file": SimpleUploadedFile(name, content, "text/csv")}
    )
    assert answer.status_code == 302, text(answer)
    assert "已接收" in text(client.get(answer["Location"]))
    runner.work(until_idle=True)
    return int(answer["Location"].strip("/").rsplit("/", 1)[-1])


@pytest.mark.mission("B01")
def test_a_sent_register_is_one_file_a_business_under_its_code(cast: Any, sign_in: Any, clock: Any) -> None:
    data, clerk = sign_in("data"), sign_in("clerk")
    number = send(data, "商事登记-一月.csv", FIRST.encode("gb18030"))
    batch = text(data.get(f"/batches/{number}/"))
    for said in ("已入档", "来文行数 3", "接受 2", "隔离 1", "GB18030", "校验"):
        assert said in batch, said
    refused = text(data.get(f"/quarantine/?batch={number}"))
    assert SLIP in refused
    assert "共 1 条" in refused

    # The clerk types what the owner says at the window.
    found = clerk.get("/find/", {"q": "老灶台"}).content.decode()
    (address,) = set(re.findall(r'href="(/subjects/\d+/)"', found))
    page = text(clerk.get(f"{address}?tab=registration"))
    for said in (
        "云泽市临江区老灶台小吃店",
        uscc(1),
        "存续",
        "陈立本",
        "码头路1号",
        "商事登记",
        "商事登记-一月.csv",
        "第 1 行",
    ):
        assert said in page, said
    assert set(re.findall(r'href="(/subjects/\d+/)"', clerk.get("/find/", {"q": uscc(1)}).content.decode())) == {
        address
    }

    # Later news: the same business under a new name; the file says what is, what was, and why.
    clock.advance(days=30)
    send(data, "商事登记-三月.csv", b"\xef\xbb\xbf" + SECOND.encode())
    assert Subject.objects.filter(uscc=uscc(1)).count() == 1
    page = text(clerk.get(f"{address}?tab=registration"))
    for said in ("云泽市临江区新灶台小吃店", "郑安", "商事登记-三月.csv", "最近一次报送（2026-12-20）", "老灶台"):
        assert said in page, said
    assert set(re.findall(r'href="(/subjects/\d+/)"', clerk.get("/find/", {"q": "老灶台"}).content.decode())) == {
        address
    }

    # The row it came from is one step away for whoever may read sources, and so is its proof.
    row = text(sign_in("chief").get(f"/batches/{number}/rows/1/"))
    assert "云泽市临江区老灶台小吃店" in row
    ledger.seal()
    assert data.get(f"/batches/{number}/file/").getvalue() == FIRST.encode("gb18030")


def test_the_file_as_known_on_a_day_is_shown_to_the_clerk(cast: Any, sign_in: Any, clock: Any) -> None:
    data, clerk = sign_in("data"), sign_in("clerk")
    send(data, "一月.csv", FIRST.encode())
    clock.advance(days=30)
    send(data, "三月.csv", SECOND.encode())
    subject = Subject.objects.get(uscc=uscc(1))
    before = text(clerk.get(f"/subjects/{subject.pk}/?tab=registration&on=2026-12-19"))
    assert "云泽市临江区老灶台小吃店" in before
    assert "陈立本" in before
    after = text(clerk.get(f"/subjects/{subject.pk}/?tab=registration&on=2026-12-20"))
    assert "云泽市临江区新灶台小吃店" in after


def test_the_sender_of_a_file_sees_every_row_refused_of_it_wherever_it_lies(cast: Any, sign_in: Any) -> None:
    elsewhere = FIRST.replace("临江区江口街道书院巷3号", "望湖区湖东街道书院巷3号").encode()
    number = send(sign_in("data"), "全市.csv", elsewhere)
    assert "共 1 条" in text(sign_in("data").get(f"/quarantine/?batch={number}"))


def test_businesses_lie_with_the_station_of_their_town(cast: Any, sign_in: Any) -> None:
    send(sign_in("data"), "一月.csv", FIRST.encode())
    assert territories().codes["449901"] == "4499.01."
    assert dict(Subject.objects.values_list("uscc", "scope")) == {uscc(1): "4499.01.01.", uscc(2): "4499.01.02."}
    assert "恒达食品" in text(sign_in("clerk").get("/subjects/"))
    assert "恒达食品" not in text(sign_in("inspector_b").get("/subjects/"))


def test_sending_the_same_file_twice_leads_to_the_same_batch(cast: Any, sign_in: Any) -> None:
    data = sign_in("data")
    assert send(data, "a.csv", FIRST.encode()) == send(data, "b.csv", FIRST.encode())
    assert (Batch.objects.count(), Link.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.csv", b"", "空"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "另存为"),
        ("断.csv.gz", b"\x1f\x8b\x08\x00" + bytes(40), "压缩包"),
        ("别的.csv", "甲,乙\n1,2\n".encode(), "缺少必需的列"),
    ],
)
def test_a_file_that_cannot_serve_says_what_to_do_on_its_page(cast: Any, sign_in: Any, name, content, said) -> None:
    data = sign_in("data")
    page = data.get("/sources/send/?source=register").content.decode()
    (form,) = re.findall(r'<form class="form" method="post".*?</form>', page, re.DOTALL)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = data.post("/sources/send/", {**hidden, "source": "register", "file": SimpleUploadedFile(name, content)})
    if answer.status_code == 302:
        runner.work(until_idle=True)
        answer = data.get(unquote(answer["Location"]))
        assert "整批拒收" in text(answer)
        assert said in text(answer)
    else:  # the form itself does not take it
        assert answer.status_code == 422
        assert said in re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_who_may_not_send_is_not_offered_the_form(cast: Any, sign_in: Any) -> None:
    for column, status in (("clerk", 403), ("chief", 403), ("data", 200)):
        assert sign_in(column).get("/sources/send/").status_code == status
