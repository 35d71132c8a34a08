"""What the portal gives away, for pages to stand on: credit reports."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4


def portal(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many reports of the first business by the public, sealed."""
    from django.test import RequestFactory

    from shiheng.accounts.permissions import ANYONE
    from shiheng.publication.reports import actions
    from shiheng.subjects.models import Subject
    from tests.factories import uscc

    request = RequestFactory().get("/")
    subject = Subject.objects.get(uscc=uscc(10_001))
    report = actions.issue(ANYONE, subject.uscc, channel="portal", request=request, key=uuid4())
    from shiheng.publication.models import CreditReport

    CreditReport.objects.bulk_create(
        CreditReport(number=f"XB{n:018d}", subject=subject, scope=report.scope, name=report.name, made_at=report.made_at,
                     content=report.content, pdf=report.pdf, leaf_id=report.leaf_id, channel="portal")
        for n in range(rows - 1)
    )  # fmt: skip
    return {"credit_report": report.number}
