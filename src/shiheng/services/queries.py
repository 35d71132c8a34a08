"""What whoever sent a letter is told of it, and no more: a reporter only whether a case was filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shiheng.accounts.models import Office
from shiheng.kernel.calendars import Calendar
from shiheng.procedures import checking, papers
from shiheng.procedures import queries as proceedings
from shiheng.procedures.contents import contents_of, version_of
from shiheng.procedures.course import Course, Passage
from shiheng.procedures.definition import OPENING, Limit, Procedure, State
from shiheng.procedures.models import Paper, Party, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.registers.contents import lines_of
from shiheng.services.models import Addition, Rating
from shiheng.ui.documents import Document
from shiheng.ui.wording import say

REASONS = ("ground", "why", "agreement", "answer", "body", "result")
"""Facts of a step that tell its reason to whom it is for."""
ANSWERS = ("reply_kind", "reply_ground", "reply_words", "reply_body")
"""Facts of a drafted answer: told once it was signed and sent."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done, as it is told outside."""

    title: str
    day: date
    reasons: list[tuple[str, str]]
    basis: Any = None


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next, by which day, and how that day is reckoned."""

    limit: Limit
    due: date | None
    sentence: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A file as the person it is for sees it."""

    state: State
    done: Sequence[Done]
    coming: Sequence[Coming]
    papers: Sequence[Paper]
    additions: Sequence[Addition]
    rating: Rating | None
    office: Office | None
    may_add: bool
    may_withdraw: bool
    asks_consent: bool
    may_rate: bool


def promises(procedure: Procedure) -> list[tuple[Limit, str]]:
    """What the law says comes of a letter by when: the bureau's own clocks, as they are declared."""
    return [(one, f"{one.number} {say(one.unit)}") for one in procedure.limits if not one.of_party]


def promises_of(found: Proceeding) -> list[tuple[Limit, str]]:
    return promises(version_of(found.procedure, found.version))


def is_secret(found: Proceeding, party: Party) -> bool:
    """Whether nobody may learn that this party stands in the file, as of whoever reported."""
    kind = version_of(found.procedure, found.version).party(party.kind)
    return bool(kind and kind.hidden)


def told_to(found: Proceeding, party: Party, calendar: Calendar) -> ToldOf:
    """What one who stands in a file is told of it."""
    course = proceedings.course_of(found)
    secret = is_secret(found, party)
    state = course.procedure.state(course.state)
    rating = Rating.objects.filter(proceeding=found).first()
    steps = course.procedure.steps_from(course.state)
    mediates = any("complainant_agrees" in (s.facts.model_fields if s.facts else {}) for s in steps)
    return ToldOf(
        state if not secret or state.ended else State(state.code, str(_("核查中")), "wait"),
        [
            _done(course, one)
            for one in course.live
            if (not secret or _ends(course, one)) and one.party in {None, party.number}
        ],
        [] if secret else _coming(course, calendar, party),
        [] if secret else papers_of(found, party),
        list(Addition.objects.filter(proceeding=found, party=party.number).order_by("-number")),
        rating,
        bureau_of(found.scope),
        may_add=not found.ended,
        may_withdraw=not found.ended and not secret,
        asks_consent=mediates and not secret,
        may_rate=found.ended and rating is None,
    )


def _ends(course: Course, passage: Passage) -> bool:
    """Whether a reporter is told of it: that it came in, and how it ended."""
    step = course.procedure.step(passage.step)
    return passage.step == OPENING or bool(step and step.to and course.procedure.state(step.to).ended)


def _done(course: Course, passage: Passage) -> Done:
    step = course.procedure.step(passage.step)
    contents = contents_of(course.procedure, passage.step)
    names = (*REASONS, *ANSWERS) if course.procedure.state(course.state).ended else REASONS
    titles = {contents.titles[name] for name in names if name in contents.titles}
    told = [] if step is None else [line for line in lines_of(contents, passage.facts) if line[0] in titles and line[1]]
    return Done(str(say(step.title)) if step else str(_("收到")), passage.day, told, step.basis if step else None)


def _coming(course: Course, calendar: Calendar, party: Party) -> list[Coming]:
    return [
        Coming(held.limit, held.receipt.due_day, held.receipt.sentence(), held.waiting)
        for held in course.clocks(calendar)
        if held.running and not held.limit.of_party and held.party in {None, party.number}
    ]


def papers_of(found: Proceeding, party: Party) -> list[Paper]:
    """The papers that reached somebody, and still count."""
    rows = found.papers.filter(withdrawn_on=None, servings__party=party.number, servings__result="served")
    return list(rows.distinct().order_by("-made_at", "-pk"))


def document(paper: Paper, request: HttpRequest) -> Document:
    return papers.document_of(paper.content, checking.check_of(paper, request))
