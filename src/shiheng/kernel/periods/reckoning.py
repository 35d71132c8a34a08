"""From a trigger to a due day, day by day, under one law's way of counting.

The starting day (or hour) is never counted. Excluded time is a pause beside the count; the trigger never moves.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from shiheng.kernel.calendars import Calendar
from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Refused
from shiheng.kernel.periods.laws import Basis
from shiheng.kernel.periods.receipt import Receipt
from shiheng.kernel.periods.units import Days, Extension, Hours, Months, Pause, Period, Roll, Workdays, Years

_ONE_DAY = timedelta(days=1)
_FURTHEST = date(9000, 1, 1)


def due(
    trigger: date | datetime,
    period: Period,
    *,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    roll: Roll | None = None,
    basis: Basis | str | None = None,
    extensions: Sequence[Extension] = (),
) -> Receipt:
    """When ``period`` ends that ``trigger`` started, and how that was reckoned.

    ``roll`` is the last-day rule of this use; left out, the law's own (none when the period was not read from a law).
    A duty of the agency is declared with ``Roll.NONE`` or ``HOLIDAY``, a citizen's right with ``Roll.REST``.
    """
    stops = tuple(sorted(pauses, key=lambda p: p.first))
    if roll is None:
        roll = period.counting.roll if period.counting else Roll.NONE
    parts = [period, *(extension.period for extension in extensions)]
    if isinstance(trigger, datetime):
        trigger = _as_moment(trigger)
    if isinstance(period, Hours):
        last: date | datetime | None = _hours(trigger, parts, stops)
        end = last
    else:
        last = _last_day(_as_day(trigger), parts, calendar, stops)
        end = None if last is None else _rolled(last, roll, calendar)
    unsure = _unsure(trigger, parts, last, end, roll, calendar)
    return Receipt(
        trigger=trigger, period=period, due=end, last_counted=last, roll=roll, calendar=calendar, basis=basis,
        pauses=stops, extensions=tuple(extensions), provisional=bool(unsure), reason=unsure,
    )  # fmt: skip


def latest_before(event: date, period: Period, *, calendar: Calendar) -> date:
    """The latest day for an act that must come so long *before* an event (a hearing notice, seven working days).

    Neither the day of the act nor that of the event is counted: the whole period lies between them, which satisfies
    every reading of "……日前".
    """
    if isinstance(period, (Months, Years)):
        months = period.n * (12 if isinstance(period, Years) else 1)
        return _months_later(event, -months) - _ONE_DAY
    if not isinstance(period, (Workdays, Days)):
        raise Refused("period.before", "只能按日、工作日、月或年倒算。")
    day, left = event, period.n
    while left:
        day -= _ONE_DAY
        left -= isinstance(period, Days) or calendar.is_workday(day)
    return day - _ONE_DAY


def _last_day(start: date, parts: list[Period], calendar: Calendar, stops: tuple[Pause, ...]) -> date | None:
    """The last counted day: each part is counted on from the end of the one before it."""
    if len({isinstance(part, Workdays) for part in parts}) > 1:
        raise Refused("period.units", "以工作日计算的期限只能以工作日延长，以日、月、年计算的也不能以工作日延长。")
    day: date | None = start
    while parts and day is not None:
        part, *parts = parts
        if isinstance(part, (Months, Years)):
            # Parts of one kind are added before counting, or 31 August plus 3 plus 3 months would lose days.
            months = _in_months(part)
            while parts and isinstance(parts[0], (Months, Years)):
                months += _in_months(parts.pop(0))
            day = _after_pauses(day, _months_later(day, months), stops)
        elif isinstance(part, (Workdays, Days)):
            day = _count(day, part, calendar, stops)
        else:
            raise Refused("period.units", "以日、月、年计算的期限不能以小时延长。")
    return day


def _in_months(part: Period) -> int:
    return part.n * 12 if isinstance(part, Years) else part.n


def _count(day: date, part: Period, calendar: Calendar, stops: tuple[Pause, ...]) -> date | None:
    every_day, left = isinstance(part, Days), part.n
    if every_day and not stops:
        return day + left * _ONE_DAY
    while left:
        day += _ONE_DAY
        if stops and (stop := _pause_on(day, stops)):
            if stop.last is None:
                return None
            day = stop.last
            continue
        left -= every_day or calendar.is_workday(day)
        if day > _FURTHEST:
            raise Refused("period.far", "期限超出可计算的范围。")
    return day


def _pause_on(day: date, stops: tuple[Pause, ...]) -> Pause | None:
    """The pause over ``day`` that reaches furthest; one without an end reaches beyond all."""
    over = [stop for stop in stops if stop.covers(day)]
    return max(over, key=lambda s: s.last or date.max) if over else None


def _after_pauses(start: date, end: date, stops: tuple[Pause, ...]) -> date | None:
    """``end`` moved by every paused day after ``start``; days of two pauses at once move it once."""
    day = start
    while day < end:
        day += _ONE_DAY
        if stop := _pause_on(day, stops):
            if stop.last is None:
                return None
            end += (stop.last - day).days * _ONE_DAY + _ONE_DAY
            day = stop.last
    return end


def _hours(trigger: date | datetime, parts: list[Period], stops: tuple[Pause, ...]) -> datetime | None:
    if not isinstance(trigger, datetime):
        raise Refused("period.moment", "以小时计算的期限须有起算的时刻。")
    if not all(isinstance(part, Hours) for part in parts):
        raise Refused("period.units", "以小时计算的期限只能以小时延长。")
    start = _as_moment(trigger)
    rule = parts[0].counting
    if rule and rule.excludes_start_hour:
        start = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = start + timedelta(hours=sum(part.n for part in parts))
    moment = start
    while moment < end:
        if stop := _pause_on(moment.date(), stops):
            if stop.last is None:
                return None
            resumed = datetime(stop.last.year, stop.last.month, stop.last.day, tzinfo=SHANGHAI) + _ONE_DAY
            end += resumed - moment
            moment = resumed
        else:
            following = moment.date() + _ONE_DAY
            moment = datetime(following.year, following.month, following.day, tzinfo=SHANGHAI)
    return end


def _rolled(day: date, roll: Roll, calendar: Calendar) -> date:
    if roll is Roll.HOLIDAY:
        while calendar.kind_of(day).is_festival:
            day += _ONE_DAY
    elif roll is Roll.REST:
        day = calendar.next_workday(day, including=True)
    return day


def _unsure(
    trigger: date | datetime,
    parts: list[Period],
    last: date | datetime | None,
    end: date | datetime | None,
    roll: Roll,
    calendar: Calendar,
) -> str:
    """Why the result may still move: it rests on a day whose kind nobody has published. Empty when it does not."""
    if last is None or end is None or isinstance(end, datetime) or isinstance(last, datetime):
        return ""
    if any(isinstance(part, Workdays) for part in parts):
        day = _as_day(trigger) + _ONE_DAY
    elif roll is not Roll.NONE:
        day = last
    else:
        return ""
    years: dict[int, str] = {}
    while day <= end:
        if calendar.is_provisional(day):
            years[day.year] = calendar.reason(day.year)
        day += _ONE_DAY
    return "；".join(years.values())


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    for back in (0, 1, 2, 3):
        try:
            return date(year, month, day.day - back)
        except ValueError:
            if day.day - back <= 28:
                raise Refused("period.far", "期限超出可计算的范围。") from None
    raise AssertionError("a month has at least twenty-eight days")


def _as_moment(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def _as_day(moment: date | datetime) -> date:
    return _as_moment(moment).date() if isinstance(moment, datetime) else moment
