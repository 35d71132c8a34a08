"""The drafts of a step that was taken more than once, side by side: what was sent back, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.catalogue.law.comparing import Piece, pieces
from shiheng.kernel.errors import Missing
from shiheng.procedures import queries
from shiheng.procedures.contents import contents_of
from shiheng.procedures.course import Course, Passage
from shiheng.registers.contents import lines_of
from shiheng.ui.pages import render
from shiheng.ui.wording import say


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact in the earlier and in the later draft."""

    title: str
    old: Sequence[Piece]
    new: Sequence[Piece]

    @property
    def same(self) -> bool:
        return all(piece.kind == "same" for piece in (*self.old, *self.new))


@needs(May.READ_FILES)
@require_safe
@never_cache
def drafts(request: HttpRequest, number: int, step: str) -> HttpResponseBase:
    """Two drafts of a step: the passage ``b`` (the latest) beside ``a`` (the one before it), and what lay between."""
    found = queries.find(who_at(request), number)
    course = queries.course_of(found)
    held = course.procedure.step(step)
    taken = course.taken(step)
    if held is None or len(taken) < 2:
        raise Missing("drafts.one", _("这个环节没有可以对照的前后两稿。"))
    later = _chosen(taken[1:], request.GET.get("b", ""))
    earlier = _chosen([one for one in taken if one.number < later.number], request.GET.get("a", ""))
    context = {
        "file": found,
        "step": held,
        "taken": taken,
        "earlier": earlier,
        "later": later,
        "lines": _compared(course, earlier, later),
        "points": _points(course, earlier, later),
    }
    return render(request, "procedures/drafts.html", context)


def _chosen(taken: Sequence[Passage], number: str) -> Passage:
    return next((one for one in taken if str(one.number) == number), taken[-1])


def _compared(course: Course, earlier: Passage, later: Passage) -> list[Compared]:
    contents = contents_of(course.procedure, later.step)
    before = dict(lines_of(contents, earlier.facts))
    after = dict(lines_of(contents, later.facts))
    return [Compared(title, *pieces(before.get(title, ""), after.get(title, ""))) for title in {**before, **after}]


def _points(course: Course, earlier: Passage, later: Passage) -> list[tuple[str, str]]:
    """What was sent back between the two drafts, point by point, each with its answer."""
    sent = [
        str(point)
        for passage in course.live
        if earlier.number < passage.number < later.number
        for point in passage.facts.get("points") or ()
    ]
    answers = [str(one) for one in later.facts.get("replies") or ()] if sent else []
    return list(zip_longest(sent, answers, fillvalue=str(say("（没有回应）"))))
