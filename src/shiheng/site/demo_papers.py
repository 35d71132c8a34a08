"""The papers of the invented bureau's files, served through the same doors as anybody's; a form of its own beside."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, UUID, uuid5

import docx

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.city import case_papers, cases, days
from shiheng.city import papers as plan
from shiheng.city.papers import HANDED, POSTED, SENT, Try
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions, formbook, papers, queries
from shiheng.procedures.course import Course
from shiheng.procedures.models import Paper, Passage, Proceeding
from shiheng.procedures.ownforms import actions as own
from shiheng.procedures.ownforms import starter
from shiheng.ui.word import saved

CASE, SPOT = "enforcement.case", "enforcement.summary"
EVERY = 2  # of two files one had its papers made here; the other's lie in the folders of the old system


def live(today: date) -> None:
    """Do what is missing of all that was made and served by ``today``."""
    _own_forms(today)
    clerk = _who("chuang")
    done = Passage.objects.filter(
        step__in=list(plan.FORMS), voided_at=None, proceeding__scope__startswith=days.DISTRICT
    ).select_related("proceeding")
    for n, said in enumerate(done.order_by("proceeding__number", "number")):
        if n % EVERY == 0:
            _paper(n, said, today, clerk)
    _withdrawn()
    for procedure, many, row in (
        (CASE, case_papers.CASES, case_papers.ROW),
        (SPOT, case_papers.SPOTS, case_papers.SPOT),
    ):
        held = Proceeding.objects.filter(procedure=procedure, scope__startswith=days.DISTRICT)
        officer = _who(cases.A)
        for file in held.order_by("-ended", "number")[:many]:  # the closed ones first
            course = queries.course_of(file)
            for name in row:
                _of_case(file, course, name, today, officer)


def _of_case(file: Proceeding, course: Course, name: str, today: date, who: Who) -> None:
    """One form of a case for each party it is about, on the day of the step it goes with."""
    form = formbook.of_code(f"enforcement.{name}", on=today)
    asked = {ask.name: case_papers.ASKED[ask.name] for ask in form.asks if ask.name in case_papers.ASKED}
    for party in formbook.parties_for(form, course):
        said = next(iter(course.taken(*form.steps, party=party) or course.taken(*form.steps)))
        with clock.standing_at(_at(said.day, 16)):
            try:
                made = actions.make_paper(
                    who, file.pk, form.code, party=party, asked=asked, key=_key("case", file.number, name, party)
                )
            except Refused:
                continue  # a step on the way there was not taken in this case
        if name in case_papers.SERVED:
            told = set(made.servings.values_list("party", flat=True))  # by the step that says how it was served
            for number in (one for one in made.to if one not in told):
                _serve(made.pk, file, made, number, HANDED if party else POSTED, said.day, who)


def _paper(n: int, said: Passage, today: date, clerk: Who) -> None:
    file, day = said.proceeding, said.day
    with clock.standing_at(_at(day, 16)):
        try:
            made = actions.make_paper(clerk, file.pk, plan.FORMS[said.step], key=_key("make", file.number, said.number))
        except Refused:
            return  # an anonymous report has nobody to be told
    course = plan.COURSES[n // EVERY % len(plan.COURSES)]
    for party in made.to:
        if SENT in course:
            with clock.standing_at(_at(day, 16)):
                facts = plan.confirmed(n)
                actions.confirm_address(
                    clerk, file.pk, party, signed_on=day, key=_key("address", made.number, party), **facts
                )
        for step, one in enumerate(course):
            when = day + timedelta(days=2 * step + (0 if one is SENT else 1))
            if when <= today:
                _serve(n, file, made, party, one, when, clerk)


def _serve(n: int, file: Proceeding, made: Paper, party: int, one: Try, when: date, clerk: Who) -> None:
    proof = {name: said.format(n=n * 10 + party) for name, said in one.proof.items()}
    with clock.standing_at(_at(when, 17)):
        actions.serve_paper(
            clerk, file.pk, made.pk, way=one.way, party=party, proof=proof, result=one.result,
            key=_key("serve", made.number, party, one.way),
        )  # fmt: skip


def _withdrawn() -> None:
    """One paper with a slip in it: taken back by the chief, with the one that took its place."""
    held = Paper.objects.filter(form=plan.OWN, served_on=None, withdrawn_on=None).order_by("pk").first()
    if held is None or Paper.objects.exclude(withdrawn_on=None).exists():
        return
    day = held.made_at.astimezone(clock.SHANGHAI).date()
    with clock.standing_at(_at(day, 18)):
        other = actions.make_paper(_who("chuang"), held.proceeding_id, plan.OWN, key=_key("instead", held.number))
        actions.withdraw_paper(
            _who("zhang"), held.proceeding_id, held.pk, reason=plan.WITHDRAWN_WHY, instead=other.pk,
            key=_key("withdraw", held.number),
        )  # fmt: skip


def _own_forms(today: date) -> None:
    """The form of the bureau's own that is in force, and one that still waits to be decided."""
    drafter, decider = _who(plan.DRAFTER), _who(plan.DECIDER)
    day = today - timedelta(days=plan.OWN_AGO)
    with clock.standing_at(_at(day, 10)):
        row = own.draft(
            drafter, plan.OWN, content=_ours(plan.OWN, day, plan.OWN_MORE), name=plan.OWN_NAME,
            reason=plan.OWN_REASON, in_force_from=day + timedelta(days=5), key=_key("own"),
        )  # fmt: skip
    with clock.standing_at(_at(day + timedelta(days=1), 10)):
        own.publish(decider, row.pk, key=_key("own", "publish"))
    with clock.standing_at(_at(today, 8)):
        own.draft(
            drafter, plan.WAITING, content=_ours(plan.WAITING, today, ""), name="a.docx", reason=plan.WAITING_REASON,
            in_force_from=today + timedelta(days=14), key=_key("waiting"),
        )  # fmt: skip


def _ours(code: str, day: date, more: str) -> bytes:
    """The shipped form with a sentence of the bureau's own, as somebody would make it in Word."""
    form = formbook.of_code(code, on=day)
    word = docx.Document(BytesIO(starter.starter(form, papers.names(form, papers.procedure_for(form, day)))))
    if more:
        word.add_paragraph(more)
    return saved(word)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def _who(name: str) -> Who:
    return who_of(Account.objects.get(username=name))


def _key(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:papers:" + ":".join(map(str, words)))
