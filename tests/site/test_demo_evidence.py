"""The evidence of the demonstration: real small files through the same doors, some with gaps, each once."""

from typing import Any

import pytest

from shiheng.city.evidence import STORIES
from shiheng.kernel import clock
from shiheng.ledger import files
from shiheng.procedures import actions
from shiheng.procedures import queries as proceedings
from shiheng.procedures.evidence import queries
from shiheng.procedures.models import Custody, Evidence, Redaction
from shiheng.site import demo_evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_the_city_has_evidence_with_gaps_custody_a_masked_copy_and_a_withdrawal_and_nothing_twice(cast: Any) -> None:
    clerk = cast.who("clerk")
    for story in STORIES:
        facts: dict[str, Any] = {"summary": story.summary, "channel": "hotline", "kind": "食品安全"}
        report = story.procedure == "complaints.report"
        facts |= {"leads": "线索"} if report else {"story": "经过", "claims": ["退款"]}
        parties = [actions.Standing("target" if report else "trader", "商户")]
        if not report:
            parties.append(actions.Standing("complainant", "王小明"))
        made = actions.open_file(clerk, story.procedure, facts, parties=parties, scope="4499.01.")
        step, said = ("verify", {"plan": "现场核查"}) if report else ("accept", {"told_by": "短信"})
        actions.take(clerk, made.pk, step, said)
    demo_evidence.live()
    counts = [model.objects.count() for model in (Evidence, Custody, Redaction)]
    assert counts[0] == sum(len(story.pieces) for story in STORIES)
    assert counts[2] == 2
    demo_evidence.live()
    assert [model.objects.count() for model in (Evidence, Custody, Redaction)] == counts
    rows = list(Evidence.objects.select_related("proceeding"))
    assert all(files.is_sealed(row.file) and files.fault_of(row.file) is None for row in rows)
    assert {row.media for row in rows} == {"image/png", "application/pdf", "audio/wav", "text/plain"}
    assert sum(row.withdrawn_at is not None for row in rows) == 1
    assert any(row.confidential for row in rows)
    missing = {
        row.proceeding.title: queries.missing_in(row.proceeding, proceedings.course_of(row.proceeding)) for row in rows
    }
    assert sum(bool(gaps) for gaps in missing.values()) >= 3
    scale = next(row for row in rows if row.title == "电子秤照片")
    kinds = [one.kind for one in queries.custody_of(scale)]
    assert kinds == ["received", "sealed", "opened", "borrowed", "returned"]
    assert all(row.received_at <= clock.now() for row in rows)
