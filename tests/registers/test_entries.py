"""Entering, changing, moving, renewing, noting and undoing one entry, and how it stood on any day, as known then."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import queries as log
from shiheng.registers import actions, queries
from shiheng.registers.models import Act, Entry, Indexed, Version
from shiheng.subjects.models import Record
from tests import factories
from tests.registers.declared import AWARDS, PLEDGES, STALLS

pytestmark = pytest.mark.django_db
CODE = STALLS.code


@pytest.fixture
def firm(cast):
    return factories.subject("云泽市江口集贸市场有限公司")


@pytest.fixture
def chief(cast):
    return cast.who("chief")


def entered(who, firm, **facts):
    return actions.enter(who, CODE, {"stall": "A-01", "kind": "scale", **facts}, subject=firm.pk)


def test_an_entry_stands_on_its_register_in_the_index_and_in_the_subject_file(chief, firm):
    entry = entered(chief, firm, due="2027-01-10", price=12_300)
    assert (entry.title, entry.state, entry.due, entry.scope) == (firm.name, "on", date(2027, 1, 10), "4499.01.01.")
    assert set(Indexed.objects.filter(entry=entry).values_list("field", "text")) >= {
        ("stall", "A-01"),
        ("kind", "scale"),
    }
    record = Record.objects.get(subject=firm, kind="register")
    assert (record.title, record.state, record.facts["器具种类"]) == ("摊位计量器具台账", "在册", "电子秤")
    assert log.history(f"entry:{entry.pk}")


def test_contents_the_model_does_not_take_are_refused_by_field_in_chinese(chief, firm):
    with pytest.raises(Refused) as refused:
        entered(chief, firm, limit=0)
    assert refused.value.details["field"] == "limit"
    assert "最大称量" in refused.value.message
    assert not Entry.objects.exists()


def test_the_same_entry_stands_once_and_a_double_click_makes_one(chief, firm):
    key = uuid4()
    facts = {"stall": "A-01", "kind": "scale"}
    first = actions.enter(chief, CODE, facts, subject=firm.pk, key=key)
    assert actions.enter(chief, CODE, facts, subject=firm.pk, key=key) == first
    with pytest.raises(Conflict):
        actions.enter(chief, CODE, facts, subject=firm.pk)
    assert Entry.objects.count() == Act.objects.count() == 1


def test_another_district_neither_sees_nor_keeps_it(cast, chief, firm):
    entry = entered(chief, firm)
    other = cast.who("inspector_b")
    with pytest.raises(Missing):
        queries.find(other, STALLS, entry.pk)
    with pytest.raises(Forbidden):
        actions.enter(other, CODE, {"stall": "B", "kind": "scale"}, subject=firm.pk)
    with pytest.raises(Missing):
        actions.change(other, CODE, entry.pk, {"stall": "A-01", "kind": "meter"}, reason="换表")


def test_it_is_known_how_it_stood_on_any_day_and_what_was_known_then(chief, firm):
    with clock.standing_at(date(2026, 3, 1)):
        entry = entered(chief, firm, limit=30)
    with clock.standing_at(date(2026, 6, 1)):
        entry = actions.change(chief, CODE, entry.pk, {"stall": "A-01", "kind": "scale", "limit": 60}, reason="换秤")
    with clock.standing_at(date(2026, 9, 1)):  # it had been changed in April already, which comes out now
        late = {"stall": "A-01", "kind": "meter", "limit": 60}
        entry = actions.change(chief, CODE, entry.pk, late, day=date(2026, 4, 1), reason="核实后补录")

    def stood(day, known=None):
        held = queries.entry_on(entry, day, known=known)
        return held and (held.facts["kind"], held.facts["limit"])

    noon = datetime(2026, 7, 1, 12, tzinfo=clock.SHANGHAI)
    assert stood(date(2026, 2, 1)) is None
    assert stood(date(2026, 3, 15)) == ("scale", 30)
    assert stood(date(2026, 5, 1)) == ("meter", 30)
    assert stood(date(2026, 5, 1), noon) == ("scale", 30)
    assert stood(date(2026, 7, 1)) == ("meter", 60)
    assert stood(date(2026, 7, 1), noon) == ("scale", 60)
    assert (entry.facts["kind"], entry.facts["limit"]) == ("meter", 60)


def test_undoing_one_of_several_changes_leaves_the_others(chief, firm):
    entry = entered(chief, firm, limit=30)
    entry = actions.change(chief, CODE, entry.pk, {"stall": "A-01", "kind": "meter", "limit": 30}, reason="换表")
    wrong = Act.objects.order_by("pk").last()
    entry = actions.change(chief, CODE, entry.pk, {"stall": "A-01", "kind": "meter", "limit": 90}, reason="换大的")
    actions.undo(chief, wrong.pk, reason="看错了摊位")
    entry.refresh_from_db()
    assert (entry.facts["kind"], entry.facts["limit"]) == ("scale", 90)
    with pytest.raises(Conflict):
        actions.undo(chief, wrong.pk, reason="再撤一次")


def test_an_entering_undone_leaves_nothing_and_may_be_entered_anew(chief, firm):
    entry = entered(chief, firm)
    actions.undo(chief, Act.objects.get().pk, reason="登错了")
    entry.refresh_from_db()
    assert not entry.live
    assert not Indexed.objects.exists()
    assert not Record.objects.filter(kind="register").exists()
    assert entered(chief, firm).pk != entry.pk
    assert Record.objects.filter(kind="register").count() == 1


def test_who_read_an_earlier_state_is_told_and_writes_nothing(chief, firm):
    entry = entered(chief, firm)
    seen = entry.turn
    actions.change(chief, CODE, entry.pk, {"stall": "A-01", "kind": "meter"}, reason="换表", turn=seen)
    with pytest.raises(Conflict):
        actions.change(chief, CODE, entry.pk, {"stall": "A-01", "kind": "scale", "limit": 9}, reason="换秤", turn=seen)
    assert Version.objects.filter(entry=entry).count() == 2


def test_personal_facts_are_sealed_on_the_disk_and_masked_on_pages(chief, firm):
    entry = entered(chief, firm, phone="13800138000")
    assert "13800138000" not in str(entry.facts) + str(Version.objects.get().changes)
    assert "13800138000" not in str(Record.objects.get(kind="register").facts)
    changed = actions.change(
        chief, CODE, entry.pk, {"stall": "A-01", "kind": "meter", "phone": "13800138000"}, reason="换表"
    )
    assert changed.facts["phone"] == entry.facts["phone"]


def test_a_step_is_taken_from_where_it_begins_and_not_from_elsewhere(chief, firm):
    entry = entered(chief, firm)
    removed = actions.move(chief, CODE, entry.pk, "remove", reason="摊位撤了")
    assert (removed.ended, removed.state) == (True, "off")
    with pytest.raises(Refused) as refused:
        actions.move(chief, CODE, entry.pk, "remove", reason="再撤")
    assert "已移出" in refused.value.message
    assert actions.move(chief, CODE, entry.pk, "restore", reason="撤错了").state == "on"


def test_days_to_come_and_days_before_the_entering_are_refused(chief, firm, today):
    entry = entered(chief, firm)
    with pytest.raises(Refused):
        actions.move(chief, CODE, entry.pk, "remove", day=today + timedelta(days=1), reason="先登记")
    with pytest.raises(Refused):
        actions.move(chief, CODE, entry.pk, "remove", day=today - timedelta(days=9), reason="早就撤了")


def test_a_business_applies_is_granted_and_holds_for_the_declared_term(cast, chief, firm, today):
    from shiheng.subjects.models import Representation

    Representation.objects.create(account=cast.owner, subject=firm, basis="法定代表人", since=date(2024, 1, 1))
    owner = cast.who("owner")
    asked = actions.apply_for(owner, PLEDGES.code, firm.pk, {"text": "七天无理由", "days": 7})
    assert (asked.state, asked.until) == ("asked", None)
    with pytest.raises(Conflict):
        actions.apply_for(owner, PLEDGES.code, firm.pk, {"text": "七天无理由", "days": 7})
    granted = actions.move(chief, PLEDGES.code, asked.pk, "grant", reason="材料齐全")
    assert (granted.since, granted.until) == (today, date(2028, 11, 19))
    other = factories.subject("别人的店", number=7001)
    with pytest.raises(Forbidden):
        actions.apply_for(owner, PLEDGES.code, other.pk, {"text": "x", "days": 7})


def test_who_was_declined_may_ask_again(cast, chief, firm):
    from shiheng.subjects.models import Representation

    Representation.objects.create(account=cast.owner, subject=firm, basis="法定代表人", since=date(2024, 1, 1))
    owner = cast.who("owner")
    asked = actions.apply_for(owner, PLEDGES.code, firm.pk, {"text": "七天无理由"})
    actions.move(chief, PLEDGES.code, asked.pk, "decline", reason="内容不全")
    again = actions.apply_for(owner, PLEDGES.code, firm.pk, {"text": "七天无理由退货，运费自理"})
    assert again.pk != asked.pk
    assert again.state == "asked"


def test_an_honour_no_longer_selected_takes_only_its_history(chief, firm):
    with pytest.raises(Refused) as refused:
        actions.enter(chief, AWARDS.code, {"year": 2025}, subject=firm.pk)
    assert "不再评选" in refused.value.message
    old = actions.enter(chief, AWARDS.code, {"year": 2012}, subject=firm.pk, since=date(2013, 3, 15))
    assert old.since == date(2013, 3, 15)


def test_an_entry_is_renewed_to_a_later_day_only(chief, firm):
    entry = actions.enter(chief, CODE, {"stall": "A-9", "kind": "scale"}, subject=firm.pk, until=date(2026, 12, 31))
    with pytest.raises(Refused):
        actions.renew(chief, CODE, entry.pk, date(2026, 12, 31))
    assert actions.renew(chief, CODE, entry.pk, date(2027, 12, 31)).until == date(2027, 12, 31)


def test_a_note_stands_under_its_entry_until_it_is_undone(chief, firm):
    entry = entered(chief, firm)
    actions.note(chief, CODE, entry.pk, "visit", "秤准，铅封完好")
    assert [note.text for note in queries.notes_of(entry)] == ["秤准，铅封完好"]
    actions.undo(chief, Act.objects.get(kind="note").pk, reason="记错条目")
    assert not queries.notes_of(entry)
    with pytest.raises(Refused):
        actions.note(chief, CODE, entry.pk, "meeting", "没有这一类")
