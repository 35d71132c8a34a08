"""Serving a paper on each of those it is for, try by try with its proof; where a party wants to be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.procedures import ways
from shiheng.procedures.contents import version_of
from shiheng.procedures.models import Address, Paper, Party, Proceeding, Serving
from shiheng.procedures.moves.queries import calendar
from shiheng.procedures.paper_actions import handled, paper_of
from shiheng.procedures.served import digest_of, settle
from shiheng.procedures.ways import RESULTS, Way
from shiheng.registers.contents import claim_keys

kinds.declare(file_served="登记送达", file_address="登记送达地址确认")
PERSONAL = {"address": "address", "receiver": "name", "phone": "phone", "electronic": "phone"}


def serve_paper(
    who: Who,
    number: int,
    paper: int,
    *,
    way: str,
    proof: Mapping[str, str],
    party: int = 0,
    to: str = "",
    result: str = "served",
    day: date | None = None,
    officer: str = "",
    key: UUID | None = None,
) -> Serving:
    """Write down one try to serve a paper: on whom, in which way, on which day, with which outcome and proof.

    ``party`` is whom of the file, or ``to`` names somebody else. Raises ``Refused`` where the way does not fit what
    stands on record, or its proof is missing.
    """
    today = clock.today()
    day = day or today
    if day > today:
        raise Refused("file.day", _("发生日期不能晚于今天。"), field="day")
    held_way = ways.of_code(way, on=day)
    kept = held_way.check(dict(proof), result)

    def do() -> dict[str, Any]:
        found = handled(who, number)
        held = paper_of(found, paper)
        name = receiver(found, party, to)
        before = list(held.servings.order_by("number"))
        check(found, held, held_way, party, name, before, day)
        effective = held_way.effective(day, calendar()) if result == "served" else None
        row = Serving.objects.create(
            paper=held, number=len(before) + 1, party=party, to=name, way=way, result=result, day=day,
            effective_on=effective, proof=kept, at=clock.now(), by=who.name, actor=who.key, officer=officer[:100],
        )  # fmt: skip
        settle(held, [*before, row])
        ledger.record(
            "file.served", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"paper": held.number, "try": row.number, "party": party, "way": way, "result": result,
                   "day": day.isoformat(), "effective": effective.isoformat() if effective else None,
                   "proof": digest_of(kept)},
        )  # fmt: skip
        return {"serving": row.pk}

    payload = {"file": number, "paper": paper, "party": party, "to": to, "way": way, "result": result,
               "day": day.isoformat(), "proof": kept}  # fmt: skip
    done, _fresh = once(who, key=key, action="procedures.serve", payload=payload, do=do)
    return Serving.objects.get(pk=done["serving"])


def receiver(found: Proceeding, party: int, to: str) -> str:
    if party:
        row = found.parties.filter(number=party, gone=False).first()
        if row is None:
            raise Refused("serve.party", _("案卷里没有这一方。"), field="party")
        return row.name
    if not to.strip():
        raise Refused("serve.to", _("请写明受送达人。"), field="to")
    return to.strip()[:300]


def check(
    found: Proceeding, held: Paper, way: Way, party: int, name: str, before: list[Serving], day: date
) -> None:  # fmt: skip
    if held.withdrawn_on:
        raise Refused("serve.withdrawn", _("这份文书已经撤回，不能再送达。"))
    if day < held.made_at.astimezone(clock.SHANGHAI).date():
        raise Refused("paper.before", _("送达日期不能早于文书制作的日期。"), field="day")
    own = [row for row in before if (row.party, row.to) == (party, name)]
    if any(row.result == "waiting" for row in own):
        raise Conflict("paper.waiting", _("已经发给%(name)s，正在等待回执。") % {"name": name})
    if any(row.result == "served" for row in own):
        raise Conflict("paper.served", _("这份文书已经登记送达%(name)s。") % {"name": name})
    if own and day < own[-1].day:
        raise Refused("serve.order", _("送达日期不能早于上一次送达的日期。"), field="day")
    if way.after and not own:
        told = {"way": way.title, "basis": str(way.basis)}
        raise Refused(
            "serve.after", _("%(way)s须在其他方式被拒绝或者未能送达以后采用，请先登记那一次。（%(basis)s）") % told
        )
    if way.confirmed:
        address = address_of(found, party)
        if address is None or not address.channel:
            told = {"way": way.title, "basis": str(way.basis)}
            raise Refused(
                "serve.confirmed",
                _("%(way)s须有受送达人签署并同意电子送达的送达地址确认书，请先登记。（%(basis)s）") % told,
            )
        if day < address.signed_on:
            raise Refused("serve.early", _("送达日期不能早于送达地址确认书的签署日期。"), field="day")


@dataclass(frozen=True, slots=True)
class Receiver:
    """One of those a paper is for: the tries so far and whether it has reached them; ``label`` where it can be sent."""

    party: int
    name: str
    tries: tuple[Serving, ...]
    confirmed: Address | None

    @property
    def waiting(self) -> bool:
        return any(row.result == "waiting" for row in self.tries)

    @property
    def served(self) -> Serving | None:
        return next((row for row in self.tries if row.result == "served"), None)


def receivers(found: Proceeding, held: Paper) -> list[Receiver]:
    """Everybody a paper is for, and everybody it was tried to be served on."""
    tries = list(held.servings.order_by("number"))
    parties = {row.number: row.name for row in found.parties.order_by("number")}
    confirmed = {row.party: row for row in found.addresses.order_by("number")}
    wanted = [(number, parties[number]) for number in held.to if number in parties]
    wanted += [(row.party, row.to) for row in tries]
    return [
        Receiver(party, name, tuple(r for r in tries if (r.party, r.to) == (party, name)), confirmed.get(party))
        for party, name in dict.fromkeys(wanted)
    ]


def people(found: Proceeding) -> list[Party]:
    """Who in a file can be served: what only stands in it as a thing, such as goods under seizure, is nobody."""
    things = [kind.code for kind in version_of(found.procedure, found.version).parties if kind.later]
    return list(found.parties.filter(gone=False).exclude(kind__in=things).order_by("number"))


def result_title(code: str) -> str:
    return RESULTS.get(code, code)


# -- where a party wants to be served


def confirm_address(
    who: Who,
    number: int,
    party: int,
    *,
    address: str,
    signed_on: date,
    receiver: str = "",
    phone: str = "",
    channel: str = "",
    electronic: str = "",
    key: UUID | None = None,
) -> Address:
    """Write down what a party signed: its address, and in which electronic way it agrees to be served, if any."""
    told = {"address": address.strip(), "receiver": receiver.strip(), "phone": phone.strip(),
            "electronic": electronic.strip()}  # fmt: skip
    if not told["address"]:
        raise Refused("address.missing", _("请填写送达地址。"), field="address")
    if bool(channel) != bool(told["electronic"]):
        raise Refused("address.channel", _("同意电子送达的，电子方式和号码（地址）须一并填写。"), field="electronic")
    if signed_on > clock.today():
        raise Refused("file.day", _("发生日期不能晚于今天。"), field="signed_on")
    payload = {"file": number, "party": party, "signed": signed_on.isoformat(), "channel": channel, **told}

    def do() -> dict[str, Any]:
        found = handled(who, number)
        if not found.parties.filter(number=party, gone=False).exists():
            raise Refused("serve.party", _("案卷里没有这一方。"), field="party")
        data = keyring.current()
        facts = {name: sealing.seal(value, data, PERSONAL[name]) for name, value in told.items() if value}
        claim_keys(facts)
        row = Address.objects.create(
            proceeding=found, number=found.addresses.count() + 1, party=party, facts=facts, channel=channel,
            signed_on=signed_on, at=clock.now(), by=who.name,
        )  # fmt: skip
        ledger.record(
            "file.address", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"number": found.number, "party": party, "signed": signed_on.isoformat(), "channel": channel},
        )  # fmt: skip
        return {"address": row.pk}

    done, _fresh = once(who, key=key, action="procedures.address", payload=payload, do=do)
    return Address.objects.get(pk=done["address"])


def address_of(found: Proceeding, party: int) -> Address | None:
    """What a party signed last."""
    return found.addresses.filter(party=party).order_by("-number").first()


def posted_to(found: Proceeding, party: Party) -> tuple[str, str, str]:
    """Name, address and telephone for an envelope: as confirmed, else as the file has them."""
    held = address_of(found, party.number)
    facts = held.facts if held else party.facts

    def said(name: str) -> str:
        return keyring.unsealed(facts[name]) if facts.get(name) else ""

    seat = party.subject.address if party.subject else ""
    return said("receiver") or party.name, said("address") or seat, said("phone")
