"""Taking a batch back: its effects seen beforehand are its effects; who may, with a reason, once."""

import argparse
from datetime import timedelta
from uuid import uuid4

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.fusion import actions, preview
from shiheng.fusion.models import Batch
from shiheng.jobs import runner
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import queries as log
from shiheng.site.cli import data as command
from shiheng.site.cli.answers import Progress
from shiheng.subjects.models import Record, Subject
from tests.factories import uscc
from tests.fusion.deliveries import TODAY, send

pytestmark = pytest.mark.django_db
__all__ = ["send"]
EARLY = TODAY - timedelta(days=40)


@pytest.fixture(autouse=True)
def _today():
    with clock.standing_at(TODAY):
        yield


@pytest.fixture
def two(send) -> tuple[Batch, Batch]:
    """An earlier batch of 甲 and 乙, and a later one that renames 甲, says 乙 again and brings 丙."""
    first = send([(uscc(1), "甲渔行", "船1", "1"), (uscc(2), "乙渔行", "船2", "1")], on=EARLY)
    later = send(
        [(uscc(1), "甲远洋渔行", "船9", "1"), (uscc(2), "乙渔行", "船2", "1"), (uscc(3), "丙渔行", "船3", "2")],
        on=TODAY - timedelta(days=2),
    )
    return first, later


def state() -> tuple[dict[str, str], set[tuple[str, str]]]:
    live = Subject.objects.filter(live=True)
    return dict(live.values_list("uscc", "name")), set(Record.objects.values_list("subject__uscc", "key"))


def test_the_counts_foretell_exactly_what_goes(two):
    _first, later = two
    told = preview.counts(later)
    names, kept = state()
    actions.withdraw(later.pk, who=SYSTEM, reason="报错了")
    actions.advance(later.pk)
    names_after, kept_after = state()
    assert told.touched == 3
    assert told.only == len(names) - len(names_after) == 1
    assert told.records == len(kept - kept_after) == 2


def test_each_field_that_changes_is_foretold_from_what_to_what(two):
    _first, later = two
    ids = list(preview.subjects_of(later).values_list("pk", flat=True))
    told = {Subject.objects.get(pk=pk).uscc: change for pk, change in preview.changes(later, ids).items()}
    before = {s.uscc: s for s in Subject.objects.all()}
    actions.withdraw(later.pk, who=SYSTEM, reason="报错了")
    actions.advance(later.pk)
    renamed = next(c for c in told[uscc(1)].fields if c.field == "name")
    assert (renamed.before, renamed.after) == (before[uscc(1)].name, Subject.objects.get(uscc=uscc(1)).name)
    assert (renamed.before, renamed.after) == ("甲远洋渔行", "甲渔行")
    assert told[uscc(1)].gone == ("permit",)
    assert not told[uscc(2)].any
    assert told[uscc(3)].emptied


def test_taking_back_a_full_list_foretells_the_records_that_come_back(send):
    send([(uscc(1), "甲渔行", "船1", "1"), (uscc(2), "乙渔行", "船2", "1")], on=EARLY)
    whole = send([(uscc(1), "甲渔行", "船1", "1")], on=TODAY - timedelta(days=2), delivery="snapshot")
    closed = Subject.objects.get(uscc=uscc(2))
    assert preview.counts(whole).touched == 2
    assert preview.changes(whole, [closed.pk])[closed.pk].back == 1


def test_the_page_shows_the_effects_before_the_form_and_the_deed_is_done_once(cast, sign_in, two):
    _first, later = two
    client, page = sign_in("data"), f"/batches/{later.pk}/withdraw/"
    shown = client.get(page).content.decode()
    assert shown.index("甲远洋渔行 → 甲渔行") < shown.index('name="reason"')
    assert "档案撤下" in shown
    empty = client.post(page, {"_key": str(uuid4()), "reason": " "})
    assert (empty.status_code, Batch.objects.get(pk=later.pk).state) == (422, "published")
    form = {"_key": str(uuid4()), "reason": "导出时选错了年度"}
    for _ in range(2):
        assert client.post(page, form).status_code == 302
    told = client.get(f"/batches/{later.pk}/").content.decode()
    assert "正在撤回" in told
    assert "撤回进度" in told
    runner.work(until_idle=True, names=frozenset({actions.ADVANCE}))
    told = client.get(f"/batches/{later.pk}/").content.decode()
    assert all(words in told for words in ("已撤回", "舒据", "导出时选错了年度"))
    kinds = [leaf.kind for leaf in log.history(f"batch:{later.pk}")]
    assert kinds.count("batch.withdrawn") == 1
    assert client.get(page).status_code == 302


def test_only_the_power_over_the_batchs_own_territory_takes_it_back(cast, sign_in, two, send):
    _first, later = two
    city = send([(uscc(8), "市渔行", "船8", "1")], on=TODAY, scope="4499.")
    with pytest.raises(Forbidden):
        actions.withdraw(later.pk, who=cast.who("chief"), reason="x")
    with pytest.raises(Missing):
        actions.withdraw(city.pk, who=cast.who("data"), reason="x")
    with pytest.raises(Refused, match="原因"):
        actions.withdraw(later.pk, who=cast.who("city"), reason=" ")
    assert sign_in("data").get(f"/batches/{city.pk}/withdraw/").status_code == 404
    assert "撤回批次" not in sign_in("chief").get(f"/batches/{later.pk}/").content.decode()
    assert "撤回批次" in sign_in("city").get(f"/batches/{later.pk}/").content.decode()


def test_what_is_withdrawn_or_was_refused_is_not_taken_back_again(cast, two):
    first, later = two
    actions.withdraw(later.pk, who=cast.who("data"), reason="一")
    with pytest.raises(Conflict):
        actions.withdraw(later.pk, who=cast.who("data"), reason="二")
    Batch.objects.filter(pk=first.pk).update(state="refused")
    with pytest.raises(Conflict):
        actions.withdraw(first.pk, who=cast.who("data"), reason="三")


def test_the_command_previews_and_takes_back(two):
    _first, later = two
    asked = argparse.Namespace(batch=later.pk, reason=None, preview=True, no_fuse=False, key=None)
    told = command.withdraw(asked, Progress(wanted=False))
    assert {k: told.facts[k] for k in ("touched", "only", "records")} == {"touched": 3, "only": 1, "records": 2}
    assert Batch.objects.get(pk=later.pk).state == "published"
    with pytest.raises(Refused):
        command.withdraw(argparse.Namespace(**{**vars(asked), "preview": False}), Progress(wanted=False))
    given = argparse.Namespace(**{**vars(asked), "preview": False, "reason": "报错了"})
    done = command.withdraw(given, Progress(wanted=False))
    assert (done.facts["state"], done.facts["reason"], done.code) == ("withdrawn", "报错了", 0)
