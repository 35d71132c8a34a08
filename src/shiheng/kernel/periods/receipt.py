"""A due day that shows its working: trigger, rule, days counted and skipped, pauses, extensions, and how sure it is."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from shiheng.kernel.calendars import Calendar, Day, DayKind
from shiheng.kernel.periods.laws import Basis, Counting
from shiheng.kernel.periods.units import Extension, Hours, Pause, Period, Roll, Workdays

DAYS_SHOWN = 400
"""A count of years is not listed day by day."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day between trigger and due day: its place in the count, or why it has none.

    ``role`` is trigger | counted | skipped (not a working day) | paused | rolled (passed over at the end).
    """

    day: Day
    role: str
    number: int | None = None


@dataclass(frozen=True)
class Receipt:
    """The result of one reckoning. ``due`` is nothing while an unfinished pause stops the clock."""

    trigger: date | datetime
    period: Period
    due: date | datetime | None
    last_counted: date | datetime | None
    roll: Roll
    calendar: Calendar = field(compare=False, repr=False)
    basis: Basis | str | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    provisional: bool = False
    reason: str = ""

    @property
    def counting(self) -> Counting | None:
        """The law's way of counting that was followed, when the period was read from a law."""
        return self.period.counting

    @property
    def waiting(self) -> Pause | None:
        """The pause that has stopped the clock and not ended."""
        return next((pause for pause in self.pauses if pause.last is None), None) if self.due is None else None

    @property
    def due_day(self) -> date | None:
        return self.due.date() if isinstance(self.due, datetime) else self.due

    @property
    def was_rolled(self) -> bool:
        return self.due is not None and self.due != self.last_counted

    @cached_property
    def days(self) -> tuple[CountedDay, ...]:
        """Every day from trigger to due day with its role; empty for hours, for a stopped clock and for long counts."""
        if self.due is None or isinstance(self.period, Hours):
            return ()
        first, last, end = _day(self.trigger), _day(self.last_counted), _day(self.due)
        if (end - first).days > DAYS_SHOWN:
            return ()
        shown = [CountedDay(self.calendar.day_kind(first), "trigger")]
        number, workdays_only = 0, self._counts_workdays
        for distance in range(1, (end - first).days + 1):
            day = self.calendar.day_kind(first + timedelta(days=distance))
            if day.day > last:
                shown.append(CountedDay(day, "rolled"))
            elif any(pause.covers(day.day) for pause in self.pauses):
                shown.append(CountedDay(day, "paused"))
            elif workdays_only and not day.is_workday:
                shown.append(CountedDay(day, "skipped"))
            else:
                number += 1
                shown.append(CountedDay(day, "counted", number))
        return tuple(shown)

    @property
    def _counts_workdays(self) -> bool:
        return isinstance(self.period, Workdays)

    @property
    def holidays(self) -> tuple[Day, ...]:
        """Holidays the count met: passed over, or rolled past at its end."""
        return tuple(d.day for d in self.days if d.day.kind.is_festival and d.role in {"skipped", "rolled"})

    @property
    def makeup_days(self) -> tuple[Day, ...]:
        """Weekend days that were worked and therefore counted."""
        return tuple(d.day for d in self.days if d.day.kind is DayKind.MAKEUP and d.role == "counted")

    @property
    def counted(self) -> int:
        return sum(1 for d in self.days if d.role == "counted")

    def sentence(self) -> str:
        """The working in one Chinese sentence, for a person."""
        start = f"自{_words(self.trigger)}起"
        start += "（开始的时不计）" if isinstance(self.period, Hours) and self._skips_hour else ""
        start += "" if isinstance(self.period, Hours) else "（当日不计）"
        total = self.period.title + "".join(f"，延长{e.period.title}（{e.approver}批准）" for e in self.extensions)
        parts = [f"{start}{total}"]
        if names := list(dict.fromkeys(d.name for d in self.holidays)):
            parts.append(f"跳过{'、'.join(names)}放假")
        if makeup := self.makeup_days:
            parts.append("计入调休上班" + "、".join(f"{d.day:%m-%d}" for d in makeup))
        parts += [f"扣除{p.reason}（{p.first} 至 {p.last or '尚未结束'}）" for p in self.pauses]
        if self.waiting:
            parts.append("期限暂停计算，恢复后确定届满日")
        else:
            if self.was_rolled:
                parts.append(f"最后一日{_words(self.last_counted)}顺延")
            parts.append(f"{_words(self.due)}届满")
        text = "，".join(parts) + "。"
        if self.basis:
            text += f"依据：{self.basis}。"
        if self.counting:
            text += f"计算方法：{self.counting.basis}（{self.counting.says}）。"
        return text + (f"暂定：{self.reason}。" if self.provisional else "")

    @property
    def _skips_hour(self) -> bool:
        return bool(self.counting and self.counting.excludes_start_hour)

    def to_dict(self) -> dict[str, Any]:
        """The receipt as plain JSON values, to be stored beside the due moment."""
        rule = self.counting
        return {
            "trigger": self.trigger.isoformat(),
            "period": {"n": self.period.n, "unit": self.period.unit, "title": self.period.title},
            "basis": str(self.basis) if self.basis else "",
            "counting": {
                "law": rule.law,
                "instrument": rule.basis.instrument,
                "article": rule.basis.article,
                "in_force_from": rule.basis.in_force_from.isoformat() if rule.basis.in_force_from else None,
                "says": rule.says,
            }
            if rule
            else None,
            "roll": self.roll.value,
            "last_counted": self.last_counted.isoformat() if self.last_counted else None,
            "due": self.due.isoformat() if self.due else None,
            "days": [
                {"day": d.day.day.isoformat(), "kind": d.day.kind.value, "name": d.day.name, "source": d.day.source,
                 "role": d.role, "number": d.number}
                for d in self.days
            ],
            "pauses": [
                {"first": p.first.isoformat(), "last": p.last.isoformat() if p.last else None, "reason": p.reason,
                 "document": p.document, "basis": p.basis}
                for p in self.pauses
            ],
            "extensions": [
                {"period": e.period.title, "approver": e.approver, "approved_on": e.approved_on.isoformat(),
                 "basis": e.basis}
                for e in self.extensions
            ],
            "calendar": self.calendar.edition,
            "provisional": self.provisional,
            "reason": self.reason,
            "sentence": self.sentence(),
        }  # fmt: skip


def _day(moment: date | datetime | None) -> date:
    assert moment is not None
    return moment.date() if isinstance(moment, datetime) else moment


def _words(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else moment.isoformat()
