"""案件审理委员会: what is told when a committee meets on cases."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

VOTES = {"agree": "同意承办机构的意见", "amend": "同意，另有修改意见", "against": "不同意"}


class Session(BaseModel):
    """召集会议"""

    summary: str = fact("会议名称", max_length=120, hint="例如：2026 年第 9 次案件审理委员会会议。")
    on: date = fact("会议日期")
    place: str = fact("会议地点", max_length=100)
    chair: str = fact("主持人", max_length=60)
    members: list[str] = fact("委员", min_length=3, hint="每人一行。")


class Item(BaseModel):
    """列入议题"""

    name: str = fact("案号", max_length=80)
    matter: str = fact("案由和当事人", max_length=200)
    bundle: list[str] = fact("提交的材料", min_length=1, hint="每份一行：调查终结报告、审核意见、听证报告……")
    proposal: str = fact("承办机构的意见", widget="textarea", max_length=2000)


class Opened(BaseModel):
    """开会"""

    present: list[str] = fact("出席委员", min_length=1, hint="每人一行。")
    recused: list[str] = fact("回避的委员", default=[], hint="每人一行；没有的留空。")


class Opinion(BaseModel):
    """委员意见"""

    member: str = fact("委员", max_length=60)
    vote: str = fact("表决", choices=VOTES)
    words: str = fact("意见", widget="textarea", max_length=2000)


class Resolved(BaseModel):
    """形成决议"""

    resolution: str = fact("决议", widget="textarea", max_length=2000)


class Postponed(BaseModel):
    """暂缓审议"""

    why: str = fact("暂缓的理由", max_length=500)


class Minutes(BaseModel):
    """整理会议记录"""

    signed: bool = fact("出席委员已签字", default=False)
