"""数据归集: who owes what, what came last, and the scoreboard; what never came or failed is no zero."""

from datetime import date, timedelta

import pytest

from shiheng.fusion import scores, sources
from shiheng.fusion.models import Batch
from shiheng.kernel import clock
from tests.factories import uscc
from tests.fusion.deliveries import DEPARTMENT, TODAY, declare, send

pytestmark = pytest.mark.django_db
__all__ = ["send"]
GOOD = (uscc(1), "甲渔行", "船1", "1")


@pytest.fixture(autouse=True)
def _today():
    with clock.standing_at(TODAY):
        yield


def line(cast, code="catches"):
    return scores.line_of(cast.who("data"), code)


def test_a_source_shows_what_it_last_sent_when_it_is_due_and_how_late_it_is(cast, send):
    send([GOOD, (uscc(2), "乙渔行", "船2", "9")], on=TODAY - timedelta(days=60))
    last = send([GOOD], on=TODAY - timedelta(days=40))
    held = line(cast)
    assert (held.last, held.batches, held.rows_in, held.accepted, held.quarantined) == (last, 2, 3, 2, 1)
    assert (held.standing.state, held.standing.days_late) == ("late", 9)
    assert held.standing.due == TODAY - timedelta(days=9)


def test_one_that_never_came_has_no_figures_and_one_refused_whole_is_not_obtained(cast, sign_in, tmp_path, send):
    named = {"metric": "nullValues", "unit": "percent", "mustBeLessThan": 50, "arguments": {"column": "title"}}
    declare(tmp_path, quality=[named])
    declare(tmp_path, code="nets")
    send([GOOD], on=TODAY - timedelta(days=3))
    refused = send([(uscc(2), "", "船2", "1")], on=TODAY - timedelta(days=1))
    assert refused.state == "refused"
    never, failed = line(cast, "nets"), line(cast)
    assert (never.rows_in, never.accepted, never.last, never.standing.state) == (None, None, None, "never")
    assert (failed.failed.pk, failed.standing.state, failed.rows_in) == (refused.pk, "on_time", 1)
    page = sign_in("data").get("/sources/?state=failed").content.decode()
    assert "未取得，按期" in page
    assert "渔船清单" in page
    assert "未报送" in sign_in("data").get("/sources/nets/").content.decode()


def test_a_withdrawn_delivery_no_longer_counts(cast, send):
    send([GOOD], on=TODAY - timedelta(days=60))
    taken = send([(uscc(3), "丙渔行", "船3", "2")], on=TODAY)
    Batch.objects.filter(pk=taken.pk).update(state="withdrawn")
    assert (line(cast).rows_in, line(cast).standing.state) == (1, "late")


def test_a_department_is_scored_from_its_sources_and_every_figure_opens_its_rows(cast, sign_in, tmp_path, send):
    declare(tmp_path, code="nets")
    send([GOOD, (uscc(2), "乙渔行", "", "9")], on=TODAY - timedelta(days=40))
    score = next(s for s in scores.scores(scores.lines(cast.who("data"))) if s.department == DEPARTMENT)
    assert (score.due, score.delivered, score.late, score.never, score.days_late) == (2, 0, 1, 1, 9)
    assert score.accepted_share == 0.5
    assert score.null_share is not None
    client = sign_in("data")
    page = client.get("/sources/").content.decode()
    assert "state=late#listing-sources" in page
    for state, shown, hidden in (("late", "/sources/catches/", "/sources/nets/"),
                                 ("never", "/sources/nets/", "/sources/catches/")):  # fmt: skip
        rows = client.get("/sources/", {"department": DEPARTMENT, "state": state}).content.decode()
        rows = rows[rows.index('id="listing-sources"'):]  # fmt: skip
        assert shown in rows
        assert hidden not in rows


def test_the_headline_counts_what_is_due_and_what_was_delivered(cast, sign_in, send):
    send([GOOD], on=TODAY)
    whole = scores.Score("", scores.lines(cast.who("data")))
    assert whole.due == sum(bool(s.frequency_days) for s in sources.every().values())
    assert whole.delivered == 1
    assert f"应报 {whole.due} 个数据源，已报 1 个" in sign_in("data").get("/sources/").content.decode()


def test_the_trend_knows_each_month_from_stored_batches_and_nothing_before_the_first(cast, send):
    send([GOOD], on=date(2026, 8, 10))
    send([GOOD, (uscc(2), "乙渔行", "船2", "9")], on=date(2026, 10, 5))
    points = {p.first: p for p in scores.trend([line(cast)], TODAY)}
    assert len(points) == scores.MONTHS
    assert points[date(2026, 7, 1)].due is None
    held = {
        first.month: (p.due, p.delivered, p.accepted_share)
        for first, p in points.items()
        if first.month in range(8, 12)
    }
    assert held == {8: (1, 1, 1.0), 9: (1, 0, None), 10: (1, 1, 0.5), 11: (1, 0, None)}


def test_third_party_data_is_marked(cast, sign_in, tmp_path):
    declare(tmp_path, custom={"thirdParty": True})
    page = sign_in("data").get("/sources/?third=1").content.decode()
    assert "第三方" in page[page.index("<table", page.index('id="listing-sources"')):]  # fmt: skip
    assert "第三方数据" in sign_in("data").get("/sources/catches/").content.decode()


def test_another_districts_deliveries_are_not_on_my_desk(cast, send):
    send([GOOD], on=TODAY, scope="4499.02.")
    assert line(cast).standing.state == "never"
