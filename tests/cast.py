"""The people of the invented city 云泽市 who walk through tests: one of each role, in two districts.

``cast`` gives their accounts by column name of the access tables; ``sign_in("chief")`` gives a browser of theirs.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

PASSWORD = "Shiheng@2026"
SINCE = date(2024, 1, 1)

# (code, title, kind, path, town); a parent is the path without its last step
OFFICES = (
    ("449900", "云泽市市场监督管理局", "city", "4499.", ""),
    ("449901", "云泽市临江区市场监督管理局", "district", "4499.01.", ""),
    ("44990101", "临江区市场监督管理局江口监管所", "station", "4499.01.01.", "江口街道"),
    ("44990102", "临江区市场监督管理局柳岸监管所", "station", "4499.01.02.", "柳岸镇"),
    ("449902", "云泽市望湖区市场监督管理局", "district", "4499.02.", ""),
    ("44990201", "望湖区市场监督管理局湖东监管所", "station", "4499.02.01.", "湖东街道"),
)


@dataclass(frozen=True)
class Person:
    """One of the cast: the column of the access tables, the login, the name, and the post (role, office path)."""

    column: str
    username: str
    name: str
    role: str = ""
    office: str = ""


PEOPLE = (
    Person("owner", "laoban", "劳板"),
    Person("clerk", "chuang", "李窗", "window_clerk", "4499.01."),
    Person("chief", "zhang", "章科", "section_chief", "4499.01."),
    Person("inspector_b", "cha", "查宁", "inspector", "4499.02."),
    Person("city", "shi", "史诚", "city_official", "4499."),
    Person("data", "shuju", "舒据", "data_officer", "4499.01."),
    Person("admin", "guanli", "管立", "administrator", "4499."),
)
COLUMNS = ("anyone", *(person.column for person in PEOPLE))


@pytest.fixture
def offices(db: None) -> "dict[str, Any]":
    """The offices by path."""
    from shiheng.accounts.models import Office

    made: dict[str, Any] = {}
    for code, title, kind, path, town in OFFICES:
        parent = made.get(path[: path[:-1].rfind(".") + 1])
        made[path] = Office.objects.create(code=code, title=title, kind=kind, path=path, town=town, parent=parent)
    return made


@pytest.fixture
def cast(offices: "dict[str, Any]") -> SimpleNamespace:
    """``cast.chief`` … are accounts; ``cast.who("chief")`` is the same person as a request sees them."""
    from django.utils import timezone

    from shiheng.accounts.models import Account, Post

    people: dict[str, Any] = {}
    for person in PEOPLE:
        account = Account(
            username=person.username,
            name=person.name,
            kind="officer" if person.role else "enterprise",
            created_at=timezone.now(),
        )
        account.set_password(PASSWORD)
        account.save()
        if person.role:
            Post.objects.create(account=account, office=offices[person.office], role=person.role, since=SINCE)
        people[person.column] = account

    def who(column: str) -> Any:
        from shiheng.accounts.permissions import ANYONE
        from shiheng.accounts.queries import who_of

        return ANYONE if column == "anyone" else who_of(people[column])

    return SimpleNamespace(**people, who=who)


@pytest.fixture
def sign_in(cast: SimpleNamespace) -> "Callable[[str], Client]":
    """A browser of one of the cast, signed in; ``sign_in("anyone")`` is a citizen's."""
    from django.test import Client

    def browser(column: str) -> Client:
        client = Client()
        if column != "anyone":
            client.force_login(getattr(cast, column))
        return client

    return browser
