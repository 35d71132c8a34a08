"""The portal of the invented bureau by today: its pages, a first version of open data, reports people asked for."""

from uuid import NAMESPACE_URL, UUID, uuid5

from django.test import RequestFactory

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import ANYONE
from shiheng.accounts.queries import who_of
from shiheng.city import portal
from shiheng.kernel import clock
from shiheng.publication.bureau import actions as bureau
from shiheng.publication.models import BureauPage, CreditReport
from shiheng.publication.opendata import actions as opendata
from shiheng.publication.portal import statistics
from shiheng.publication.reports import actions as reports
from shiheng.subjects.models import Record
from shiheng.ui import pdf


def live() -> None:
    """Do what is missing of it."""
    chief = Account.objects.filter(username=portal.CHIEF).first()
    if chief is not None and not BureauPage.objects.exists():
        who = who_of(chief)
        for n, (kind, title, text, used_by, hidden) in enumerate(portal.pages()):
            page = bureau.write(
                who, None, kind=kind, title=title, text=text, hide=(hidden,) if hidden else (), used_by=used_by,
                used_on=clock.today() if used_by else None, key=_key("page", n),
            )  # fmt: skip
            bureau.publish(who, page, 1, key=_key("publish", n))
    if pdf.available() and not CreditReport.objects.exists():
        request = RequestFactory().get("/", headers={"host": "127.0.0.1"})
        punished = Record.objects.filter(kind="penalty", subject__live=True).exclude(subject__uscc="")
        codes = punished.order_by("subject__uscc").values_list("subject__uscc", flat=True).distinct()
        for code in codes[: portal.READERS]:
            made = reports.issue(ANYONE, code, channel="portal", request=request, key=_key("report", code))
            reports.used(made, "pdf")
    statistics.keep()
    opendata.make()


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "portal:" + ":".join(map(str, words)))
