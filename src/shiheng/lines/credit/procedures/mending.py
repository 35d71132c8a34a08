"""What a repair does to the list or mark it is about, the day it is carried out or undone: the house takes the step."""

from shiheng.lines.credit.facts.listing import News
from shiheng.lines.credit.procedures.grounds import repaired
from shiheng.procedures.definition import Step

BACK, UNDO = "repaired", "unrepaired"
"""The steps the house takes in a file after its repair was executed, and after that was revoked."""


def mended(on_list: tuple[str, ...], off: str, again: str) -> tuple[Step, ...]:
    """Both steps of a file that stands ``on_list`` until it is ``off``, and that stands at ``again`` anew."""
    about = "由信用修复案卷自动带来。"
    return (
        Step(BACK, "信用修复后移出", on_list, off, by=(), facts=News, by_house=True, basis=repaired(), about=about),
        Step(UNDO, "修复撤销后恢复", (off,), again, by=(), facts=News, by_house=True, basis=repaired(), about=about),
    )
