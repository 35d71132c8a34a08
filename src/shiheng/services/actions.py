"""Taking a letter from outside, following it, adding to it, withdrawing it, rating it; each once, each on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.ledger.files import Kept
from shiheng.procedures import actions as procedures
from shiheng.procedures import queries as proceedings
from shiheng.procedures.actions import Standing
from shiheng.procedures.contents import procedure_of, version_of
from shiheng.procedures.evidence import actions as evidence
from shiheng.procedures.evidence.actions import Item
from shiheng.procedures.models import Party, Proceeding
from shiheng.services import codes
from shiheng.services.models import Addition, Follow, Rating

kinds.declare(services_added="公众补充", services_rated="公众评价", services_code="发出查询码")
NET = Who(key="net", name="公众（网上）", kind=proceedings.CITIZEN)
BEST = 5
DOCUMENTARY = "01"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file somebody sent with his letter, as it was kept."""

    kept: Kept
    name: str


def send(
    code: str,
    facts: Mapping[str, Any],
    *,
    parties: Sequence[Standing],
    scope: str,
    attached: Sequence[Attached] = (),
    key: UUID,
) -> tuple[Proceeding, str]:
    """Take a letter of somebody who has no account: the file it opened, and the code by which it is followed.

    The same key again gives the same file and code.
    """
    procedure = procedure_of(code, on=clock.today())
    if procedure.public is None:
        raise Forbidden("counter.closed", _("这一事项不能在网上提交。"))
    firm = next((one.subject for one in parties if one.subject), None)
    with transaction.atomic():
        made = procedures.open_file(
            NET, code, {**facts, **procedure.public}, parties=parties, subject=firm, scope=scope, key=key
        )
        person = sender(made)
        told = codes.query_code(key)
        if person is not None:
            _follow(made, person, told)
            attach(made, person, attached, key=key)
    return made, told


def sender(found: Proceeding) -> Party | None:
    """Whoever a file is for: the first of those whose contact is kept back."""
    masked = [kind.code for kind in version_of(found.procedure, found.version).parties if kind.masked]
    return found.parties.filter(kind__in=masked, gone=False).order_by("number").first()


def named(found: Proceeding, party: Party) -> Who:
    """Somebody of a file as who acts in it: by what he is in it, never by his name."""
    kind = version_of(found.procedure, found.version).party(party.kind)
    title = _("%(kind)s（网上）") % {"kind": kind.title if kind else party.kind}
    return proceedings.of_party(found.pk, party.number, title)


def _follow(found: Proceeding, person: Party, code: str) -> Follow:
    phone = person.facts.get("phone")
    values = {
        "code": codes.digest(code), "phone": codes.digest(keyring.unsealed(phone)) if phone else "", "tries": 0,
        "locked_until": None, "made_at": clock.now(),
    }  # fmt: skip
    return Follow.objects.update_or_create(proceeding=found, party=person.number, defaults=values)[0]


def issue(who: Who, number: int, key: UUID | None = None) -> str:
    """Give whoever came in person the code by which he follows his file; an earlier one holds no longer."""
    key = key or uuid4()
    code = codes.query_code(key)

    def do() -> dict[str, Any]:
        found = evidence.handled(who, number)
        person = sender(found)
        if person is None:
            raise Refused("follow.nobody", _("案卷里没有可以查询进度的人。"))
        _follow(found, person, code)
        ledger.record(
            "services.code", subject=f"file:{number}", who=who, scope=found.scope, facts={"number": found.number}
        )
        return {"file": number}

    once(who, key=key, action="services.issue", payload={"file": number}, do=do)
    return code


# -- following


def wrong() -> Refused:
    """One answer to every wrong try: whether such a file exists is told to nobody."""
    return Refused("follow.wrong", _("编号、查询码或者电话不对。请核对后再试；连续五次不对，十五分钟内不能再试。"))


def enter(number: str, code: str) -> Follow:
    """Whoever knows number and query code follows the file. Raises ``Refused`` alike for all that is wrong."""
    return _checked(_known(number), code, "code")


def send_code(number: str, phone: str, *, key: UUID) -> str:
    """Send a code to the telephone a letter was sent with; silent where there is none. Returns it (for demonstrations
    without a channel only)."""
    held = _known(number)
    if held is None or not codes.same(held.phone, phone) or _locked(held):
        return ""
    found = held.proceeding
    code, now = codes.sent_code(), clock.now()
    moved = Follow.objects.filter(pk=held.pk).exclude(sent_until__gt=now + codes.VALID - timedelta(minutes=1))
    if moved.update(sent=codes.digest(code), sent_until=now + codes.VALID) != 1:
        raise Refused("follow.soon", _("验证码刚刚发出，一分钟后可以再次获取。"))
    text = _("您查询 %(number)s 的验证码是 %(code)s，十分钟内有效。") % {"number": found.number, "code": code}
    outbox.tell_secret(
        _("查询验证码"), text, channel=settings.CODE_CHANNEL, address=phone.strip(),
        key=uuid5(NAMESPACE_URL, f"follow:{held.pk}:{now.isoformat()}:{key}"),
    )  # fmt: skip
    return code


def enter_sent(number: str, phone: str, code: str) -> Follow:
    """Whoever has the code that was sent to the telephone follows the file; the code holds once."""
    held = _known(number)
    if held is not None and (not codes.same(held.phone, phone) or not held.sent_until or held.sent_until < clock.now()):
        _missed(held)
        held = None
    found = _checked(held, code, "sent")
    if Follow.objects.filter(pk=found.pk, sent=found.sent).update(sent="", sent_until=None) != 1:
        raise wrong()
    return found


def _known(number: str) -> Follow | None:
    return Follow.objects.select_related("proceeding").filter(proceeding__number=number.strip()[:80]).first()


def _locked(held: Follow) -> bool:
    return held.locked_until is not None and held.locked_until > clock.now()


def _missed(held: Follow) -> None:
    """One more wrong try on record; after the last the file is not entered for a while."""
    Follow.objects.filter(pk=held.pk).update(tries=F("tries") + 1)
    until = clock.now() + codes.LOCKED
    Follow.objects.filter(pk=held.pk, tries__gte=codes.TRIES).update(tries=0, locked_until=until)


def _checked(held: Follow | None, given: str, kept: str) -> Follow:
    if held is None or _locked(held):
        raise wrong()
    if not codes.same(getattr(held, kept), given):
        _missed(held)
        raise wrong()
    Follow.objects.filter(pk=held.pk).update(tries=0, locked_until=None)
    return held


# -- adding


def attach(found: Proceeding, person: Party, attached: Sequence[Attached], *, key: UUID) -> list[int]:
    """Put what somebody sent into the file as evidence: their numbers in it."""
    who, now = named(found, person), clock.now()
    numbers = []
    for place, one in enumerate(attached):
        said = Item(
            DOCUMENTARY, one.name[:200], who.name, [(who.key, who.name)], now, _("网上提交"), original=False,
            checked=_("由提交人上传，未与原件核对"),
        )  # fmt: skip
        made = evidence.receive(who, found.pk, said, one.kept, name=one.name, key=uuid5(key, str(place)))
        numbers.append(made.number)
    return numbers


def add(
    found: Proceeding, party: Party, kind: str, text: str, *, attached: Sequence[Attached] = (), key: UUID
) -> Addition:
    """What somebody who stands in a file says to it from outside; an officer reads it and acts."""
    who, text = named(found, party), text.strip()
    stands = version_of(found.procedure, found.version).party(party.kind)
    if kind not in Addition.KINDS or (stands and stands.hidden and kind != "words"):
        raise Refused("addition.kind", _("没有这种补充。"))
    if not text and not attached and kind in {"words", "answer", "offer", "withdraw"}:
        raise Refused("addition.empty", _("请写明内容，或者附上材料。"), field="text")

    def do() -> dict[str, Any]:
        if Proceeding.objects.filter(pk=found.pk, ended=True).exists():
            raise Refused("addition.ended", _("这件事项已经办结，不能再补充。"))
        items = attach(found, party, attached, key=key)
        try:
            with transaction.atomic():
                made = Addition.objects.create(
                    proceeding=found, number=Addition.objects.filter(proceeding=found).count() + 1, party=party.number,
                    kind=kind, text=text[:4000], items=items, at=clock.now(), by=who.name,
                )  # fmt: skip
        except IntegrityError:
            raise Conflict("addition.busy", _("刚刚有一条补充同时提交，请再试一次。")) from None
        ledger.record(
            "services.added", subject=f"file:{found.pk}", who=who, scope=found.scope,
            facts={"number": found.number, "addition": made.number, "kind": kind, "items": items},
        )  # fmt: skip
        _tell(found, made)
        return {"addition": made.pk}

    payload = {"file": found.pk, "kind": kind, "text": text, "files": [one.kept.sha256 for one in attached]}
    result, _fresh = once(who, key=key, action="services.add", payload=payload, do=do)
    return Addition.objects.get(pk=result["addition"])


def _tell(found: Proceeding, made: Addition) -> None:
    """The officer of the file learns of it; where there is none, the desk shows it."""
    if found.officer is None:
        return
    text = _("%(by)s：%(kind)s。") % {"by": made.by, "kind": Addition.KINDS[made.kind]}
    outbox.tell(
        found.officer, _("案卷有新的补充：%(number)s") % {"number": found.number}, text, link=f"/files/{found.pk}/",
        key=uuid5(NAMESPACE_URL, f"addition:{made.pk}"),
    )  # fmt: skip


def withdraw(found: Proceeding, party: Party, text: str, *, key: UUID) -> bool:
    """Withdraw: at once where the procedure lets the person, else as a request; whether it was done at once."""
    procedure = version_of(found.procedure, found.version)
    kind = procedure.party(party.kind)
    if kind and kind.hidden:
        raise Refused("withdraw.report", _("举报不能撤回；有新的情况，请写在补充说明里。"))
    steps = [step for step in procedure.steps_from(found.state) if step.by_public and step.to]
    if not steps:
        add(found, party, "withdraw", text, key=key)
        return False
    facts = dict.fromkeys(steps[0].facts.model_fields if steps[0].facts else {}, text)
    procedures.take(named(found, party), found.pk, steps[0].code, facts, key=key)
    return True


def read(who: Who, number: int) -> None:
    """Whoever handles the file has seen what was added to it."""
    found = evidence.handled(who, number)
    Addition.objects.filter(proceeding=found, read_at=None).update(read_at=clock.now(), read_by=who.name)


def rate(found: Proceeding, party: Party, score: int, words: str, *, key: UUID) -> Rating:
    """Rate the handling, once, after its end."""
    who = named(found, party)
    if not found.ended:
        raise Refused("rating.early", _("办结以后可以评价。"))
    if not 1 <= score <= BEST:
        raise Refused("rating.score", _("请选择一到五分。"), field="score")

    def do() -> dict[str, Any]:
        made, fresh = Rating.objects.get_or_create(
            proceeding=found,
            defaults={"party": party.number, "score": score, "words": words.strip()[:500], "at": clock.now()},
        )
        if not fresh:
            raise Conflict("rating.twice", _("您已经评价过，谢谢。"))
        ledger.record(
            "services.rated", subject=f"file:{found.pk}", who=who, scope=found.scope,
            facts={"number": found.number, "score": score},
        )  # fmt: skip
        return {"rating": made.pk}

    payload = {"file": found.pk, "score": score, "words": words}
    result, _fresh = once(who, key=key, action="services.rate", payload=payload, do=do)
    return Rating.objects.get(pk=result["rating"])
