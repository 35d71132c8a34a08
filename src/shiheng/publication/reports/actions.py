"""Making a credit report: its content and its paper are kept, both digests go on record, all in one transaction."""

import json
import secrets
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, kinds, queries
from shiheng.publication.portal import projection
from shiheng.publication.reports import content, verify_report
from shiheng.publication.reports.models import CreditReport, ReportUse
from shiheng.subjects import queries as subjects
from shiheng.ui import documents

ISSUED = "report.issued"
kinds.declare(report_issued="出具信用报告")
#: The proof is given away with the report, so it names the portal and nobody who used it.
PORTAL = Who(key="portal", name="信用门户", kind="system")
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def issue(who: Who, subject_key: str, *, channel: str, request: HttpRequest, key: UUID | None) -> CreditReport:
    """Make a report of a business as it is known now. The same key again gives the same report."""
    file = projection.one(subject_key)

    def do() -> dict[str, Any]:
        return {"report": _make(file, who, channel=channel, request=request).pk}

    payload = {"subject": file.id, "channel": channel}
    result, fresh = once(who, key=key, action="report.issue", payload=payload, do=do)
    if fresh:
        # Whoever waits for the page wants the proof with it; the job that seals every few seconds would come later.
        ledger.seal()
    return CreditReport.objects.get(pk=result["report"])


def _make(file: projection.PublicFile, who: Who, *, channel: str, request: HttpRequest) -> CreditReport:
    now = clock.now()
    number = f"XB{now:%Y%m%d}" + "".join(secrets.choice(LETTERS) for _n in range(10))
    made = content.content_of(file, number=number, made_at=now.isoformat(timespec="seconds"), bureau=_bureau())
    said = verify_report.canonical(made)
    check = _check(number, sha256(said).hexdigest(), request)
    pdf = documents.to_pdf(content.document_of(made, check, day=f"{now:%Y-%m-%d}"))
    held, paper = files.keep(said), files.keep(pdf)
    scope = subjects.identities().filter(pk=file.id).values_list("scope", flat=True).first() or ""
    leaf = ledger.record(
        ISSUED, subject=f"subject:{file.id}", who=PORTAL, key=f"report:{number}",
        facts={"number": number, "content": held.sha256, "pdf": paper.sha256, "uscc": file.uscc},
    )  # fmt: skip
    return CreditReport.objects.create(
        number=number, subject_id=file.id, scope=scope, name=file.name, made_at=now, content=held.sha256,
        pdf=paper.sha256, leaf=leaf, channel=channel, account_id=who.account_id, good=len(file.good),
        bad=len(file.bad),
    )  # fmt: skip


def _bureau() -> str:
    """The office that stands on top of all."""
    return Office.objects.order_by("path").values_list("title", flat=True).first() or "信用门户"


def _check(number: str, digest: str, request: HttpRequest) -> documents.Check:
    path = reverse("verify-report", args=[number])
    address = settings.ADDRESS.rstrip("/") + path if settings.ADDRESS else request.build_absolute_uri(path)
    words = _("扫码核验这份报告；不联网也能用离线核验程序核验。内容摘要 %(digest)s")
    return documents.Check(address, words % {"digest": " ".join(digest[n : n + 8] for n in range(0, 32, 8))})


def bundle_of(report: CreditReport) -> dict[str, Any]:
    """The report with everything a stranger needs to check it. Refused for the moment before the leaf is sealed."""
    with files.open_kept(report.content) as held:
        said = json.loads(held.read())
    return {"format": verify_report.FORMAT, "report": said, "proof": queries.proof(report.leaf)}


def pdf_of(report: CreditReport) -> bytes:
    """The paper with its report and proof behind it."""
    with files.open_kept(report.pdf) as held:
        pdf = held.read()
    text = json.dumps(bundle_of(report), ensure_ascii=False, separators=(",", ":"))
    return bytes(verify_report.with_proof(pdf, text.encode()))


def used(report: CreditReport, kind: str) -> None:
    """Count that a report was taken away or checked; never by whom."""
    day = clock.today()
    for _try in range(2):
        if ReportUse.objects.filter(report=report, day=day, kind=kind).update(count=F("count") + 1) == 1:
            return
        try:
            with transaction.atomic():
                ReportUse.objects.create(report=report, day=day, kind=kind, count=1)
        except IntegrityError:
            continue  # somebody was first to open the day
        return
