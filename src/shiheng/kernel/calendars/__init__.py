"""Which day is worked and which is not, who said so, and which days nobody has said anything about yet."""

from shiheng.kernel.calendars.calendar import Calendar, Day, DayKind, OwnRow
from shiheng.kernel.calendars.published import published_calendar
from shiheng.kernel.calendars.statutory import STATUTORY_HOLIDAYS, statutory_days

__all__ = ["STATUTORY_HOLIDAYS", "Calendar", "Day", "DayKind", "OwnRow", "published_calendar", "statutory_days"]
