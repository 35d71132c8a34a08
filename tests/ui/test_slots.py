"""Rooms add to a page they do not know; one room's fault is shown as 未取得 and takes nobody else with it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines

from shiheng.ui import slots
from shiheng.ui.slots import Fragment, MenuItem

WHO = SimpleNamespace(may=lambda power: power != "secret")


@pytest.fixture(autouse=True)
def _own_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_slots", {})


def test_fillings_stand_in_their_order_whoever_was_loaded_first() -> None:
    slots.fill("p", "later", "后", lambda who, key: "乙", order=20)
    slots.declare("p", "面板")
    slots.fill("p", "first", "先", lambda who, key: Fragment("甲", count=0, href="/x"), order=10)
    assert [(f.code, f.html, f.count) for f in slots.fragments("p", WHO, 1)] == [
        ("first", "甲", 0),
        ("later", "乙", None),
    ]


def test_a_room_with_nothing_to_say_is_left_out_and_one_that_fails_says_so(caplog: pytest.LogCaptureFixture) -> None:
    def broken(who: Any, key: Any) -> str:
        raise RuntimeError("no table")

    slots.declare("p", "面板")
    slots.fill("p", "quiet", "静", lambda who, key: None)
    slots.fill("p", "broken", "坏", broken)
    slots.fill("p", "fine", "好", lambda who, key: "有")
    assert [(f.code, f.failed) for f in slots.fragments("p", WHO)] == [("broken", True), ("fine", False)]
    assert "filling broken failed" in caplog.text
    page = engines["django"].from_string('{% load ui %}{% slot "p" 3 %}').render({})
    assert "未取得" in page
    assert "有" in page


def test_one_code_cannot_be_filled_by_two_functions() -> None:
    slots.fill("p", "a", "甲", print)
    slots.fill("p", "a", "甲", print)
    with pytest.raises(ValueError, match="already"):
        slots.fill("p", "a", "甲", repr)


def test_a_slot_nobody_shows_is_found() -> None:
    slots.declare("shown", "面板")
    slots.fill("misspelt", "a", "甲", print)
    assert slots.undeclared() == ["misspelt"]


def test_the_menu_shows_what_one_may_open_and_where_one_is() -> None:
    items = [
        MenuItem("组件", "样例", "ui-gallery", 20, count=lambda who: 5),
        MenuItem("组件", "秘密", "ui-table", 30, power="secret"),
        MenuItem("组件", "未建", "no-such-page", 40),
        MenuItem("本人", "外观", "ui-face", 10),
    ]
    sections = slots.menu(items, WHO, "/ui/face/x/")
    assert [s.title for s in sections] == ["本人", "组件"]
    assert [(e.title, e.count, e.current) for s in sections for e in s.entries] == [
        ("外观", None, True),
        ("样例", 5, False),
    ]
