"""What the portal gives away, for pages to stand on: credit reports, versions of open data, bureau pages, a watch."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4


def portal(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """As many reports of the first business, versions of one set, pages of the bureau and watches."""
    from django.test import RequestFactory

    from shiheng.accounts.permissions import ANYONE
    from shiheng.kernel import clock
    from shiheng.publication.bureau import actions as bureau
    from shiheng.publication.models import CreditReport, DataVersion, Watch
    from shiheng.publication.opendata import actions as opendata
    from shiheng.publication.reports import actions
    from shiheng.subjects.models import Subject
    from tests.factories import uscc

    subject = Subject.objects.get(uscc=uscc(10_001))
    report = actions.issue(ANYONE, subject.uscc, channel="portal", request=RequestFactory().get("/"), key=uuid4())
    CreditReport.objects.bulk_create(
        CreditReport(number=f"XB{n:018d}", subject=subject, scope=report.scope, name=report.name,
                     made_at=report.made_at,
                     content=report.content, pdf=report.pdf, leaf_id=report.leaf_id, channel="portal")
        for n in range(rows - 1)
    )  # fmt: skip
    opendata.make()
    version = DataVersion.objects.get(dataset="record-permit")
    numbers = range(2, rows + 1)
    DataVersion.objects.bulk_create(
        DataVersion(
            dataset="feed-alerts", number=n, made_at=clock.now(), rows=0, files=version.files, leaf_id=version.leaf_id
        )
        for n in numbers
    )
    chief = cast.who("chief")
    pages = [
        bureau.write(chief, None, kind="guides", title=f"第{n}份指南", text="请带上材料。", key=uuid4())
        for n in range(rows)
    ]
    for page in pages:
        bureau.publish(chief, page, 1, key=uuid4())
    watches = Watch.objects.bulk_create(
        Watch(token=f"token{n}", subject=subject, channel="file", address="", mark=f"{n:064x}", asked_at=clock.now())
        for n in range(rows)
    )
    return {"credit_report": report.number, "bureau_page": pages[0].pk, "watch": watches[0].token}
