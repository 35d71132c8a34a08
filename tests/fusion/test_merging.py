"""并户与分户 by hand: seen first, said with a reason, undone as if never said, and true of rows still to come."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import merging, queries
from shiheng.fusion.models import Batch, Link, Ruling
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import queries as log
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Identifier, Record, Subject
from tests.factories import uscc
from tests.fusion.test_withdrawal import (  # noqa: F401
    FIRST,
    regno,
    row,
    stands,
    told,
    two_sources,
    two_sources_once,
    withdraw,
)
from tests.fusion.test_withdrawal import land as landed

pytestmark = pytest.mark.django_db
WHY = "登记档案证明是同一户"
land = partial(landed, scope="4499.01.")


@pytest.fixture
def town(two_sources):  # noqa: F811
    """甲 (code 1) and 乙 (code 2) both tell number 7; 旧号 is told by its number alone, and goes with 甲."""
    land([row(1, number=7, title="甲店", place="码头路1号"), row(number=7, title="旧号店")], day=1)
    land([row(1, number=7, title="甲店", permit="X1")], day=2, source="papers")
    land([row(2, number=7, title="乙店", place="码头路2号", permit="X2")], day=3, source="papers")


def named(code: int) -> Subject:
    return Subject.objects.get(uscc=uscc(code), live=True)


def test_two_businesses_that_tell_one_number_stand_apart_and_each_is_told_of_the_other(town, cast):
    one, two = named(1), named(2)
    (claim,) = merging.claims(one)
    assert (claim.other, claim.kind, claim.value, claim.rows) == (two, "regno", regno(7), 1)
    assert [c.other for c in merging.claims(two)] == [one]
    assert Identifier.objects.get(value=regno(7)).subject == one  # its rows tell it most often
    assert Link.objects.filter(subject=one, until=None).count() == 3


def test_what_merging_makes_of_the_files_is_seen_first_and_changes_nothing(town, cast):
    who, before = cast.who("data"), stands()
    other, fates = merging.merged(who, named(2), uscc(1))
    assert other == named(1)
    gone, kept = (next(f for f in fates if f.subject == named(n).pk) for n in (2, 1))
    assert gone.after is None
    assert (kept.before.rows, kept.after.rows) == (3, 4)
    assert (kept.before.records, kept.after.records) == (1, 2)
    assert kept.fields == [("address", "码头路1号", "码头路2号")]  # the later word
    assert stands() == before
    assert not Ruling.objects.exists()


def test_merged_the_older_keeps_its_number_and_the_other_leads_there(town, cast):
    who, one, two = cast.who("data"), named(1), named(2)
    made = merging.merge(who, two.pk, uscc(1), reason=WHY)
    two.refresh_from_db()
    assert (two.live, two.redirect_to_id) == (False, one.pk)
    assert subjects.survivor_of(two.pk) == one.pk
    assert set(Identifier.objects.values_list("subject", flat=True)) == {one.pk}
    assert Record.objects.filter(subject=one).count() == 2
    assert log.history(f"subject:{two.pk}").last().kind == "subject.merged"
    assert [r.pk for r in merging.about(one)] == [made.pk]
    land([row(2, title="乙店新名")], day=9)  # whoever comes later goes there too
    assert Subject.objects.filter(live=True).count() == 1


def test_what_a_room_wrote_under_the_earlier_number_stays_in_the_file(town, cast):
    who, one, two = cast.who("data"), named(1), named(2)
    Record.objects.create(subject=two, kind="misuse", source="bureau", key="1", day=FIRST, title="冒名登记投诉")
    merging.merge(who, one.pk, uscc(2), reason=WHY)
    page = subjects.page_of(SYSTEM, two.pk)
    assert page.subject == one
    assert [r.title for tab in page.tabs if tab.code == "complaints" for r in tab.records] == ["冒名登记投诉"]


def test_as_known_on_a_day_before_both_stand(town, cast):
    with clock.standing_at(FIRST + timedelta(days=30)):
        one, two = named(1), named(2)
        merging.merge(cast.who("data"), one.pk, uscc(2), reason=WHY)
        on = {day: queries.as_of(one.pk, FIRST + timedelta(days=day))["address"]["value"] for day in (20, 30)}
        assert on == {20: "码头路1号", 30: "码头路2号"}
        assert queries.as_of(two.pk, FIRST + timedelta(days=20))["name"]["value"] == "乙店"
        assert queries.as_of(two.pk, FIRST + timedelta(days=30)) == {}


def test_a_merge_undone_is_as_if_never_made(town, cast):
    who, before = cast.who("data"), stands()
    made = merging.merge(who, named(2).pk, uscc(1), reason=WHY)
    fates = merging.undone(who, made.pk)
    assert any(fate.before is None for fate in fates)
    merging.undo(who, made.pk, reason="核对有误，应为两户")
    assert stands() == before
    assert not Subject.objects.exclude(redirect_to=None).exists()
    with pytest.raises(Conflict):
        merging.undo(who, made.pk, reason="再撤销一次看看")


def test_a_number_parted_leaves_with_the_rows_that_tell_nothing_else(town, cast):
    who, one, before = cast.who("data"), named(1), stands()
    assert merging.partable(one) == [("regno", regno(7), 1)]
    fates = merging.parted(who, one, "regno", regno(7))
    assert [f.name for f in fates if f.before is None] == ["旧号店"]
    assert stands() == before
    made = merging.part(who, one.pk, "regno", regno(7), reason="此号原为另一户所有")
    left = Subject.objects.get(name="旧号店", live=True)
    assert left.pk != one.pk
    assert Link.objects.filter(subject=one, until=None).count() == 2
    land([row(number=7, title="旧号店")], day=9)
    assert Link.objects.filter(subject=left, until=None).count() == 2
    merging.undo(who, made.pk, reason="核对有误，应为一户")
    left.refresh_from_db()
    assert (left.live, left.redirect_to_id) == (False, one.pk)
    assert Link.objects.filter(subject=one, until=None).count() == 4


def test_only_a_judge_of_the_territory_says_so_with_a_reason_and_once(town, cast):
    who, one = cast.who("data"), named(1)
    with pytest.raises(Forbidden):
        merging.find(cast.who("chief"), one.pk)
    for code in ("", "没有", uscc(1), uscc(3)):
        with pytest.raises(Refused):
            merging.merge(who, one.pk, code, reason=WHY)
    with pytest.raises(Refused):
        merging.merge(who, one.pk, uscc(2), reason="同")
    with pytest.raises(Refused):
        merging.parted(who, one, "regno", regno(8))
    key = uuid4()
    made = merging.merge(who, one.pk, uscc(2), reason=WHY, key=key)
    assert merging.merge(who, one.pk, uscc(2), reason=WHY, key=key).pk == made.pk
    assert Ruling.objects.count() == 1
    Ruling.objects.update(scope="9999.")
    with pytest.raises(Missing):
        merging.undo(who, made.pk, reason="外地不能撤销")


WORDS = st.lists(st.tuples(st.sampled_from(["one", "apart", "undo", "withdraw"]), st.integers(0, 5)), max_size=6)
THREE = (
    [row(1, number=7, title="甲店"), row(number=7, own=1, title="旧号店")],
    [row(2, number=7, title="乙店"), row(3, own=1, title="丙店")],
    [row(number=7, title="旧号店"), row(own=1, title="内部号店")],
)


def _one_word(word: str, place: int, batches: dict[int, Batch]) -> None:
    live = list(Subject.objects.filter(live=True).exclude(uscc="").order_by("uscc"))
    standing = list(Ruling.objects.filter(undone_at=None).order_by("pk"))
    if word == "withdraw" and place in batches:
        withdraw(batches.pop(place))
    elif word == "one" and live:
        merging.merge(SYSTEM, live[place % len(live)].pk, live[(place + 1) % len(live)].uscc, reason=WHY)
    elif word == "apart" and live:
        subject = live[place % len(live)]
        for kind, value, _n in merging.partable(subject)[:1]:
            merging.part(SYSTEM, subject.pk, kind, value, reason=WHY)
    elif word == "undo" and standing:
        merging.undo(SYSTEM, standing[place % len(standing)].pk, reason=WHY)


def _undone_as_never_said(words: list[tuple[str, int]]) -> None:
    left: dict[int, Batch] = {}

    def said_and_undone() -> None:
        left.update({n: land(rows, day=n, key=f"{n}") for n, rows in enumerate(THREE)})
        for word, place in words:
            with suppress(Refused):
                _one_word(word, place, left)
        for ruling in Ruling.objects.filter(undone_at=None).order_by("-pk"):
            merging.undo(SYSTEM, ruling.pk, reason=WHY)

    def never_said() -> None:
        for n in sorted(left):
            land(THREE[n], day=n, key=f"{n}")

    assert told(said_and_undone) == told(never_said)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=WORDS)
def test_any_words_undone_leave_the_files_as_if_never_said(two_sources_once, words):  # noqa: F811
    _undone_as_never_said(words)


@pytest.mark.slow
@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=WORDS)
def test_any_of_a_thousand_words_undone(two_sources_once, words):  # noqa: F811
    _undone_as_never_said(words)


def test_the_page_shows_says_and_undoes(town, cast, sign_in):
    browser, one, two = sign_in("data"), named(1), named(2)
    page = browser.get(reverse("subject", args=[one.pk])).content.decode()
    here = reverse("subject-rulings", args=[one.pk])
    assert here in page
    assert here not in sign_in("chief").get(reverse("subject", args=[one.pk])).content.decode()
    seen = browser.get(here, {"says": "one", "code": uscc(2)})
    assert "并入他户，编号转到那一户" in seen.content.decode()
    assert Subject.objects.filter(live=True).count() == 2
    address = f"{here}?says=one&code={uscc(2)}"
    refused = browser.post(address, {"reason": "同", "_key": str(uuid4())})
    assert refused.status_code == 422
    said = {"reason": WHY, "_key": str(uuid4())}
    first, again = browser.post(address, said), browser.post(address, said)
    assert first.status_code == again.status_code == 302
    ruling = Ruling.objects.get()
    assert browser.get(reverse("subject", args=[two.pk])).url.startswith(reverse("subject", args=[one.pk]))
    listed = browser.get(reverse("rulings")).content.decode()
    assert WHY in listed
    undoing = reverse("ruling", args=[ruling.pk]) + "?undo=1"
    assert "新立的一户" in browser.get(undoing).content.decode()
    undone = browser.post(undoing, {"reason": "应为两户，撤销", "_key": str(uuid4())})
    assert undone.status_code == 302
    assert Subject.objects.filter(live=True).count() == 2
    assert "没有这个代码的主体" in browser.get(here, {"says": "one", "code": "不存在"}).content.decode()
