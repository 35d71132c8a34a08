"""The bureau draws its own boundary of discretion: proposed, seen first, decided by another, used from its day on."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.boundaries import actions, definition, queries
from shiheng.catalogue.boundaries.models import Boundary
from shiheng.catalogue.discretion import APL, calculate
from shiheng.catalogue.violations import VIOLATIONS, Violation
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger.models import Leaf

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
DAY = date(2026, 11, 20)
CODE = "food.unlicensed"
WAN = 10_000 * 100


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.standing_at(DAY):
        yield


@pytest.fixture
def two(cast: SimpleNamespace) -> tuple[Who, Who]:
    """Who proposes and who decides."""
    return cast.who("chief"), cast.who("city")


def content(**changed: Any) -> dict[str, Any]:
    return {**definition.content_of(queries.shipped(), queries.shipped()), "lighter": 20, "general": 60, **changed}


def drafted(who: Who, **changed: Any) -> Boundary:
    given: dict[str, Any] = {
        "violation": CODE,
        "content": content(),
        "instrument": "云市监〔2026〕21号",
        "article": "第五条",
        "reason": "本地食品摊贩多，小额案件占七成",
        "in_force_from": DAY,
    }
    return actions.draft(who, **{**given, **changed})


def published(two: tuple[Who, Who], **changed: Any) -> Boundary:
    return actions.publish(two[1], drafted(two[0], **changed).pk, text_read=True)


def test_it_counts_from_its_day_for_its_violation_only(two: tuple[Who, Who]) -> None:
    row = published(two, in_force_from=DAY + timedelta(days=10))
    assert queries.used(CODE, on=DAY + timedelta(days=9)).local is None
    used = queries.used(CODE, on=DAY + timedelta(days=10))
    assert used.local is not None
    assert (used.local.number, used.local.office) == (row.pk, "云泽市市场监督管理局")
    assert used.scale.bands["general"] == (Fraction(1, 5), Fraction(3, 5))
    assert str(used.scale.basis) == "《云市监〔2026〕21号》第五条"
    assert queries.used("drugs.unlicensed", on=DAY + timedelta(days=10)).local is None


def test_the_calculation_divides_by_it(two: tuple[Who, Who]) -> None:
    published(two)
    held: Violation = registry.find(VIOLATIONS, CODE, on=DAY)
    found = calculate(held, queries.used(CODE).scale, sums={"goods": WAN})
    assert (found.low, found.high) == (12 * WAN, 16 * WAN)  # of ten to twenty times
    assert any("云市监〔2026〕21号" in str(step.basis) for step in found.steps)


def test_a_circumstance_the_law_does_not_weigh_gets_the_bureau_s_weight(two: tuple[Who, Who]) -> None:
    effects = {**content()["effects"], "cooperated": "less", "minors": "off"}
    published(two, content=content(effects=effects))
    scale = queries.used(CODE).scale
    held: Violation = registry.find(VIOLATIONS, CODE, on=DAY)
    found = calculate(held, scale, sums={"goods": WAN}, factors=["cooperated"])
    assert found.open == ("lighter", "reduced")
    with pytest.raises(Refused):
        calculate(held, scale, sums={"goods": WAN}, factors=["minors"])


@pytest.mark.parametrize(
    "changed",
    [
        {"lighter": 60, "general": 60},
        {"lighter": 0},
        {"general": 100},
        {"effects": {"removed_harm": "heavier"}},
        {"effects": {"cooperated": "must_none"}},
        {"effects": {"no_such": "less"}},
    ],
)
def test_what_divides_nothing_or_only_the_law_may_say_is_refused(changed: dict[str, Any], two: tuple[Who, Who]) -> None:
    with pytest.raises(Refused):
        drafted(two[0], content=content(**changed))
    assert not Boundary.objects.exists()


def test_no_circumstance_of_the_penalty_law_is_offered() -> None:
    assert {factor.basis.instrument for factor in definition.adjustable(queries.shipped())}.isdisjoint({APL})


def test_nothing_counts_before_somebody_else_decided(cast: SimpleNamespace, two: tuple[Who, Who]) -> None:
    row = drafted(two[1])
    assert queries.used(CODE).local is None
    with pytest.raises(Refused, match="不同的人"):
        actions.publish(two[1], row.pk)
    with pytest.raises(Forbidden):
        actions.publish(two[0], row.pk)
    assert queries.used(CODE).local is None
    with pytest.raises(Forbidden):
        drafted(cast.who("inspector_b"))


def test_what_changes_nothing_is_refused(two: tuple[Who, Who]) -> None:
    with pytest.raises(Refused, match="没有任何变化"):
        drafted(two[0], content=content(lighter=30, general=70))
    published(two)
    with pytest.raises(Refused, match="没有任何变化"):
        drafted(two[0])


def test_a_boundary_over_another_one_is_noticed(two: tuple[Who, Who]) -> None:
    late = drafted(two[0], content=content(lighter=25))
    published(two)
    with pytest.raises(Conflict, match="又有变化"):
        actions.publish(two[1], late.pk)


def test_undone_it_no_longer_counts_but_what_was_known_stays(two: tuple[Who, Who]) -> None:
    row = published(two)
    with pytest.raises(Refused):
        actions.undo(two[1], row.pk, reason=" ")
    with clock.standing_at(DAY + timedelta(days=10)):
        actions.undo(two[1], row.pk, reason="文件被废止")
        assert queries.used(CODE).local is None
        assert queries.used(CODE, on=DAY, known=DAY).local is not None
        assert queries.used(CODE, on=DAY, known=DAY - timedelta(days=1)).local is None
        assert queries.used(CODE, on=DAY, known=DAY + timedelta(days=10)).local is None
    assert Boundary.objects.get().undone_why == "文件被废止"


def test_the_later_one_holds(two: tuple[Who, Who]) -> None:
    published(two)
    later = published(two, content=content(lighter=25), in_force_from=DAY + timedelta(days=5))
    assert queries.used(CODE, on=DAY).scale.bands["lighter"][1] == Fraction(1, 5)
    used = queries.used(CODE, on=DAY + timedelta(days=5))
    assert used.local is not None
    assert (used.local.number, used.scale.bands["lighter"][1]) == (later.pk, Fraction(1, 4))


def test_a_second_click_drafts_once_and_every_step_is_on_record(two: tuple[Who, Who]) -> None:
    key, decided = uuid4(), uuid4()
    first = drafted(two[0], key=key)
    assert drafted(two[0], key=key).pk == first.pk
    actions.publish(two[1], first.pk, key=decided)
    assert actions.publish(two[1], first.pk, key=decided).state == "published"
    assert drafted(two[0], key=key).pk == first.pk
    kinds = list(Leaf.objects.filter(subject=f"violation:{CODE}").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["boundary.drafted", "boundary.published"]


def test_given_back_it_is_proposed_anew(two: tuple[Who, Who]) -> None:
    row = drafted(two[0])
    actions.give_back(two[1], row.pk, reason="依据不足")
    with pytest.raises(Conflict):
        actions.publish(two[1], row.pk)
    assert published(two).state == "published"


# -- pages


def post(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **given})


def asked(**changed: Any) -> dict[str, Any]:
    effects = {f"effect_{code}": effect for code, effect in content()["effects"].items()}
    return {
        "lighter": "20", "general": "60", "instrument": "云市监〔2026〕21号", "article": "", "reason": "小额案件多",
        "in_force_from": DAY.isoformat(), **effects, **changed,
    }  # fmt: skip


def test_it_is_proposed_seen_decided_used_and_undone_on_pages(sign_in: Browser) -> None:
    chief, city = sign_in("chief"), sign_in("city")
    page = reverse("violation", args=[CODE])
    address = reverse("boundary-draft", args=[CODE])
    assert address in chief.get(page).content.decode()
    assert address not in sign_in("clerk").get(page).content.decode()
    shown = post(chief, address, **asked(effect_cooperated="off"))
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "将改变的内容" in text
    assert "货值金额的 10 至 12 倍" in text
    assert "不作为情节" in text
    assert not Boundary.objects.exists()
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen is not None
    other = post(chief, address, **asked(lighter="25", effect_cooperated="off"), seen=seen[1])
    assert other.status_code == 200
    assert "货值金额的 10 至 12.5 倍" in other.content.decode()
    assert not Boundary.objects.exists()
    sent = post(chief, address, **asked(effect_cooperated="off"), seen=seen[1])
    row = Boundary.objects.get()
    assert sent["Location"] == reverse("boundary", args=[row.pk])
    assert row.title in chief.get(reverse("boundaries")).content.decode()
    publish = reverse("boundary-step", args=[row.pk, "publish"])
    assert "同意并公布" not in chief.get(sent["Location"]).content.decode()
    assert "您的岗位不能办理这一步" in post(chief, publish).content.decode()
    offered = city.get(sent["Location"]).content.decode()
    assert "同意并公布" in offered
    assert "货值金额的 10 至 12 倍" in offered
    assert post(city, publish, opinion="同意", text_read="1").status_code == 302
    worked = post(chief, page, goods="10000", stage="first", grade="").content.decode()
    assert "云泽市市场监督管理局自定的分界" in worked
    assert "120,000.00" in worked
    before = post(chief, page, goods="10000", stage="first", grade="", day="2026-11-19").content.decode()
    assert "随平台提供的分界" in before
    assert "130,000.00" in before
    undone = post(city, reverse("boundary-step", args=[row.pk, "undo"]), opinion="")
    assert "请写明理由" in undone.content.decode()
    assert post(city, reverse("boundary-step", args=[row.pk, "undo"]), opinion="文件废止").status_code == 302
    after = post(chief, page, goods="10000", stage="first", grade="").content.decode()
    assert "130,000.00" in after
    assert "已撤销" in after


def test_whoever_proposed_does_not_decide(sign_in: Browser, cast: SimpleNamespace) -> None:
    row = drafted(cast.who("city"))
    city = sign_in("city")
    refused = post(city, reverse("boundary-step", args=[row.pk, "publish"]), opinion="")
    assert refused.status_code == 422
    assert "不同的人" in refused.content.decode()
    account = Account.objects.create(username="ju", name="局领", created_at=clock.now(), password="!")
    Post.objects.create(account=account, office=Office.objects.get(path="4499."), role="city_official", since=DAY)
    assert actions.publish(who_of(account), row.pk).state == "published"


def test_a_faulty_proposal_is_shown_back_with_its_sentence(sign_in: Browser) -> None:
    address = reverse("boundary-draft", args=[CODE])
    chief = sign_in("chief")
    wrong = post(chief, address, **asked(lighter="70", general="60"))
    assert wrong.status_code == 422
    assert "一般的上限须大于从轻的上限" in wrong.content.decode()
    same = post(chief, address, **asked(lighter="30", general="70"))
    assert "没有任何变化" in same.content.decode()
    assert not Boundary.objects.exists()


@pytest.mark.parametrize(("day", "said"), [("2001-01-01", "尚无施行的条文"), ("不是日期", "日期")])
def test_a_day_without_law_is_told(day: str, said: str, sign_in: Browser) -> None:
    page = post(
        sign_in("clerk"), reverse("violation", args=[CODE]), goods="10000", stage="first", grade="", day=day
    )  # fmt: skip
    assert page.status_code == 422
    assert said in page.content.decode()
