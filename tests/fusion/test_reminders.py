"""催报: by hand and by the clock, to those who send for the department; a double click makes one."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shiheng.accounts.models import Account, Message, Office, Post
from shiheng.fusion import reminders
from shiheng.fusion.models import Reminder
from shiheng.jobs import runner
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger import queries as log
from tests.factories import uscc
from tests.fusion.deliveries import DEPARTMENT, TODAY, declare, send

pytestmark = pytest.mark.django_db
__all__ = ["send"]
GOOD = (uscc(1), "甲渔行", "船1", "1")


@pytest.fixture(autouse=True)
def _today():
    with clock.standing_at(TODAY):
        yield


@pytest.fixture
def fisher(cast) -> Account:
    """Who sends the files of the 渔业局, and a colleague there who may not."""
    office = Office.objects.create(
        code="449901D9", title=f"云泽市临江区{DEPARTMENT}", kind="department", path="4499.01.D09.",
        parent=Office.objects.get(path="4499.01."),
    )  # fmt: skip
    people = [Account.objects.create(username=n, name=n, created_at=clock.now()) for n in ("于洋", "闲人")]
    for person, role in zip(people, ("data_officer", "window_clerk"), strict=True):
        Post.objects.create(account=person, office=office, role=role, since=date(2024, 1, 1))
    return people[0]


def test_a_late_source_is_reminded_in_the_inbox_of_who_sends_for_it(cast, sign_in, fisher, send):
    send([GOOD], on=TODAY - timedelta(days=40))
    (made,) = reminders.remind(["catches"], who=cast.who("data"))
    assert (made.to, made.by, made.day, made.due) == ("于洋", "舒据", TODAY, TODAY - timedelta(days=9))
    message = Message.objects.get()
    assert (message.account, message.channel, made.message) == (fisher, "inbox", message)
    assert "已逾期 9 日" in message.text
    assert [leaf.kind for leaf in log.history("source:catches")] == ["source.reminded"]
    page = sign_in("data").get("/sources/catches/").content.decode()
    assert "于洋" in page[page.index("催报记录"):]  # fmt: skip


def test_the_departments_own_people_are_told_and_not_led_to_a_desk_closed_to_them(cast, fisher, send):
    Post.objects.filter(account=fisher).update(role="outside_party")
    send([GOOD], on=TODAY - timedelta(days=40))
    (made,) = reminders.remind(["catches"], who=cast.who("data"))
    assert (made.to, made.message.link) == ("于洋", "")


def test_a_department_without_an_account_is_told_through_the_file_channel(cast, send):
    send([GOOD], on=TODAY - timedelta(days=40))
    (made,) = reminders.remind(["catches"], who=cast.who("data"))
    message = Message.objects.get()
    assert (message.channel, message.address) == ("file", DEPARTMENT)
    assert DEPARTMENT in made.to


def test_a_double_click_makes_one_and_so_does_a_second_officer_on_the_same_day(cast, sign_in, fisher, send):
    send([GOOD], on=TODAY - timedelta(days=40))
    client, form = sign_in("data"), {"source": "catches", "_key": str(uuid4())}
    for _ in range(2):
        assert client.post("/sources/remind/", form).status_code == 302
    client.post("/sources/remind/", {"source": "catches", "_key": str(uuid4())})
    assert (Reminder.objects.count(), Message.objects.count()) == (1, 1)


def test_a_department_gets_one_message_for_all_it_owes(cast, sign_in, tmp_path, fisher, send):
    declare(tmp_path, code="nets", name="渔网清单")
    send([GOOD], on=TODAY - timedelta(days=40))
    sign_in("data").post("/sources/remind/", {"department": DEPARTMENT, "_key": str(uuid4())})
    assert set(Reminder.objects.values_list("source", flat=True)) == {"catches", "nets"}
    message = Message.objects.get()
    assert "尚未报送过" in message.text
    assert "等 2 个数据源" in message.title


def test_what_is_not_due_is_not_reminded_and_the_reason_is_told(cast, sign_in, send):
    send([GOOD], on=TODAY - timedelta(days=2))
    with pytest.raises(Refused, match="还没有到期"):
        reminders.remind(["catches"], who=cast.who("data"))
    page = sign_in("data").post("/sources/remind/", {"source": "catches", "_key": str(uuid4())}, follow=True)
    assert "还没有到期" in page.content.decode()
    assert not Reminder.objects.exists()


def test_only_who_holds_the_power_reminds(cast, sign_in, send):
    send([GOOD], on=TODAY - timedelta(days=40))
    with pytest.raises(Forbidden):
        reminders.remind(["catches"], who=cast.who("chief"))
    assert sign_in("chief").post("/sources/remind/", {"source": "catches"}).status_code == 403


def test_the_clock_reminds_on_the_first_late_day_and_every_week_until_it_comes(fisher, cast, send):
    first = TODAY - timedelta(days=31)
    send([GOOD], on=first)
    days = []
    for day in range(17):
        with clock.standing_at(TODAY + timedelta(days=day)):
            if reminders.remind_late() + reminders.remind_late():
                days.append(day)
    assert days == [1, 8, 15]
    assert set(Reminder.objects.values_list("by", flat=True)) == {"系统"}
    with clock.standing_at(TODAY + timedelta(days=20)):
        send([(uscc(2), "乙渔行", "船2", "2")], on=TODAY + timedelta(days=20))
        assert reminders.remind_late() == 0


def test_the_worker_runs_the_daily_reminder(fisher, cast, send):
    from shiheng.jobs import queue

    send([GOOD], on=TODAY - timedelta(days=40))
    queue.enqueue("fusion.remind")
    runner.work(until_idle=True, names=frozenset({"fusion.remind"}))
    assert Reminder.objects.get().source == "catches"
    assert queue.PERIODS["fusion.remind"] == 86_400


def test_a_chosen_few_are_reminded_in_one_step_with_the_refused_named_first(cast, sign_in, tmp_path, send):
    declare(tmp_path, code="nets", name="渔网清单")
    send([GOOD], on=TODAY)
    client = sign_in("data")
    shown = client.post("/sources/", {"_step": "remind", "_chosen": ["catches", "nets"]}).content.decode()
    assert "还没有到期" in shown
    given = {"_step": "remind", "_chosen": ["catches", "nets"], "_confirmed": "1", "_key": str(uuid4())}
    assert client.post("/sources/", given).status_code == 302
    assert list(Reminder.objects.values_list("source", flat=True)) == ["nets"]
