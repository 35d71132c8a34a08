"""The bureau changes its list: drafted, checked, approved, published by different people, undone with its reason."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.catalogue.powers import actions, queries
from shiheng.catalogue.powers.models import PowerChange
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger.models import Leaf

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
CODE = "food.expired"


@pytest.fixture
def people(cast: SimpleNamespace) -> Callable[[str, str], Who]:
    """Officers beside the cast: four eyes need more than two of a kind."""

    def made(name: str, role: str) -> Who:
        account = Account.objects.create(username=name, name=name, created_at=clock.now(), password="!")
        Post.objects.create(account=account, office=Office.objects.get(path="4499."), role=role, since=date(2024, 1, 1))
        return who_of(account)

    return made


@pytest.fixture
def three(cast: SimpleNamespace, people: Callable[[str, str], Who]) -> tuple[Who, Who, Who]:
    """Who drafts, who checks, who decides."""
    return cast.who("chief"), people("fa", "section_chief"), cast.who("city")


def drafted(who: Who, **changed: Any) -> PowerChange:
    given: dict[str, Any] = {
        "what": "amend",
        "power": CODE,
        "content": {"promised": "60cd"},
        "trigger": "reform",
        "instrument": "云市监〔2026〕8号",
        "reason": "压减办理时间",
        "in_force_from": DAY,
    }
    return actions.draft(who, **{**given, **changed})


def publish(three: tuple[Who, Who, Who], **changed: Any) -> PowerChange:
    drafter, checker, head = three
    row = drafted(drafter, **changed)
    actions.check(checker, row.pk, opinion="合法")
    actions.approve(head, row.pk)
    return actions.publish(head, row.pk)


def test_a_change_counts_from_its_day_once_it_is_published(three: tuple[Who, Who, Who]) -> None:
    with clock.standing_at(DAY - timedelta(days=3)):
        row = publish(three)
        assert row.state == "published"
    assert queries.entry(CODE, on=DAY - timedelta(days=1)).power.promised == ""
    held = queries.entry(CODE, on=DAY)
    assert (held.power.promised, held.status, held.change) == ("60cd", "amend", row.pk)


def test_nothing_counts_before_it_is_published(three: tuple[Who, Who, Who]) -> None:
    drafter, checker, head = three
    row = drafted(drafter)
    for step in (None, lambda: actions.check(checker, row.pk, opinion=""), lambda: actions.approve(head, row.pk)):
        if step:
            step()
        assert queries.entry(CODE, on=DAY).status == "kept"


def test_who_did_one_step_may_not_do_the_next(
    cast: SimpleNamespace, three: tuple[Who, Who, Who], people: Callable[[str, str], Who]
) -> None:
    drafter, _checker, head = three
    row = drafted(drafter)
    with pytest.raises(Refused, match="不同的人"):
        actions.check(drafter, row.pk, opinion="")
    actions.check(head, row.pk, opinion="")
    with pytest.raises(Refused, match="不同的人"):
        actions.approve(head, row.pk)
    actions.approve(people("ju", "city_official"), row.pk)
    with pytest.raises(Refused, match="不同的人"):
        actions.publish(head, row.pk)


def test_steps_are_for_those_whose_post_gives_them(cast: SimpleNamespace, three: tuple[Who, Who, Who]) -> None:
    drafter, checker, _head = three
    with pytest.raises(Forbidden):
        drafted(cast.who("inspector_b"))
    row = drafted(drafter)
    actions.check(checker, row.pk, opinion="")
    with pytest.raises(Forbidden):
        actions.approve(checker, row.pk)


def test_steps_go_in_their_order(three: tuple[Who, Who, Who]) -> None:
    drafter, _checker, head = three
    row = drafted(drafter)
    with pytest.raises(Conflict):
        actions.approve(head, row.pk)
    with pytest.raises(Conflict):
        actions.publish(head, row.pk)


def test_the_list_as_known_on_a_day_knows_neither_later_changes_nor_later_undoing(three: tuple[Who, Who, Who]) -> None:
    published, undone = DAY, DAY + timedelta(days=10)
    with clock.standing_at(published):
        row = publish(three)
    with clock.standing_at(undone):
        actions.undo(three[2], row.pk, reason="文件被废止")
    assert queries.entry(CODE, on=DAY, known=published - timedelta(days=1)).status == "kept"
    assert queries.entry(CODE, on=DAY, known=published).status == "amend"
    assert queries.entry(CODE, on=DAY, known=undone - timedelta(days=1)).status == "amend"
    assert queries.entry(CODE, on=DAY, known=undone).status == "kept"
    assert queries.entry(CODE, on=DAY).status == "kept"


def test_undoing_needs_a_reason_and_leaves_the_row(three: tuple[Who, Who, Who]) -> None:
    row = publish(three)
    with pytest.raises(Refused):
        actions.undo(three[2], row.pk, reason=" ")
    actions.undo(three[2], row.pk, reason="文件被废止")
    row.refresh_from_db()
    assert (row.state, row.undone_why) == ("undone", "文件被废止")


def test_a_cancelled_power_stays_on_the_list_marked(three: tuple[Who, Who, Who]) -> None:
    publish(three, what="cancel", content={}, trigger="law")
    held = queries.entry(CODE, on=DAY)
    assert (held.status, held.in_force) == ("cancel", False)


def test_a_power_the_lines_do_not_know_is_added(three: tuple[Who, Who, Who]) -> None:
    content = {
        "title": "夜间食品摊贩备案", "kind": "other", "field": "食品", "unit": "食品经营安全监管科", "levels": ["town"],
        "instrument": "云泽市食品摊贩管理办法", "article": "第八条",
    }  # fmt: skip
    publish(three, what="add", power="local.night_market", content=content)
    held = queries.entry("local.night_market", on=DAY)
    assert (held.power.title, held.status, held.power.levels) == ("夜间食品摊贩备案", "add", ("town",))
    with pytest.raises(Refused, match="已有"):
        drafted(three[0], what="add", power="local.night_market", content=content)


def test_a_basis_counts_as_read_only_when_the_checker_says_so(three: tuple[Who, Who, Who]) -> None:
    drafter, checker, head = three
    row = drafted(drafter, content={"article": "第一百二十四条第一款第五项"})
    actions.check(checker, row.pk, opinion="", text_read=True)
    actions.approve(head, row.pk)
    actions.publish(head, row.pk)
    assert queries.entry(CODE, on=DAY).power.basis.verified
    other = publish(three, power="food.label", content={"article": "第一百二十五条第一款"})
    assert not queries.entry(other.power, on=DAY).power.basis.verified


def test_a_change_over_another_change_is_noticed(three: tuple[Who, Who, Who]) -> None:
    drafter, checker, head = three
    late = drafted(drafter, content={"promised": "45cd"})
    publish(three)
    actions.check(checker, late.pk, opinion="")
    actions.approve(head, late.pk)
    with pytest.raises(Conflict, match="又有变化"):
        actions.publish(head, late.pk)


def test_a_change_that_changes_nothing_is_refused(three: tuple[Who, Who, Who]) -> None:
    with pytest.raises(Refused, match="没有任何变化"):
        drafted(three[0], content={"promised": ""})


@pytest.mark.parametrize(
    ("content", "onward", "said"),
    [
        ({"entrusted_to": "市场管理服务中心", "agreement": "", "published_where": "官网"}, False, "书面"),
        ({"entrusted_to": "市场管理服务中心", "agreement": "委〔2026〕1号", "published_where": ""}, False, "公布"),
        ({"entrusted_to": "市场管理服务中心", "agreement": "委〔2026〕1号", "published_where": "官网"}, True, "再委托"),
        ({"entrusted_to": "", "agreement": "委〔2026〕1号", "published_where": "官网"}, False, "名称"),
    ],
)
def test_a_penalty_is_entrusted_in_writing_in_public_and_not_onward(
    content: dict[str, str], onward: bool, said: str, three: tuple[Who, Who, Who]
) -> None:
    with pytest.raises(Refused, match=said):
        drafted(three[0], what="entrust", content=content, onward=onward, ends=DAY + timedelta(days=300))


def test_an_entrustment_ends_on_its_day(three: tuple[Who, Who, Who]) -> None:
    content = {"entrusted_to": "市场管理服务中心", "agreement": "委〔2026〕1号", "published_where": "官网公告栏"}
    publish(three, what="entrust", content=content, ends=DAY + timedelta(days=30))
    assert queries.entry(CODE, on=DAY + timedelta(days=30)).entrusted_to == "市场管理服务中心"
    assert queries.entry(CODE, on=DAY + timedelta(days=31)).entrusted_to == ""


def test_devolving_names_who_exercises_it(three: tuple[Who, Who, Who]) -> None:
    with pytest.raises(Refused, match="下放"):
        drafted(three[0], what="devolve", power="price.dumping", content={"levels": ["city"]})
    publish(three, what="devolve", power="price.dumping", content={"levels": ["city", "county"]}, trigger="devolution")
    held = queries.entry("price.dumping", on=DAY)
    assert (held.status, held.power.levels) == ("devolve", ("city", "county"))


def test_a_change_shows_first_what_it_touches() -> None:
    kinds = {one.kind: [code for code, _ in one.items] for one in queries.touched_by("food.check")}
    assert "food.catering" in kinds["检查表"]
    kinds = {one.kind: [code for code, _ in one.items] for one in queries.touched_by(CODE)}
    assert kinds["违法行为与裁量"] == ["food.expired"]
    assert kinds["减免责事项"] == ["SP-01"]


def test_a_second_click_drafts_once_and_every_step_is_on_record(three: tuple[Who, Who, Who]) -> None:
    key = uuid4()
    first, second = drafted(three[0], key=key), drafted(three[0], key=key)
    assert first.pk == second.pk
    actions.check(three[1], first.pk, opinion="合法")
    kinds = list(Leaf.objects.filter(subject=f"power:{CODE}").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["power.drafted", "power.checked"]


def test_a_draft_sent_again_after_it_was_published_is_still_the_first(three: tuple[Who, Who, Who]) -> None:
    key = uuid4()
    row = publish(three, key=key)
    assert drafted(three[0], key=key).pk == row.pk


def test_what_is_sent_back_can_be_drafted_anew(three: tuple[Who, Who, Who]) -> None:
    row = drafted(three[0])
    actions.give_back(three[1], row.pk, reason="依据不明")
    with pytest.raises(Conflict):
        actions.check(three[1], row.pk, opinion="")
    assert publish(three).state == "published"
