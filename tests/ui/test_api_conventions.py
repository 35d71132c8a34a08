"""The machine interface: one shape of error, bounded pages by cursor, a key for each write."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st
from ninja import NinjaAPI, Schema
from ninja.testing import TestClient

from shiheng.accounts.models import Office
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ui import api as conventions
from shiheng.ui.api import PageIn, PageOut, PageQuery, idempotency_key, make, page_of


class OfficeOut(Schema):
    code: str


@pytest.fixture
def client() -> Iterator[TestClient]:
    api = make(title="t", version="1", description="d", namespace=f"test-{uuid.uuid4()}")

    @api.get("/offices", response=PageOut[OfficeOut])
    def offices(request: HttpRequest, page: PageQuery) -> Any:
        found = page_of(Office.objects.all(), page, by=("kind", "pk"))
        return {"items": found.rows, "next": found.next}

    @api.post("/offices")
    def add(request: HttpRequest, item: OfficeOut) -> Any:
        key = idempotency_key(request)
        if item.code == "taken":
            raise Conflict("office.taken", "机构代码已有人使用。", office=item.code)
        return {"key": str(key)}

    NinjaAPI._registry = []
    yield TestClient(api)
    NinjaAPI._registry = []


@pytest.fixture
def seven(db: None) -> None:
    for n in range(7):
        Office.objects.create(code=str(n), title="x", kind="station" if n % 2 else "city", path=f"{n}.")


def test_pages_follow_one_another_without_gap_or_repeat_though_rows_come_in(client: TestClient, seven: None) -> None:
    seen, cursor = [], ""
    for _ in range(4):
        page = client.get(f"/offices?limit=3&cursor={cursor}").json()
        seen += [i["code"] for i in page["items"]]
        Office.objects.create(code=f"a{len(seen)}", title="x", kind="area", path=f"a{len(seen)}.")
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["0", "2", "4", "6", "1", "3", "5"]


def test_descending_pages_too(seven: None) -> None:
    first = page_of(Office.objects.all(), PageIn(limit=5), by=("pk",), descending=True)
    rest = page_of(Office.objects.all(), PageIn(limit=5, cursor=first.next or ""), by=("pk",), descending=True)
    assert [o.code for o in (*first.rows, *rest.rows)] == list("6543210")
    assert rest.next is None


@pytest.mark.parametrize("limit", ["0", "201", "999999999999", "-1", "many"])
def test_a_limit_without_bound_is_refused(client: TestClient, seven: None, limit: str) -> None:
    response = client.get(f"/offices?limit={limit}")
    assert response.status_code == 422
    (error,) = response.json()["details"]["errors"]
    assert error["where"].endswith("limit")
    assert any("\u4e00" <= c <= "\u9fff" for c in error["message"])


@given(st.text(max_size=60))
def test_no_cursor_of_ones_own_making_breaks_anything(cursor: str) -> None:
    with pytest.raises(Refused, match="cursor"):
        conventions._read(cursor, 5)


VALUES = st.one_of(
    st.integers(-(2**62), 2**62),
    st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    st.dates(),
    st.datetimes(),
)


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_a_cursor_comes_back_as_it_went(values: list[Any]) -> None:
    assert conventions._read(conventions._write(values), len(values)) == values


def test_errors_have_one_shape(client: TestClient, seven: None) -> None:
    taken = client.post("/offices", json={"code": "taken"}, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert taken.status_code == 409
    assert taken.headers["Content-Type"] == "application/problem+json"
    assert taken.json()["detail"] == "机构代码已有人使用。"
    wrong = client.post("/offices", json={})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    broken = client.post("/offices", data="{", content_type="application/json")
    assert (broken.status_code, broken.json()["detail"]) == (400, "请求不是有效的 JSON。")


@pytest.mark.parametrize(("headers", "code"), [({}, "missing"), ({"Idempotency-Key": "1"}, "invalid")])
def test_a_write_without_its_key_is_refused(client: TestClient, headers: dict[str, str], code: str) -> None:
    response = client.post("/offices", json={"code": "x"}, headers=headers)
    assert response.json()["code"] == f"idempotency_key.{code}"


def test_the_key_is_read_from_its_header(client: TestClient) -> None:
    key = str(uuid.uuid4())
    assert client.post("/offices", json={"code": "x"}, headers={"Idempotency-Key": f'"{key}"'}).json() == {"key": key}
