"""What comes back to a complaint or a report from the case it led to: that and how far it came, nothing of a person."""

from datetime import date

from pydantic import BaseModel

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.procedures.definition import Basis, State, Step, fact


class CaseNews(BaseModel):
    """转办案件的进展"""

    case: str = fact("案号", max_length=80)
    outcome: str = fact("进展", max_length=100, indexed=True)
    on: date = fact("发生日期")


def news(states: tuple[State, ...]) -> Step:
    """The step the house takes in such a file, wherever it stands."""
    return Step(
        "case_news", "转办案件有进展", tuple(state.code for state in states), by=(), facts=CaseNews, by_house=True,
        basis=Basis(LOCAL_CHOICE), about="由案件的环节自动回传，不含当事人和金额；是否告知投诉人、举报人依规定办理。",
    )  # fmt: skip
