"""What another department's own person may do with files: send those of its sources, and see what became of them.

A contract names its department; an office whose title ends with that name is the department. Whoever holds
``SEND_OWN`` there is lent, for one call and after the source was checked, the power our data officers hold: never over
more than its own sources, and under the person's own name on the record.
"""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Grant, May, Who
from shiheng.fusion import actions, scores, sources
from shiheng.fusion.definition import Source
from shiheng.fusion.models import Batch, Quarantined
from shiheng.kernel.errors import Forbidden, Missing


def offices(who: Who) -> list[Office]:
    """The offices for which a person sends files."""
    return list(Office.objects.filter(within(who.paths(May.SEND_OWN), "path"), closed_on=None).order_by("path"))


def own_sources(who: Who) -> dict[str, Source]:
    """The sources that name one of those offices as their department."""
    titles = [office.title for office in offices(who)]
    return {
        code: source
        for code, source in sorted(sources.every().items())
        if source.department and any(title.endswith(source.department) for title in titles)
    }


def lent(who: Who, *powers: str) -> Who:
    """The same person with powers over the bureau the department stands beside; give it to nobody."""
    above = sorted({office.path[: office.path[:-1].rfind(".") + 1] for office in offices(who)})
    grants = tuple(Grant(role="", office="", path=path, powers=frozenset(powers)) for path in above if path)
    return replace(who, grants=grants)


def check_source(who: Who, code: str) -> Source:
    """The source, if it is of the person's department."""
    found = own_sources(who).get(code)
    if found is None:
        raise Forbidden("sources.own", _("这个数据源不由您的单位报送。请选择列出的数据源。"))
    return found


def land(source: str, origin: Any, *, filename: str, who: Who, **more: Any) -> Batch:
    """Send a file of the own department in."""
    check_source(who, source)
    return actions.land(source, origin, filename=filename, who=lent(who, May.LAND_FILES), **more)


def batches(who: Who) -> QuerySet[Batch]:
    """All files of the own sources, whoever sent them."""
    paths = lent(who, May.READ_SOURCES).paths(May.READ_SOURCES)
    return Batch.objects.filter(within(paths), source__in=list(own_sources(who)))


def batch(who: Who, number: int) -> Batch:
    """One of them, or ``Missing``."""
    found = batches(who).filter(pk=number).first()
    if found is None:
        told = _("没有编号为 %(number)s 的批次，或它不是您单位报送的。") % {"number": number}
        raise Missing("batch.unknown", told)
    return found


def refused_rows(who: Who, number: int) -> QuerySet[Quarantined]:
    """The rows of one of them that broke the contract: the department's own rows, with their reasons."""
    return Quarantined.objects.filter(batch=batch(who, number)).order_by("row")


def board(who: Who) -> list[scores.Score]:
    """The own department on the scoreboard: how punctual and how clean."""
    own = own_sources(who)
    held = scores.lines(lent(who, May.READ_SOURCES))
    return scores.scores(line for line in held if line.source.code in own)
