"""Officers are told what is new of the subjects in their territory, of the kinds they chose, and of nothing else."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.queries import who_of
from shiheng.kernel import clock as times
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger.models import Leaf
from shiheng.publication.exchange import actions as exchange
from shiheng.publication.models import Feed, Pushed
from shiheng.publication.pushing import actions, interests, queries
from shiheng.publication.pushing.gathering import NEWS, gather
from shiheng.subjects import changes
from shiheng.subjects.models import Change, Record, Subject, Watch
from tests import factories
from tests.publication.test_exchange import land, subscribe

pytestmark = pytest.mark.django_db
STATION, OTHER_STATION, OTHER_DISTRICT = "4499.01.01.", "4499.01.02.", "4499.02.01."


@pytest.fixture
def officer(cast: Any, offices: Any, clock: Any) -> Any:
    """``officer(name, path)``: an inspector of that office, once the first reading has begun."""
    gather()

    def hire(name: str, path: str, role: str = "inspector") -> Account:
        account = Account.objects.create(username=name, name=name, kind="officer", created_at=times.now())
        Post.objects.create(account=account, office=offices[path], role=role, since=date(2026, 1, 1))
        return account

    return hire


def written(subject: Subject, kind: str = "penalty", *, scope: str | None = None, **columns: Any) -> Record:
    """A record enters the file as fusion writes it: with its line in the log."""
    at = subject.scope if scope is None else scope
    row = factories.record(subject, kind, day=columns.pop("day", times.today()), scope=at, **columns)
    told(row, added=True)
    return row


def told(row: Record, *, added: bool = False) -> None:
    changes.write([(row.subject_id, row.kind, f"{row.source}:{row.key}", row.scope, added)])


def pushed(account: Account) -> list[tuple[str, str]]:
    return [(row.kind, row.action) for row in queries.visible_to(who_of(account)).order_by("pk")]


def test_a_new_fact_goes_to_the_officers_of_its_territory_and_to_no_others(officer: Any) -> None:
    mine, near, far = officer("ding", STATION), officer("bian", OTHER_STATION), officer("yuan", OTHER_DISTRICT)
    district = officer("qu", "4499.01.")
    written(factories.subject(scope=STATION), title="未按规定公示")
    gather()
    assert pushed(mine) == pushed(district) == [("penalty", "new")]
    assert pushed(near) == pushed(far) == []
    row = queries.visible_to(who_of(mine)).get()
    assert (row.title, row.pushed_on, row.read_on, row.office.path) == ("未按规定公示", times.today(), None, STATION)


def test_nobody_is_told_twice_and_a_change_is_told_as_one(officer: Any) -> None:
    mine = officer("ding", STATION)
    row = written(factories.subject(scope=STATION))
    gather()
    assert gather() == 0
    Record.objects.filter(pk=row.pk).update(state="已执行")
    told(row)
    gather()
    Record.objects.filter(pk=row.pk).update(gone_on=times.today())
    told(row)
    gather()
    assert pushed(mine) == [("penalty", "new"), ("penalty", "changed"), ("penalty", "gone")]


def test_who_moves_away_is_told_of_in_both_territories(officer: Any) -> None:
    here, there = officer("ding", STATION), officer("bian", OTHER_STATION)
    subject = factories.subject(scope=STATION)
    row = written(subject)
    gather()
    Record.objects.filter(pk=row.pk).update(scope=OTHER_STATION)
    changes.write([(subject.pk, "penalty", "register:1", scope, False) for scope in (STATION, OTHER_STATION)])
    gather()
    assert pushed(here) == [("penalty", "new"), ("penalty", "gone")]
    assert pushed(there) == [("penalty", "changed")]


def test_what_lies_long_back_is_no_news_until_it_changes(officer: Any) -> None:
    mine = officer("ding", STATION)
    subject = factories.subject(scope=STATION)
    old = written(subject, key="old", day=times.today() - NEWS - timedelta(days=1))
    written(subject, key="fresh", day=times.today() - NEWS + timedelta(days=1))
    gather()
    assert [row.key for row in Pushed.objects.filter(account=mine)] == ["register:fresh"]
    Record.objects.filter(pk=old.pk).update(state="已撤销")
    told(old)
    gather()
    assert Pushed.objects.filter(account=mine, key="register:old", action="changed", state="已撤销").count() == 1


def test_the_register_s_own_changes_are_told_and_a_first_load_of_old_businesses_is_not(officer: Any) -> None:
    district = officer("qu", "4499.01.")
    actions.choose(who_of(district), ["identity"], key=uuid4())
    gather()
    land(("恒达食品有限公司", 1, "存续"))
    gather()
    assert pushed(district) == [], "approved on 1 March"
    land(("恒达食品有限公司", 1, "注销"))
    gather()
    assert pushed(district) == [("identity", "changed")]


def test_an_officer_chooses_the_kinds_and_a_post_has_its_own_until_then(officer: Any) -> None:
    mine, clerk = officer("ding", STATION), officer("chu", STATION, "window_clerk")
    subject = factories.subject(scope=STATION)
    written(subject, "penalty")
    written(subject, "judgment", key="j")
    gather()
    assert pushed(mine) == [("penalty", "new")]
    assert pushed(clerk) == [("judgment", "new")]
    actions.choose(who_of(mine), ["judgment"], key=uuid4())
    assert interests.of(who_of(mine)) == ("judgment",)
    assert Leaf.objects.filter(kind="pushed.chosen", subject=f"account:{mine.pk}").count() == 1
    written(subject, "penalty", key="later")
    written(subject, "judgment", key="later")
    gather()
    assert pushed(mine) == [("penalty", "new"), ("judgment", "new")]
    actions.choose(who_of(mine), [], key=uuid4())
    written(subject, "judgment", key="last")
    gather()
    assert len(pushed(mine)) == 2


def test_a_kind_the_post_may_not_read_in_full_cannot_be_chosen(officer: Any) -> None:
    data = officer("shu", "4499.01.", "data_officer")
    assert "complaint" not in interests.offered_to(who_of(data))
    with pytest.raises(Refused):
        actions.choose(who_of(data), ["complaint"], key=uuid4())


def test_nothing_of_the_old_territory_is_left_after_a_move(officer: Any, offices: Any) -> None:
    mine = officer("ding", STATION)
    written(factories.subject(scope=STATION))
    gather()
    Post.objects.filter(account=mine).update(office=offices[OTHER_DISTRICT])
    assert pushed(mine) == []
    assert queries.unread(who_of(mine)) == 0


def test_one_is_read_and_all_are_read_and_the_day_of_first_reading_stays(officer: Any) -> None:
    mine, near = officer("ding", STATION), officer("bian", OTHER_STATION)
    for n in range(3):
        written(factories.subject(number=2000 + n, scope=STATION))
    gather()
    who = who_of(mine)
    first = queries.visible_to(who).order_by("pk")[0]
    actions.read_one(who, first.pk)
    assert queries.unread(who) == 2
    with pytest.raises(Missing):
        actions.read_one(who_of(near), first.pk)
    Pushed.objects.filter(pk=first.pk).update(read_on=date(2026, 1, 5))
    assert actions.read(who) == 2
    assert queries.unread(who) == 0
    assert queries.one(who, first.pk).read_on == date(2026, 1, 5)


def test_what_was_pushed_and_read_is_counted_by_office(officer: Any, cast: Any) -> None:
    mine, near = officer("ding", STATION), officer("bian", OTHER_STATION)
    written(factories.subject(number=2001, scope=STATION))
    written(factories.subject(number=2002, scope=STATION))
    written(factories.subject(number=2003, scope=OTHER_STATION))
    gather()
    actions.read(who_of(mine), [queries.visible_to(who_of(mine))[0].pk])
    lines = queries.counted(cast.who("chief"))
    here = {line.name: (line.pushed, line.read, line.unread) for line in lines}
    assert here[mine.name] == (2, 1, 1)
    assert here[near.name] == (1, 0, 1)
    station = Office.objects.get(path=STATION).title
    assert queries.offices(lines)[station] == (2, 1)
    assert queries.counted(cast.who("inspector_b")) == []


def test_two_gatherers_at_once_tell_nobody_twice(officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = officer("ding", STATION)
    written(factories.subject(scope=STATION))
    read, raced = changes.since, []

    def overtaken(cursor: int, **words: Any) -> changes.Told:
        told = read(cursor, **words)
        if not raced:
            raced.append(True)
            gather()
        return told

    monkeypatch.setattr(changes, "since", overtaken)
    gather()
    assert pushed(mine) == [("penalty", "new")]


def test_ending_a_subscription_leaves_officers_what_they_are_told_of(officer: Any, offices: Any) -> None:
    tax = Office.objects.create(
        code="4499SW", title="云泽市税务局", kind="department", path="4499.D01.", parent=offices["4499."]
    )
    actions.choose(who_of(officer("ding", STATION)), ["identity"], key=uuid4())
    gather()
    row = subscribe(tax)
    from shiheng.accounts.permissions import SYSTEM

    exchange.stop(SYSTEM, row.code, reason="不再需要", key=uuid4())
    assert Watch.objects.filter(kind="identity").exists()


def test_the_feed_begins_where_the_log_stands(cast: Any, clock: Any) -> None:
    Change.objects.create(subject=factories.subject(), kind="penalty", key="r:1", scope=STATION, day=times.today())
    assert gather() == 0
    assert Feed.objects.get().cursor == changes.last()


def test_the_page_lists_filters_opens_and_counts_down(officer: Any, client: Any) -> None:
    mine = officer("ding", STATION)
    subject = factories.subject("云泽市恒达食品有限公司", scope=STATION)
    written(subject, "penalty", title="未按规定公示")
    written(subject, "permit", key="p", title="食品经营许可证")
    gather()
    client.force_login(mine)
    page = client.get("/pushed/").content.decode()
    assert page.index("食品经营许可证") < page.index("未按规定公示"), "the newest first"
    assert "食品经营许可证" not in client.get("/pushed/?kind=penalty").content.decode()
    number = queries.visible_to(who_of(mine)).get(kind="penalty").pk
    assert client.get(f"/pushed/{number}/").url == f"/subjects/{subject.pk}/"
    assert "未按规定公示" not in client.get("/pushed/?unread=1").content.decode()
    chosen = {"_step": "read", "_chosen": [str(queries.visible_to(who_of(mine)).get(kind="permit").pk)]}
    assert "云泽市恒达食品有限公司" in client.post("/pushed/", chosen).content.decode()
    client.post("/pushed/", {**chosen, "_confirmed": "1", "_key": str(uuid4())})
    assert queries.unread(who_of(mine)) == 0
    Pushed.objects.update(read_on=None)
    client.post("/pushed/read/")
    assert queries.unread(who_of(mine)) == 0
    client.post("/pushed/kinds/", {"kinds": ["permit"], "_key": str(uuid4())})
    assert interests.of(who_of(mine)) == ("permit",)
