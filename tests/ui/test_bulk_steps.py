"""A step for many rows shows first who would be refused and why, and changes nothing until it is confirmed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest

from shiheng.accounts.models import Office
from shiheng.kernel.errors import Refused
from shiheng.ui.tables import Column, Listing, Step, StepPreview, Table

Ask = Callable[..., HttpRequest]


@pytest.fixture
def done() -> list[tuple[list[Any], str]]:
    return []


@pytest.fixture
def read(ask: Ask, db: None, done: list[tuple[list[Any], str]]) -> Callable[..., Listing]:
    for n in range(1, 7):
        Office.objects.create(code=f"{n}", title=f"第{n}所", kind="station", path=f"1.{n}.", established_posts=n)

    def preview(who: Any, rows: list[Office]) -> StepPreview:
        return StepPreview(
            [(r.pk, r.title) for r in rows if r.established_posts < 3],
            [(r.pk, r.title, "编制过多") for r in rows if r.established_posts >= 3],
        )

    def apply(who: Any, ids: list[Any], key: str) -> str:
        done.append((ids, key))
        return f"已撤销 {len(ids)} 个。"

    table = Table("o", "机构", [Column("title", "名称")], steps=[Step("close", "撤销", preview, apply)])

    def make(**post: Any) -> Listing:
        return table.read(ask("/list/?sort=x", post=post), Office.objects.filter(established_posts__lt=6))

    return make


def ids(*numbers: int) -> list[str]:
    return [str(Office.objects.get(code=str(n)).pk) for n in numbers]


def test_the_preview_names_the_refused_with_their_reason_and_changes_nothing(read: Any, done: list[Any]) -> None:
    response = read(_step="close", _chosen=ids(1, 3)).step_response()
    page = response.content.decode()
    assert "可以撤销的 1 条" in page
    assert "编制过多" in page
    assert done == []


def test_confirming_applies_only_to_the_accepted(read: Any, done: list[Any]) -> None:
    key = str(uuid.uuid4())
    response = read(_step="close", _chosen=ids(1, 2, 3), _confirmed="1", _key=key).step_response()
    assert response.status_code == 302
    assert [([str(i) for i in given], used) for given, used in done] == [(ids(1, 2), key)]


def test_a_row_outside_the_list_is_refused_like_one_that_is_not_there(read: Any, done: list[Any]) -> None:
    page = read(_step="close", _chosen=[*ids(6), "99999", "x'--"]).step_response().content.decode()
    assert page.count("不在您的列表中") == 3
    assert done == []


@pytest.mark.parametrize(
    ("post", "said"),
    [
        ({"_step": "close"}, "还没有选中"),
        ({"_step": "burn", "_chosen": ["1"]}, "没有这个批量步骤"),
        ({"_step": "close", "_chosen": [str(n) for n in range(201)]}, "一次最多"),
        ({"_step": "close", "_chosen": ["99999"], "_confirmed": "1", "_key": "x"}, "没有做任何更改"),
    ],
)
def test_what_cannot_be_done_is_told(read: Any, done: list[Any], post: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(**post).step_response()
    assert done == []


def test_a_confirmation_without_its_key_is_refused(read: Any, done: list[Any]) -> None:
    with pytest.raises(Refused, match="防重编号"):
        read(_step="close", _chosen=ids(1), _confirmed="1", _key="again").step_response()
    assert done == []
