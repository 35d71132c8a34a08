"""Making a paper of a file, once and for good; taking one back; each under its key and on record."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import formbook, numbering, papers, queries, served
from shiheng.procedures.course import Course
from shiheng.procedures.formbook import Form
from shiheng.procedures.models import Paper, Proceeding
from shiheng.procedures.ownforms import queries as own_forms
from shiheng.ui.wording import in_the_record

kinds.declare(file_paper="制作文书", file_unpaper="撤回文书")

__all__ = ["handled", "make_paper", "paper_of", "withdraw_paper"]


def handled(who: Who, number: int) -> Proceeding:
    """A file whose papers ``who`` may make and serve."""
    found = queries.find(who, number)
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Forbidden("paper.post", _("您的岗位不能制作这个案卷的文书。"))
    return found


def paper_of(found: Proceeding, paper: int) -> Paper:
    """A paper of a file."""
    held = Paper.objects.select_related("own").filter(proceeding=found, pk=paper).first()
    if held is None:
        raise Missing("paper.unknown", _("案卷里没有这份文书。"))
    return held


def make_paper(
    who: Who,
    number: int,
    form: str,
    *,
    party: int | None = None,
    asked: Mapping[str, str] | None = None,
    key: UUID | None = None,
) -> Paper:
    """Make a form of a file as it stands; its number is the next of its kind, its words are kept and never changed.

    ``party`` is whom a form of one party is about (not needed where there is only one), ``asked`` what only this paper
    says. Where the bureau has a form of its own in force today, the paper is made of that one. Raises ``Refused`` with
    the name of everything it still lacks.
    """

    def do() -> dict[str, Any]:
        found = handled(who, number)
        course, today = queries.course_of(found), clock.today()
        held = formbook.of_code(form, on=today)
        if held not in formbook.offered(course, today):
            raise Refused("paper.early", _("还没有办到这一步，不能制作“%(title)s”。") % {"title": held.title})
        about = _about(held, course, party)
        return {"paper": _made(who, found, course, held, today, about, said).pk}

    said = {name: value.strip() for name, value in (asked or {}).items() if value.strip()}
    payload = {"file": number, "form": form, "party": party, "asked": said}
    result, _done = once(who, key=key, action="procedures.paper", payload=payload, do=do)
    return Paper.objects.get(pk=result["paper"])


def _about(form: Form, course: Course, party: int | None) -> int | None:
    """Which party a paper is about: the one that was named, or the only one there is."""
    fitting = formbook.parties_for(form, course)
    if party in fitting:
        return party
    if party is not None or len(fitting) != 1:
        raise Refused("paper.party", _("请选择“%(title)s”是对哪一方的。") % {"title": form.title}, field="party")
    return fitting[0]


def _made(
    who: Who, found: Proceeding, course: Course, form: Form, today: date, party: int | None, asked: Mapping[str, str]
) -> Paper:  # fmt: skip
    word = form.word or form.title
    number = numbering.number(f"{{place}}市监{word}〔{{year}}〕{{n}}号", found.scope, today)
    own = own_forms.used(form.code, scope=found.scope, on=today)
    with in_the_record():  # a paper is Chinese, whatever language its maker reads
        content = papers.make(form, found, course, number, own, party=party, asked=asked).content
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    made = Paper.objects.create(
        proceeding=found, form=form.code, version=own.in_force_from if own else form.in_force_from, title=form.title,
        number=number, content=content, digest=hashlib.sha256(text.encode()).hexdigest(), made_at=clock.now(),
        by=who.name, actor=who.key, own=own,
        to=_receivers(found, form, party),
    )  # fmt: skip
    ledger.record(
        "file.paper", subject=f"file:{found.pk}", who=who, scope=found.scope,
        facts={"number": found.number, "paper": number, "form": form.code, "digest": made.digest,
               "own": own.pk if own else None},
    )  # fmt: skip
    served.by_paper(who, found, course, made)
    return made


def _receivers(found: Proceeding, form: Form, party: int | None) -> list[int]:
    """Whom a paper is served on: the party it is about, or everybody of the kinds it is for."""
    rows = found.parties.filter(kind__in=form.to, gone=False).order_by("number")
    if party is not None and form.of_party in form.to:
        rows = rows.filter(number=party)
    return list(rows.values_list("number", flat=True))


def withdraw_paper(
    who: Who, number: int, paper: int, *, reason: str, instead: int | None = None, key: UUID | None = None
) -> Paper:
    """Say that a paper no longer counts, and which one stands in its place; the paper itself stays as it is.

    A second person does it; once it was served, whoever gives out the files of the office.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("paper.reason", _("请写明撤回的理由。"), field="reason")

    def do() -> dict[str, Any]:
        found = handled(who, number)
        held = paper_of(found, paper)
        if held.actor == who.key:
            raise Refused("paper.self", _("自己制作的文书须由另一名工作人员撤回。"))
        if held.served_on and not queries.may_assign(who, found.scope):
            raise Forbidden("paper.served", _("文书已经送达，只能由负责人撤回。"))
        other = paper_of(found, instead) if instead else None
        if other and (other.form != held.form or other.pk == held.pk or other.withdrawn_on):
            raise Refused("paper.instead", _("替代它的须是同一案卷里同种的另一份有效文书。"), field="instead")
        done = {
            "withdrawn_on": clock.today(),
            "withdrawn_by": who.name,
            "withdrawn_why": reason[:500],
            "instead": other,
        }
        with transaction.atomic():
            if Paper.objects.filter(pk=held.pk, withdrawn_on=None).update(**done) != 1:
                raise Conflict("paper.withdrawn", _("这份文书已经撤回。"))
            ledger.record(
                "file.unpaper", subject=f"file:{number}", who=who, scope=found.scope,
                facts={"paper": held.number, "reason": reason, "instead": other.number if other else None},
            )  # fmt: skip
        return {"paper": held.pk}

    payload = {"file": number, "paper": paper, "reason": reason, "instead": instead}
    once(who, key=key, action="procedures.unpaper", payload=payload, do=do)
    return Paper.objects.get(pk=paper)
