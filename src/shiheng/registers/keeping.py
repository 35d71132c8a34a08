"""Entries other rooms keep by what happens there: written by them alone, so that both never say two things.

A room above says which entries are its own by filling the slot ``held.HELD`` with a function of their numbers.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions as ledger
from shiheng.registers import actions, writing
from shiheng.registers.contents import register_of
from shiheng.registers.models import Act, Entry
from shiheng.registers.writing import Saying


def keep(
    who: Who, code: str, facts: Mapping[str, Any], *, state: str, scope: str, day: date, why: str, source: str,
    entry: Entry | None = None, subject: int | None = None, since: date | None = None, until: date | None = None,
) -> Entry | None:  # fmt: skip
    """Let an entry say what its file says now, in the caller's transaction; nothing where it says so already.

    ``source`` is what the act is put down to, ``why`` what happened there.
    """
    register = register_of(code, on=clock.today())
    if all(held.code != state for held in register.states):
        raise Refused("entry.state", _("“%(title)s”没有这种状态。") % {"title": register.title})
    whole = actions.entering(who, register, facts, subject=subject, since=since, until=until, scope=scope, state=state)
    changes = actions.differences(writing.whole_of(entry), whole) if entry else whole
    if not changes:
        return None
    return _write(who, code, Saying(day, changes, entry), scope=scope, why=why, source=source)


def stop(who: Who, code: str, entry: Entry, state: str, *, scope: str, day: date, why: str, source: str) -> Entry:
    """Bring an entry to a state in which its file says it no longer, whatever else it says."""
    return _write(who, code, Saying(day, {"state": state}, entry), scope=scope, why=why, source=source)


def _write(who: Who, code: str, saying: Saying, *, scope: str, why: str, source: str) -> Entry:
    act = Act.objects.create(
        register=code, kind="feed", account_id=who.account_id, actor=who.key, by=who.name, scope=scope,
        at=clock.now(), day=saying.day, reason=why[:500], facts={"file": source, "title": source}, rows=1, taken=1,
    )  # fmt: skip
    (made,) = writing.write(act, [saying])
    ledger.record(
        "entry.written", subject=f"entry:{made.pk}", who=who, scope=scope,
        facts={"act": act.pk, "register": code, "kind": "feed", "day": saying.day, "reason": why, "state": made.state},
    )  # fmt: skip
    return made
