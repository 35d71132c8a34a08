"""The one clock of the house: every other module asks here what time it is.

The source is injected by ``site`` (an offset kept with the data, shared by web and worker), by tests and by the
generated district; without one the machine's time in Asia/Shanghai is read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def machine() -> datetime:
    """The machine's own time, aware, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


_source: Callable[[], datetime] = machine


def install(source: Callable[[], datetime]) -> None:
    """Let every later reading come from ``source`` (which must give aware times)."""
    global _source  # noqa: PLW0603 - the one injected source is what this module is
    _source = source


def now() -> datetime:
    """The current moment, aware, in Asia/Shanghai."""
    moment = _source()
    if moment.tzinfo is None:
        raise ValueError("the clock's source gave a time without a zone")
    return moment.astimezone(SHANGHAI)


def today() -> date:
    """The current day in Asia/Shanghai."""
    return now().date()


@contextmanager
def standing_at(moment: datetime | date) -> Iterator[None]:
    """Hold the clock at one moment (a day means its noon) for the length of a ``with`` block."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=SHANGHAI)
    before = _source
    install(lambda: moment)
    try:
        yield
    finally:
        install(before)
