"""增减与迁移 for machines: the same figures as on the page."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Refused
from shiheng.subjects import balance, growth
from shiheng.subjects.balance import Line
from shiheng.subjects.models import Subject
from shiheng.ui.api import PROBLEMS

router = Router(tags=["辖区主体"])

_PATTERN = r"^(?:(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2]))?$"
First = Annotated[
    str, Query(description="起始月份；留空是近 12 个月的第一个月", pattern=_PATTERN, examples=["2026-01"])
]
Last = Annotated[str, Query(description="截止月份，含当月；留空是本月", pattern=_PATTERN, examples=["2026-10"])]
At = Annotated[str, Query(description="管辖单位的路径编码，须在本人辖区内；留空是本人的全部辖区", max_length=64)]
Kind = Annotated[str, Query(description="主体类别代码，如 individual；留空是全部", max_length=16)]
Industry = Annotated[str, Query(description="行业代码前两位，如 62；留空是全部", max_length=2)]
By = Annotated[
    Literal["territory", "kind", "industry"],
    Query(description="分项按什么列：territory（下级辖区）、kind（主体类别）、industry（行业大类）"),
]


class LineOut(Schema):
    opening: int = Field(description="期初实有户数")
    born: int = Field(description="新设")
    across_in: int = Field(description="跨区迁入")
    within_in: int = Field(description="跨所迁入")
    deregistered: int = Field(description="注销")
    revoked: int = Field(description="吊销")
    cancelled: int = Field(description="撤销登记")
    across_out: int = Field(description="跨区迁出")
    within_out: int = Field(description="跨所迁出")
    moved_out: int = Field(description="迁往外地")
    inner_across: int = Field(description="辖区内部的区间迁移，不影响实有")
    inner_within: int = Field(description="辖区内部的所间迁移，不影响实有")
    net: int = Field(description="净增减")
    closing: int = Field(description="期末实有户数，等于期初加新设、迁入，减终止、迁出")


class MonthOut(LineOut):
    month: str = Field(description="月份，如 2026-05")
    obtained: bool = Field(description="这个月的来文到了没有；没有到时各数为 0，不代表没有")


class PartOut(LineOut):
    code: str = Field(description="管辖路径（以 ~ 结尾的是未分到下级的）、主体类别代码或者行业大类代码")
    title: str = Field(description="名称")


class MoveOut(Schema):
    origin: str = Field(description="迁自的管辖路径；outside 是本辖区以外")
    goal: str = Field(description="迁往的管辖路径；outside 是本辖区以外，elsewhere 是外地")
    count: int = Field(description="户数")


class LeadOut(Schema):
    office: str = Field(description="管辖路径")
    month: str = Field(description="月份")
    what: str = Field(description="born（新设）或者 departures（终止和迁出）")
    count: int = Field(description="当月户数")
    mean: float = Field(description="此前十二个月的月均户数")
    lowest: int = Field(description="此前十二个月中最少的一个月")
    highest: int = Field(description="此前十二个月中最多的一个月")


class GrowthOut(Schema):
    first: str = Field(description="起始月份")
    last: str = Field(description="截止月份")
    known: str = Field(description="有变动记录的最后一个月，其后的来文未到；空是什么都没有")
    months: list[MonthOut] = Field(description="逐月，由早到晚，上一月的期末是下一月的期初")
    parts: list[PartOut] = Field(description="分项，各月合计")
    moves: list[MoveOut] = Field(description="下级辖区之间、与辖区以外之间的迁移")
    leads: list[LeadOut] = Field(description="疑似不同寻常的监管所和月份：是线索，不是结论")
    law: dict[str, str] = Field(description="各数怎样计数")
    unknown: list[str] = Field(description="未取得的内容")


@router.get("", response={200: GrowthOut, **PROBLEMS}, url_name="desk_growth", summary="主体增减与迁移")
@needs(May.EXPORT_SUBJECTS)
def figures(
    request: HttpRequest,
    first: First = "",
    last: Last = "",
    at: At = "",
    kind: Kind = "",
    industry: Industry = "",
    by: By = "territory",
) -> GrowthOut:
    """与增减与迁移页相同的数：逐月的新设、终止、迁入、迁出和期末实有，分项，迁移往来和线索。"""
    who = who_at(request)
    begin, end = growth.latest(12)
    end = last or end
    begin = first or (min(begin, end) if not last else balance.later(end, -11))
    if begin > end:
        raise Refused("growth.months", _("起始月份不能晚于截止月份。"), field="first")
    if len(balance.months(begin, end)) > growth.MOST_MONTHS:
        raise Refused("growth.months", _("一次最多看 %(most)s 个月。") % {"most": growth.MOST_MONTHS}, field="first")
    if kind and kind not in Subject.KINDS:
        raise Refused("growth.kind", _("没有这个主体类别。"), field="kind")
    asked = growth.Asked(begin, end, at, kind, industry)
    found = growth.of(who, asked)
    parts = found.parts if by == "territory" else growth.broken_down(who, asked, by)
    return GrowthOut(
        first=begin,
        last=end,
        known=found.known,
        months=[MonthOut(month=m, obtained=found.obtained(m), **_figures(line)) for m, line in found.months],
        parts=[PartOut(code=part.code, title=part.title, **_figures(part.line)) for part in parts],
        moves=[MoveOut(origin=a, goal=b, count=n) for (a, b), n in sorted(found.matrix.items())],
        leads=[
            LeadOut(office=one.scope, month=one.month, what=one.what, count=one.count, mean=round(one.mean, 1),
                    lowest=one.lowest, highest=one.highest)
            for one in found.leads
        ],
        law=balance.LAW,
        unknown=list(balance.UNKNOWN),
    )  # fmt: skip


def _figures(line: Line) -> dict[str, int]:
    return {"opening": line.opening, **line.events, "net": line.net, "closing": line.closing}
