"""What follows from the passages of a file, written down: its columns, its clocks, where each party stands."""

from datetime import date

from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict
from shiheng.procedures import queries, recording
from shiheng.procedures.course import Course
from shiheng.procedures.exchange import queries as orders
from shiheng.procedures.models import Clock, Party, Proceeding
from shiheng.procedures.moves.queries import adopted, calendar


def settle(found: Proceeding, course: Course) -> None:
    """Bring the stored file to where its course stands. Raises ``Conflict`` where somebody wrote to it meanwhile."""
    clocks = course.clocks(calendar())
    open_ = [c for c in clocks if c.running and not c.limit.of_party] if not course.ended else []
    # What falls due first; where nothing does, a clock that stands still.
    first = min(open_, key=lambda c: (c.waiting, c.receipt.due_day or date.max), default=None)
    due, limit = (first.receipt.due_day, first.limit.code) if first else (None, "")
    # The platform a matter came from wants its reply by a day of its own, beside those of the law.
    owed = None if course.ended else orders.due_of(found.pk)
    if owed and (due is None or owed < due):
        due, limit = owed, orders.LIMIT
    held = adopted()
    moved = Proceeding.objects.filter(pk=found.pk, turn=found.turn).update(
        state=course.state, ended=course.ended, ended_on=course.latest_day() if course.ended else None,
        due=due, due_limit=limit,
        facts=course.facts, changed_at=clock.now(), turn=found.turn + 1, calendar=held.calendar if held else "",
        version=course.procedure.in_force_from,
    )  # fmt: skip
    if moved != 1:
        raise Conflict("file.moved", _("有人刚刚办理过这个案卷。请刷新页面，看过最新情况后再办理。"))
    found.turn += 1
    Clock.objects.filter(proceeding=found).delete()
    Clock.objects.bulk_create(
        Clock(proceeding=found, **{**columns, "running": columns["running"] and not course.ended})
        for columns in map(queries.clock_columns, clocks)
    )
    there = {party.number for party in course.standing}
    for party in found.parties.all():
        state, gone = course.party_state(party.number), party.number not in there
        if (state, gone) != (party.state, party.gone):
            Party.objects.filter(pk=party.pk).update(state=state, gone=gone)
    recording.keep(found, course)
