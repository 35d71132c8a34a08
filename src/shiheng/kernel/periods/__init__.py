"""Statutory time: counts in their units, each law's own way of reading them, and due days that show their working."""

from shiheng.kernel.periods.laws import LAWS, Basis, Counting, counting, read_as
from shiheng.kernel.periods.receipt import CountedDay, Receipt
from shiheng.kernel.periods.reckoning import due, latest_before
from shiheng.kernel.periods.units import Days, Extension, Hours, Months, Pause, Period, Roll, Workdays, Years

__all__ = [
    "LAWS", "Basis", "CountedDay", "Counting", "Days", "Extension", "Hours", "Months", "Pause", "Period", "Receipt",
    "Roll", "Workdays", "Years", "counting", "due", "latest_before", "read_as",
]  # fmt: skip
