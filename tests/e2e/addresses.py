"""Every page somebody reads, from the access tables, and who opens it: what a browser is to look at."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.structure import test_access
from tests.structure.world import World

# Pages the tables do not tell apart: another tab, another reader, an earlier day, nothing found, a refusal.
MORE = {
    "subjects": (
        ("subject-all", "chief", "subject", "subject_id=@subject ?tab=all"),
        ("subject-registration", "clerk", "subject", "subject_id=@subject ?tab=registration"),
        ("subject-outside", "inspector_b", "subject", "subject_id=@subject ?tab=all"),
        ("subject-day", "chief", "subject", "subject_id=@subject ?on=2026-01-05"),
        ("subject-bad-day", "chief", "subject", "subject_id=@subject ?on=2999-01-01"),
        ("subjects-bad-filter", "chief", "subjects", "?established_from=明天"),
        ("subjects-none", "inspector_b", "subjects", ""),
        ("find-nothing", "clerk", "desk-search", "?q=查无此家"),
        ("find-empty", "clerk", "desk-search", ""),
        ("enterprise-all", "owner", "enterprise-subject", "subject_id=@subject ?tab=all"),
        ("missing", "chief", "subject", "subject_id=999999999"),
    ),
    "publication": (
        ("results-nothing", "anyone", "portal-search", "?q=查无此家"),
        ("results-empty", "anyone", "portal-search", ""),
        ("portal-missing", "anyone", "portal-subject", "key=91449901MA0000000X"),
        ("usage-refused", "data", "usage", ""),
    ),
    "fusion": (
        ("quarantine-batch", "chief", "quarantine", "?batch=@batch"),
        ("quarantine-none", "chief", "quarantine", "?batch=999999"),
        ("send-chosen", "data", "source-send", "?source=register"),
    ),
    "ui": (("gallery-chief", "chief", "ui-gallery", ""),),
}
REFUSED = {"missing", "portal-missing", "usage-refused"}


@dataclass(frozen=True)
class Address:
    """One page to look at: a name for its picture, who opens it, and where it is."""

    name: str
    column: str
    url: str

    @property
    def refused(self) -> bool:
        """Whether the page is to be a refusal, which the browser also reports on its console."""
        return self.name in REFUSED


def tables() -> list[str]:
    """The rooms that have pages."""
    return sorted({row.table for row in test_access.rows() if row.reader})


def of_room(table: str, world: World, sign_in: Any) -> list[Address]:
    """The room's pages: every address of its table that answers somebody with a page, and what ``MORE`` names."""
    found = []
    for row in test_access.rows():
        if row.table == table and row.reader:
            column = "anyone" if row.statuses["anyone"] == 200 else row.reader
            address = Address(row.name.replace(":", "-"), column, _url(row.name, row.kwargs, world))
            answer = sign_in(column).get(address.url)
            kind, kept = answer["Content-Type"], answer.get("Content-Disposition", "")
            if kind.startswith("text/html") and not kept.startswith("attachment"):
                found.append(address)
    return found + [Address(n, column, _url(name, kw, world)) for n, column, name, kw in MORE.get(table, ())]


def _url(name: str, kwargs: str, world: World) -> str:
    given, query = world.resolve(kwargs)
    return reverse(name, kwargs=given) + query
