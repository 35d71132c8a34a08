"""关注一家: somebody leaves an address, proves by a code that it is theirs, and is told what changed, and why.

What was told and no longer holds is taken back by a message of its own: whoever was told learns that it was withdrawn.
The address is sealed, and read only to send to it.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import ANYONE
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring
from shiheng.publication.opendata.models import Watch, WatchNote
from shiheng.publication.portal import projection
from shiheng.publication.portal.projection import PublicFile, PublicRecord
from shiheng.subjects import queries as subjects

LOOK = "opendata.look"
VALID, TRIES, AGAIN = timedelta(minutes=10), 5, timedelta(minutes=1)
MOST_AN_ADDRESS = 50
SEALED = "watch"


@dataclass(frozen=True, slots=True)
class News:
    """What a watcher is told of one record: ``why`` says in words why it is told."""

    title: str
    why: str
    day: str
    source: str = ""

    def __str__(self) -> str:
        said = " · ".join(filter(None, (self.title, self.day, self.source)))
        return f"· {self.why}：{said}"


def available() -> bool:
    """Whether codes can be sent at all."""
    return bool(settings.CODE_CHANNEL)


def ask(subject_key: str, address: str, *, key: UUID | None) -> Watch:
    """Somebody wants to be told of a business: a code goes to the address. Raises ``Refused``."""
    if not available():
        raise Refused("watch.closed", "本平台没有开通发送验证码的消息渠道，暂时不能关注。可以使用订阅源（Atom）。")
    place = "".join(address.split())
    if not _looks_right(place):
        raise Refused("watch.address", "请填写手机号码或电子邮箱。", field="address")
    file = projection.one(subject_key)
    mark = _keyed(place)
    if Watch.objects.filter(mark=mark, state="on").count() >= MOST_AN_ADDRESS:
        raise Refused("watch.many", "这个地址关注的主体已到上限，请先取消一些。", field="address")

    def do() -> dict[str, Any]:
        return {"watch": _asked(file.id, place, mark).pk}

    result, fresh = once(ANYONE, key=key, action="watch.ask", payload={"subject": file.id, "mark": mark}, do=do)
    watch = Watch.objects.get(pk=result["watch"])
    if fresh and watch.state != "on":
        _send_code(watch, place, file.name)
    return watch


def _asked(subject: int, place: str, mark: str) -> Watch:
    sealed = sealing.seal(place, keyring.current(), SEALED)
    try:
        with transaction.atomic():
            return Watch.objects.create(
                token=secrets.token_urlsafe(24), subject_id=subject, channel=settings.CODE_CHANNEL, address=sealed,
                mark=mark, asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        Watch.objects.filter(subject=subject, mark=mark, state="ended").update(state="asked", asked_at=clock.now())
        return Watch.objects.get(subject=subject, mark=mark)


def _send_code(watch: Watch, place: str, name: str) -> None:
    code, now = f"{secrets.randbelow(1_000_000):06}", clock.now()
    moved = Watch.objects.filter(Q(code_until=None) | Q(code_until__lte=now + VALID - AGAIN), pk=watch.pk)
    if moved.update(code=_keyed(code), code_until=now + VALID, tries=0) != 1:
        raise Refused("watch.soon", "验证码刚刚发出，一分钟后可以再次获取。")
    text = _("您申请关注“%(name)s”，验证码 %(code)s，十分钟内有效。如非本人操作，请不要理会。")
    outbox.tell_secret(
        _("关注验证码"), text % {"name": name, "code": code}, channel=watch.channel, address=place,
        key=uuid5(NAMESPACE_URL, f"watch:{watch.pk}:{now.isoformat()}"),
    )  # fmt: skip


def confirm(token: str, code: str) -> Watch:
    """The code proves the address; what is published now counts as known. Raises ``Refused`` alike for all wrong."""
    now = clock.now()
    held = Watch.objects.filter(token=token, state="asked", code_until__gt=now, tries__lt=TRIES).first()
    if held is None or not code.strip() or not constant_time_compare(held.code, _keyed(code)):
        Watch.objects.filter(token=token, state="asked").update(tries=F("tries") + 1)
        raise Refused("watch.code", "验证码不对或已过期。连续五次不对，请重新申请。", field="code")
    file = projection.one(str(held.subject_id))
    with transaction.atomic():
        began = {"state": "on", "code": "", "began_at": now, "looked_on": clock.today(), "told": _known(file)}
        if Watch.objects.filter(pk=held.pk, state="asked").update(**began) == 1:
            _on_record("watch.began", held)
    held.refresh_from_db()
    return held


def end(token: str) -> Watch:
    """Nothing more is sent; the address is wiped."""
    held = found(token)
    with transaction.atomic():
        wiped = {"state": "ended", "ended_at": clock.now(), "address": "", "told": {}}
        if Watch.objects.filter(pk=held.pk).exclude(state="ended").update(**wiped) == 1:
            _on_record("watch.ended", held)
    held.refresh_from_db()
    return held


def found(token: str) -> Watch:
    """A watch by what only its owner was sent. Raises ``Missing``."""
    held = Watch.objects.select_related("subject").filter(token=token).first()
    if held is None:
        raise Missing("watch.missing", _("没有这个关注，或链接不完整。"))
    return held


def _on_record(kind: str, watch: Watch) -> None:
    ledger.record(kind, subject=f"subject:{watch.subject_id}", who=ANYONE, facts={"watch": watch.pk})


def look() -> int:
    """Tell every watcher what changed since they were told last; once a day each, safe to run twice."""
    today, told = clock.today(), 0
    waiting = Q(looked_on=None) | Q(looked_on__lt=today)
    due = Watch.objects.filter(waiting, state="on").order_by("subject_id", "pk")
    file: PublicFile | None = None
    for watch in due.iterator(chunk_size=500):
        home = subjects.survivor_of(watch.subject_id)
        if file is None or file.id != home:
            file = next(iter(projection.files([home])), None)
        if file is not None:
            told += _tell(watch, file)
    return told


def _tell(watch: Watch, file: PublicFile) -> int:
    """One digest, in one transaction with what it makes known; two workers send it one time."""
    today, known = clock.today(), _known(file)
    fresh, changed, gone = compared(watch.told, file)
    with transaction.atomic():
        if Watch.objects.filter(pk=watch.pk, state="on", looked_on=watch.looked_on).update(
            looked_on=today, told=known
        ) != 1:  # fmt: skip
            return 0
        if not (fresh or changed or gone):
            return 0
        message = outbox.tell_secret(
            _("关注摘要"), words(file, fresh, changed, gone, stop=stop_address(watch)), channel=watch.channel,
            address=keyring.unsealed(watch.address), key=uuid5(NAMESPACE_URL, f"watch:{watch.pk}:{today}"),
        )  # fmt: skip
        WatchNote.objects.get_or_create(
            watch=watch, day=today,
            defaults={"fresh": len(fresh), "changed": len(changed), "gone": len(gone), "message": message},
        )  # fmt: skip
    return 1


def compared(told: dict[str, Any], file: PublicFile) -> tuple[list[News], list[News], list[News]]:
    """What came, changed and went since ``told``, each with the reason why it is told."""
    now = _known(file)
    by_id = {record.id: record for record in file.records}
    fresh = [_news(by_id[i], _("新公示")) for i in by_id if i not in told]
    changed = [_news(by_id[i], _("来源更正或状态有变")) for i in by_id if i in told and told[i][1] != now[i][1]]
    gone = [
        News(str(held[0]), _("已不再公示（到期、移出或来源撤回），此前的告知请勿再引用"), "")
        for i, held in told.items()
        if i != "head" and i not in now
    ]
    if told.get("head", now["head"])[1] != now["head"][1]:
        title = _("登记事项：%(status)s") % {"status": file.status_title}
        changed.insert(0, News(title, _("登记事项有变"), file.updated))
    return fresh, changed, gone


def words(file: PublicFile, fresh: Iterable[News], changed: Iterable[News], gone: Iterable[News], *, stop: str) -> str:
    """The digest as text."""
    parts = [_("您关注的“%(name)s”（%(code)s）有变动：") % {"name": file.name, "code": file.uscc or file.id}]
    parts += [str(news) for news in (*fresh, *changed, *gone)]
    parts.append(_("您收到这条消息，是因为用这个地址关注了它。取消关注：%(stop)s") % {"stop": stop})
    return "\n".join(parts)


def stop_address(watch: Watch) -> str:
    return f"{settings.ADDRESS.rstrip('/')}/watch/{watch.token}/"


def _news(record: PublicRecord, why: str) -> News:
    return News(" · ".join(filter(None, (record.title, record.state))), why, record.day, record.source)


def _known(file: PublicFile) -> dict[str, list[str]]:
    """What is published now: each record's title and digest, and the head of the file."""
    found = {record.id: [record.title, _digest([record.state, record.ended, record.facts])] for record in file.records}
    found["head"] = [file.name, _digest([file.name, file.status, file.address])]
    return found


def _digest(said: Any) -> str:
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def _keyed(text: str) -> str:
    return salted_hmac("shiheng.watch", text.strip().lower(), algorithm="sha256").hexdigest()


def _looks_right(place: str) -> bool:
    if "@" in place:
        name, _at, host = place.rpartition("@")
        return bool(name) and "." in host and len(place) <= 120 and place.isascii()
    return len(place) == 11 and place.isascii() and place.isdigit() and place[0] == "1"
