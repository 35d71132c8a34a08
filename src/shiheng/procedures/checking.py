"""Whether a printed paper is what it says: by the code on it, without its content or anybody's name."""

import re
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.procedures.models import Paper
from shiheng.procedures.numbering import bureau_of
from shiheng.ui.documents import Check

CODE = 32
SHORT = 8
_HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Told:
    """What anybody is told of a paper."""

    number: str
    digest: str
    made_on: date
    bureau: str
    withdrawn_on: date | None
    instead: str


def check_of(paper: Paper, request: HttpRequest) -> Check:
    """The address the code of a paper holds: the bureau's public one, else the one this page was asked under."""
    path = reverse("paper-check", args=[paper.digest[:CODE]])
    address = settings.ADDRESS.rstrip("/") + path if settings.ADDRESS else request.build_absolute_uri(path)
    words = _("扫码核验这份文书的真伪，或者在 %(place)s 输入文书编号和核验码 %(code)s。")
    place = address.removesuffix(path) + reverse("paper-checks")
    return Check(address, words % {"place": place, "code": paper.digest[:SHORT]})


def by_code(code: str) -> Told | None:
    """The paper whose printed code this is."""
    code = code.lower()
    if len(code) != CODE or not _HEX.fullmatch(code):
        return None
    found = Paper.objects.filter(digest__gte=code, digest__lt=f"{code}g")  # a range is read by the index, LIKE is not
    return _told(found.select_related("proceeding", "instead").first())


def by_number(number: str, short: str) -> Told | None:
    """The paper of a number, for whoever also has its short code: numbers alone can be counted through."""
    short = "".join(short.lower().split())
    if len(short) < SHORT or not _HEX.fullmatch(short):
        return None
    held = Paper.objects.filter(number="".join(number.split())).select_related("proceeding", "instead").first()
    return _told(held) if held and held.digest.startswith(short) else None


def _told(paper: Paper | None) -> Told | None:
    if paper is None:
        return None
    bureau = bureau_of(paper.proceeding.scope)
    return Told(
        paper.number, paper.digest, paper.made_at.astimezone(clock.SHANGHAI).date(), bureau.title if bureau else "",
        paper.withdrawn_on, paper.instead.number if paper.instead else "",
    )  # fmt: skip
