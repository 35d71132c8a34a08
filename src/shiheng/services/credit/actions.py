"""What a business does about a line of its credit file: it applies, objects, answers, supplies papers, withdraws."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.procedures import actions as procedures
from shiheng.procedures import queries as proceedings
from shiheng.procedures.actions import Standing
from shiheng.procedures.contents import contents_of, procedure_of, version_of
from shiheng.procedures.definition import OPENING, Step
from shiheng.procedures.models import Party, Proceeding
from shiheng.procedures.recording import file_of
from shiheng.services.actions import Attached, attach, named
from shiheng.services.credit import queries
from shiheng.services.credit.queries import Held, Offered
from shiheng.ui.wording import say

OWNER = "owner:"


def offered(held: Held, code: str) -> Offered:
    """A way about a line as it is offered now. Raises ``Refused``."""
    found = next((one for one in held.ways if one.way.code == code), None)
    if found is None:
        raise Refused("credit.way", _("这条记录现在不能这样办理。请回到“我的信用”查看可以办理的事项。"))
    return found


def check(found: Offered) -> None:
    """Raise ``Refused`` with the article where a condition is certainly not met, or it is too early or too late."""
    told = []
    if found.too_early and found.since:
        day = found.since.due_day
        told.append(_("还没有达到最短期限，%(day)s 起可以申请（%(basis)s）") % {"day": day, "basis": found.since.basis})
    if found.too_late and found.until:
        told.append(_("期限已于 %(day)s 届满（%(basis)s）") % {"day": found.until.due_day, "basis": found.until.basis})
    told += [
        _("条件“%(title)s”没有具备（%(basis)s）") % {"title": say(one.title), "basis": one.basis}
        for one in found.unmet
        if not (found.too_early and one.code == "term")
    ]
    if told:
        raise Refused("credit.conditions", "；".join(map(str, told)) + "。")


def apply(
    who: Who, number: int, code: str, given: Mapping[str, Any], *, attached: Sequence[Attached] = (), key: UUID
) -> tuple[Proceeding, Party]:
    """Go a way about a line of an own business: open its procedure, or take its step in the file the line comes of.

    What the platform knows is filled in by the platform; the rest is as it was ``given``. Raises ``Refused`` with the
    article where a condition is not met.
    """

    def do() -> dict[str, Any]:
        made, party = _apply(who, number, code, given, attached, uuid5(key, "do"))
        return {"file": made.pk, "party": party.number}

    payload = {"line": number, "way": code, "facts": {name: str(value) for name, value in given.items()},
               "files": [one.kept.sha256 for one in attached]}  # fmt: skip
    result, _fresh = once(who, key=key, action="credit.apply", payload=payload, do=do)
    made = Proceeding.objects.get(pk=result["file"])
    return made, made.parties.get(number=result["party"])


def _apply(
    who: Who, number: int, code: str, given: Mapping[str, Any], attached: Sequence[Attached], key: UUID
) -> tuple[Proceeding, Party]:  # fmt: skip
    held = queries.find(who, number)
    found = offered(held, code)
    check(found)
    way, today = found.way, clock.today()
    facts = {**dict(way.fills(held.line, today)), **{name: given[name] for name in way.asks if name in given}}
    origin = Proceeding.objects.filter(pk=file_of(held.record.reference)).first()
    if way.step:
        if origin is None:
            raise Refused("credit.file", _("这条记录没有本局的案卷，请向作出决定的机关申请。"))
        party = _party_in(origin, held)
        step = version_of(origin.procedure, origin.version).step(way.step)
        _take(origin, party, step, {**facts, **_person(step, who)}, key)
        made = origin
    else:
        made = _open(who, held, way.procedure, facts, origin, key)
        party = made.parties.filter(gone=False, subject__isnull=False).order_by("number")[0]
    if attached:
        attach(made, party, attached, key=uuid5(key, "papers"))
    return made, party


def _party_in(origin: Proceeding, held: Held) -> Party:
    rows = origin.parties.filter(gone=False).order_by("number")
    number = queries.party_number(held.record)
    return rows.filter(number=number)[0] if number else rows[0]


def _open(
    who: Who, held: Held, code: str, facts: Mapping[str, Any], origin: Proceeding | None, key: UUID
) -> Proceeding:  # fmt: skip
    """Open a file of the business's own, bound to the one the line comes of where that is one of ours."""
    procedure, firm = procedure_of(code, on=clock.today()), held.record.subject
    kind = next(one for one in procedure.parties if one.subject)
    bound = origin is not None and procedure.bond is not None and procedure.bond.takes(origin.procedure)
    acting = named(origin, _party_in(origin, held)) if origin and bound else _owner(who, firm.name)
    return procedures.open_file(
        acting, code, facts, parties=[Standing(kind.code, firm.name, subject=firm.pk)], subject=firm.pk,
        scope=origin.scope if origin else firm.scope, about=origin.pk if origin and bound else None, key=key,
    )  # fmt: skip


def _owner(who: Who, name: str) -> Who:
    """A business as who acts where no file of ours knows it yet."""
    told = _("%(name)s（网上）") % {"name": name}
    return Who(key=f"{OWNER}{who.account_id}", name=told[:100], kind=proceedings.CITIZEN)


def _person(step: Step | None, who: Who) -> dict[str, str]:
    """Who asks, where a step wants to know: whoever is signed in for the business."""
    names = step.facts.model_fields if step and step.facts else {}
    return {"person": who.name} if "person" in names else {}


def _take(found: Proceeding, party: Party, step: Step | None, facts: Mapping[str, Any], key: UUID) -> None:
    if step is None or not step.by_public:
        raise Refused("credit.step", _("这个环节不能在网上办理。"))
    of_party = party.number if step.of_party else None
    procedures.take(named(found, party), found.pk, step.code, facts, party=of_party, key=key)


def take(
    who: Who, number: int, step: str, given: Mapping[str, Any], *, attached: Sequence[Attached] = (), key: UUID
) -> Proceeding:
    """Take a step that is the business's own in a file it follows: supply papers, withdraw."""
    found, party = queries.find_file(who, number)
    held = version_of(found.procedure, found.version).step(step)
    with transaction.atomic():
        _take(found, party, held, {**given, **_person(held, who)}, key)
        if attached:
            attach(found, party, attached, key=uuid5(key, "papers"))
    return found


def model_of(procedure: str, way_step: str, origin: Proceeding | None) -> type[Any]:
    """What a way asks with: the model of the procedure's opening, or of the step."""
    if way_step and origin is not None:
        return contents_of(version_of(origin.procedure, origin.version), way_step).facts
    return contents_of(procedure_of(procedure, on=clock.today()), OPENING).facts
