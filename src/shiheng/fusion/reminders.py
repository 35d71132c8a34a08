"""Departments are told that a file of theirs is due: by hand from the desk, and by the clock as the house's rule says.

Whoever may send files from an office of that name is told in the inbox; a department without one is told through the
file channel under its title. A reminder is one row a source, with the message that was sent.
"""

from collections.abc import Sequence
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.fusion import contacts, scores, sources
from shiheng.fusion.definition.punctuality import turn
from shiheng.fusion.models import Reminder
from shiheng.fusion.scores import Line
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger import actions as ledger

LONGEST_TO = 300


def not_due(line: Line) -> str:
    """Why a source is not to be reminded now, or nothing."""
    if line.standing.state == "free":
        return _("契约没有约定报送周期，没有到期日。")
    if line.standing.state == "on_time":
        return _("应于 %(day)s 报送，还没有到期。") % {"day": line.standing.due}
    return ""


def remind(codes: Sequence[str], *, who: Who, key: UUID | str | None = None) -> list[Reminder]:
    """Remind the departments of these sources, one message a department; a source is reminded once a day.

    Raises ``Forbidden`` without the power, ``Refused`` when none of them is due.
    """
    if not who.may(May.REMIND_SENDERS):
        raise Forbidden("sources.remind", _("您的岗位没有催报的权限。"))
    held = {line.source.code: line for line in scores.lines(who)}
    wanted = [held[sources.find(code).code] for code in dict.fromkeys(codes)]
    due = [line for line in wanted if not not_due(line)]
    if not due:
        why = not_due(wanted[0]) if len(wanted) == 1 else _("所选数据源都没有到期，不需要催报。")
        raise Refused("sources.not_due", why)
    scope = next(iter(who.paths(May.REMIND_SENDERS)), "")
    today = clock.today()
    named = {line.source.code: f"{line.source.code}:{scope}:{today}" for line in due}

    def do() -> dict[str, list[int]]:
        return {"reminders": [r.pk for r in _tell(due, named, who=who, scope=scope, today=today)]}

    done, _new = once(
        who,
        key=UUID(str(key)) if key else None,
        action="sources.remind",
        payload={"sources": sorted(codes)},
        do=do,
    )
    return list(Reminder.objects.filter(pk__in=done["reminders"]).order_by("pk"))


def remind_late() -> int:
    """Remind whoever is late by the house's rule: on the first late day and again every so many days; gives how many.

    Safe to run any number of times a day, and beside itself: each turn of each delay has one key.
    """
    due: dict[str, tuple[Line, str]] = {}
    for line in scores.lines(SYSTEM):
        number = turn(line.standing.days_late)
        if number is not None:
            due[line.source.code] = (line, f"auto:{line.source.code}:{line.standing.due}:{number}")
    told = set(Reminder.objects.filter(key__in=[key for _, key in due.values()]).values_list("key", flat=True))
    fresh = {code: (line, key) for code, (line, key) in due.items() if key not in told}
    if not fresh:
        return 0
    lines, keys = [line for line, _ in fresh.values()], {code: key for code, (_, key) in fresh.items()}
    with transaction.atomic():
        return len(_tell(lines, keys, who=SYSTEM, scope="", today=clock.today()))


def _tell(lines: Sequence[Line], keys: dict[str, str], *, who: Who, scope: str, today: date) -> list[Reminder]:
    """One message to each department's people, one row a source; what is told already is given as it was."""
    made = []
    for score in scores.scores(lines):
        fresh = []
        for line in score.lines:
            held = Reminder.objects.filter(key=keys[line.source.code]).first()
            if held is None:
                fresh.append(line)
            else:
                made.append(held)
        if fresh:
            made += _tell_department(score.department, fresh, keys, who=who, scope=scope, today=today)
    return made


def _tell_department(
    department: str, lines: Sequence[Line], keys: dict[str, str], *, who: Who, scope: str, today: date
) -> list[Reminder]:
    people = contacts.of_department(department, (scope,))
    title = f"催报：{lines[0].source.title}" + (f"等 {len(lines)} 个数据源" if len(lines) > 1 else "")
    text = "\n".join([f"{department}：请报送下列数据。", *(f"{line.source.title}：{_stands(line)}" for line in lines)])
    link = reverse("source", args=[lines[0].source.code]) if len(lines) == 1 else reverse("sources")
    base = ":".join(keys[line.source.code] for line in lines)
    messages = [
        outbox.tell(
            person.account, title, text, link="" if person.own else link,
            key=uuid5(NAMESPACE_URL, f"shiheng:remind:{base}:{person.account.pk}"),
        )
        for person in people
    ] or [
        outbox.tell(
            None, title, text, channel="file", address=department or "（未声明责任部门）", link=link,
            key=uuid5(NAMESPACE_URL, f"shiheng:remind:{base}"),
        )
    ]  # fmt: skip
    to = "、".join(person.account.name for person in people) or f"{department or '（未声明责任部门）'}（文件渠道）"
    made = []
    for line in lines:
        reminder, fresh = Reminder.objects.get_or_create(
            key=keys[line.source.code],
            defaults={
                "source": line.source.code,
                "department": department,
                "scope": scope,
                "day": today,
                "due": line.standing.due,
                "to": to[:LONGEST_TO],
                "by": who.name,
                "message": messages[0],
                "made_at": clock.now(),
            },
        )
        made.append(reminder)
        if fresh:
            ledger.record(
                "source.reminded",
                subject=f"source:{line.source.code}",
                who=who,
                scope=scope,
                facts={"department": department, "to": to, "due": str(line.standing.due or ""), "text": text},
            )
    return made


def _stands(line: Line) -> str:
    """How a source stands, in the record's own words."""
    if line.standing.due is None:
        return f"尚未报送过，约定每 {line.source.frequency_days} 日报送一次。"
    late = f"，已逾期 {line.standing.days_late} 日" if line.standing.days_late else ""
    return f"应于 {line.standing.due} 报送{late}。"
