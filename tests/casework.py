"""The bench of the district: two inspectors, a reviewer, a deputy head and the head; and a case taken through pages."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

BENCH = (
    ("jian", "简勘", "inspector"),
    ("zhen", "甄证", "inspector"),
    ("fa", "法衡", "legal_reviewer"),
    ("fu", "傅衍", "deputy_head"),
    ("ju", "鞠正", "bureau_head"),
)
ELEMENTS = ("主体", "未取得许可", "实际经营", "货值与所得")
CLUE = {
    "summary": "无证经营糕点", "source": "check", "topic": "食品安全", "violation": "food.unlicensed",
    "found_on": "2026-11-20", "place": "江口街道", "story": "不能出示许可证。", "mode": "own", "scope_": "4499.01.",
    "name_party_": "云泽市临江区恒达食品店",
}  # fmt: skip
FOUR = {"evidence": "1", "due": "1", "ours": "1", "not_barred": "1", "handlers": "简勘、甄证"}
INSPECT = {
    "place": "店内",
    "finding": "有糕点待售。",
    "cards": "1",
    "filmed": "1",
    "signed": "已签字",
    "elements": ELEMENTS,
}
CONCLUDE = {"facts": "查实。", "nature": "无证经营。", "goods": "8000", "gains": "1200", "stage": "first",
            "proposal": "没收并罚款。", "legal_relations": "1"}  # fmt: skip
NOTICE = {"penalties": ["2A", "2B"], "fine": "68000", "gains_taken": "1200", "reasons": "依据第一百二十二条。",
          "spoke": "1", "way": "direct", "proof": "回证"}  # fmt: skip
DECIDE = {"penalties": ["2A", "2B"], "fine": "68000", "gains_taken": "1200", "answered": "没有提出。", "remedies": "1"}
SERVE = {"way": "direct", "receiver": "店主", "proof": "回证", "told_publish": "1"}


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])


@dataclass
class Bench:
    """The people of a case at their pages."""

    accounts: dict[str, Any]
    browsers: dict[str, Any] = field(default_factory=dict)

    def at(self, name: str) -> Any:
        """The browser one of them sits at."""
        from django.test import Client

        if name not in self.browsers:
            self.browsers[name] = Client()
            self.browsers[name].force_login(self.accounts[name])
        return self.browsers[name]

    def key(self, name: str) -> str:
        return f"account:{self.accounts[name].pk}"

    def who(self, name: str) -> Any:
        from shiheng.accounts.queries import who_of

        return who_of(self.accounts[name])

    def opens(self, name: str = "jian", code: str = "enforcement.case", **other: Any) -> Any:
        """A file opened through its page."""
        from shiheng.procedures.models import Proceeding

        answer = self.at(name).post(f"/files/new/{code}/", {"_key": str(uuid4()), **CLUE, **other})
        assert answer.status_code == 302, words(answer)[:1500]
        return Proceeding.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))

    def asks(self, name: str, held: Any, step: str, /, **values: Any) -> Any:
        """What the page of a step answers when its form is sent."""
        if name in {"jian", "zhen"}:
            values.setdefault("officers_", self.key("zhen" if name == "jian" else "jian"))
        answer = self.at(name).post(f"/files/{held.pk}/take/{step}/", {"_key": str(uuid4()), **values})
        held.refresh_from_db()
        return answer

    def takes(self, name: str, held: Any, step: str, /, **values: Any) -> Any:
        answer = self.asks(name, held, step, **values)
        assert answer.status_code == 302, words(answer)[:1500]
        return held

    def refused(self, name: str, held: Any, step: str, /, **values: Any) -> str:
        """The page that refuses a step."""
        answer = self.asks(name, held, step, **values)
        assert answer.status_code in {200, 422}, answer.status_code
        return words(answer)

    def to(self, state: str, held: Any = None, **over: Any) -> Any:
        """A case brought on through its pages until it stands there."""
        held = held or self.opens()
        done = set(held.passages.values_list("step", flat=True))
        for name, step, values in (
            ("jian", "verify", {"plan": "现场核查"}), ("fu", "file", FOUR), ("jian", "inspect", INSPECT),
            ("jian", "conclude", CONCLUDE), ("fa", "review", {"kind": "case", "opinion": "同意"}),
            ("jian", "notice", {**NOTICE, "party_": "1"}), ("jian", "quiet", {"how": "written", "party_": "1"}),
            ("ju", "decide", {**DECIDE, "party_": "1"}), ("jian", "serve", {**SERVE, "party_": "1"}),
            ("jian", "pay", {"amount": "69200", "slip": "云财罚 1", "party_": "1"}),
            ("jian", "publish", {"summary": "罚款", "masked": "1", "party_": "1"}),
             ("jian", "settle", {"party_": "1"}), ("fu", "close", {"ground": "performed"}),
            ("jian", "archive", {"number": "2026-处-1", "pages": "60"}),
        ):  # fmt: skip
            if state in {held.state, step}:
                break
            if step in done:
                continue
            self.takes(name, held, step, **{**values, **over.get(step, {})})
        return held


@pytest.fixture
def bench(cast: Any, offices: dict[str, Any]) -> Bench:
    """Those who work on penalty cases, beside the cast."""
    from django.utils import timezone

    from shiheng.accounts.models import Account, Post

    made = {}
    for username, name, role in BENCH:
        account = Account(username=username, name=name, kind="officer", created_at=timezone.now())
        account.set_password("Shiheng@2026")
        account.save()
        Post.objects.create(account=account, office=offices["4499.01."], role=role, since=date(2024, 1, 1))
        made[username] = account
    return Bench(made)
