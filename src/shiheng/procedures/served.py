"""What follows from a paper's servings; a step that says how a paper was served writes the serving down with it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shiheng.accounts.permissions import Who
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.ledger import actions as ledger
from shiheng.procedures import ways
from shiheng.procedures.course import Course
from shiheng.procedures.definition import Step
from shiheng.procedures.models import Paper, Proceeding, Serving

SAID = "said"
"""The proof of a serving as a step told it: in words of its own, not thing by thing."""


def digest_of(proof: Mapping[str, str]) -> str:
    """What stands on record of a proof: it names people, and the record is for ever."""
    return hashlib.sha256(json.dumps(proof, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def settle(held: Paper, rows: list[Serving]) -> None:
    """The paper counts as served when the last of those it is for was."""
    served = [row for row in rows if row.result == "served" and row.effective_on]
    wanted = set(held.to) or {row.party for row in served}
    if not served or not wanted <= {row.party for row in served}:
        return
    last = max(served, key=lambda row: (row.effective_on or row.day, row.number))
    Paper.objects.filter(pk=held.pk).update(
        served_on=last.effective_on, served_how=ways.title_of(last.way), served_proof=words(last)[:200]
    )


def words(row: Serving) -> str:
    """The proof of a try in one line, in the order the way declares it: a database keeps no order of its own."""
    if SAID in row.proof:
        return str(row.proof[SAID])
    titles = {one.name: one.title for way in ways.all_on(row.day) if way.code == row.way for one in way.proof}
    told = [*(name for name in titles if name in row.proof), *sorted(row.proof.keys() - titles.keys())]
    return "；".join(f"{titles.get(name, name)}：{row.proof[name]}" for name in told)  # not shown: on record


def by_step(who: Who, found: Proceeding, step: Step, facts: Mapping[str, Any], party: int | None, day: date) -> None:
    """Write down with a step how the latest of the papers it serves reached its party; nothing where none was made."""
    if not step.serves or party is None:
        return
    held = found.papers.filter(form__in=step.serves, withdrawn_on=None).order_by("-made_at", "-pk")
    paper = next((one for one in held if party in one.to), None)
    if paper is not None:
        _write(who, found, paper, facts, party, day)


def by_paper(who: Who, found: Proceeding, course: Course, paper: Paper) -> None:
    """Write down how a paper was served that is made after the step that says so, where the day allows it."""
    steps = [step.code for step in course.procedure.steps if paper.form in step.serves]
    for party in paper.to:
        said = next((one for one in reversed(course.taken(*steps, party=party)) if steps), None)
        if said is not None:
            _write(who, found, paper, said.facts, party, said.day)


def _write(who: Who, found: Proceeding, paper: Paper, facts: Mapping[str, Any], party: int, day: date) -> None:
    before: Sequence[Serving] = list(paper.servings.order_by("number"))
    if any(row.party == party and row.result in {"served", "waiting"} for row in before):
        return
    if day < paper.made_at.astimezone(clock.SHANGHAI).date():
        return
    try:
        way = ways.of_code(str(facts.get("way") or ""), on=day)
    except Missing:
        return
    proof = {SAID: str(facts.get("proof") or "")}
    name = found.parties.filter(number=party).values_list("name", flat=True).first() or ""
    row = Serving.objects.create(
        paper=paper, number=len(before) + 1, party=party, to=name, way=way.code, result="served", day=day,
        effective_on=way.effective(day, calendar()), proof=proof, at=clock.now(), by=who.name, actor=who.key,
    )  # fmt: skip
    settle(paper, [*before, row])
    ledger.record(
        "file.served", subject=f"file:{found.pk}", who=who, scope=found.scope,
        facts={"paper": paper.number, "try": row.number, "party": party, "way": way.code, "result": "served",
               "day": day.isoformat(), "proof": digest_of(proof)},
    )  # fmt: skip


def untold(found: Proceeding, course: Course) -> list[tuple[Step, Serving]]:
    """Servings on record which the step that goes with them does not tell yet, so that no clock runs from them."""
    steps = {form: step for step in course.procedure.steps_from(course.state) for form in step.serves}
    if not steps:
        return []
    rows = Serving.objects.filter(
        paper__proceeding=found, paper__form__in=steps, paper__withdrawn_on=None, result="served"
    ).exclude(party=0).select_related("paper")  # fmt: skip
    return [
        (step, row)
        for row in rows.order_by("pk")
        if (step := steps[row.paper.form]) and not course.has(step.code, party=row.party)
    ]


def initial(found: Proceeding, course: Course, step: Step, party: int | None) -> dict[str, Any]:
    """What is filled in beforehand in the form of a step whose paper has been served."""
    row = next((one for held, one in untold(found, course) if held == step and one.party == party), None)
    if row is None:
        return {}
    return {"way": row.way, "proof": words(row)[:200], "receiver": row.proof.get("signer", ""), "day_": row.day}
