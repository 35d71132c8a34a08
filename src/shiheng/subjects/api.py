"""Subjects for machines: the same rows as the list on the desk, and one subject beside its like as on its page."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Missing
from shiheng.subjects import peers, queries, search
from shiheng.ui.api import PROBLEMS, PageOut, PageQuery, page_of

router = Router(tags=["辖区主体"])


Sought = Annotated[
    str, Query(description="只要名称、代码或拼音首字母相符的；留空是全部，只看前 100 字", examples=["恒达"])
]

Number = Annotated[int, Path(description="主体编号", examples=[1])]
Years = Annotated[Literal["1", "3"], Query(description="比近一年还是近三年：1 或者 3")]


class RowOut(Schema):
    id: int = Field(description="主体编号，永不改变，也不重用")
    uscc: str = Field(description="统一社会信用代码，未取得时为空")
    name: str = Field(description="现用名称")
    status: str = Field(description="登记状态代码，如 active（存续）、deregistered（注销）")
    kind: str = Field(description="主体类别代码，如 enterprise（企业）、individual（个体工商户）")
    representative: str = Field(description="法定代表人、负责人或经营者")
    established: date | None = Field(description="成立日期，未取得时为 null")
    address: str = Field(description="住所")
    scope: str = Field(description="管辖单位的路径编码")


@router.get("", response={200: PageOut[RowOut], **PROBLEMS}, url_name="desk_subjects", summary="辖区主体清单")
@needs(May.EXPORT_SUBJECTS)
def listing(request: HttpRequest, asked: PageQuery, q: Sought = "") -> PageOut[RowOut]:
    """辖区内的主体，按编号排列；q 与列表页的检索框相同。"""
    rows = queries.visible_to(who_at(request))
    page = page_of(search.narrow(rows, q[:100]) if q.strip() else rows, asked)
    return PageOut(items=[RowOut.model_validate(row, from_attributes=True) for row in page.rows], next=page.next)


class BandOut(Schema):
    low: int = Field(description="这一档最少几件")
    high: int | None = Field(description="这一档最多几件，null 为不限")
    peers: int = Field(description="同类中有几户在这一档")


class MeasureOut(Schema):
    code: str = Field(description="指标代码，如 complaints（投诉举报）")
    title: str = Field(description="指标名称")
    how: str = Field(description="怎样计数")
    reported: bool = Field(description="有没有来源报送这类记录；没有时各数为 0，不代表没有")
    own: int = Field(description="本主体的件数")
    fewer: int = Field(description="同类中比本主体少的户数")
    as_many: int = Field(description="同类中一样多或者更多的户数")
    middle: int = Field(description="同类的中位数")
    highest: int = Field(description="同类中最多的件数")
    bands: list[BandOut] = Field(description="同类的分布")
    unusual: bool = Field(description="是否疑似不同寻常：是线索，不是结论")


class BehaviourOut(Schema):
    id: int = Field(description="主体编号；已合并的是现在的编号")
    name: str = Field(description="名称")
    years: int = Field(description="比的是近几年")
    industry: str | None = Field(description="同类的行业代码前两位；null 为未取得行业代码，不作比较")
    territory: str | None = Field(description="同类所在的管辖路径，空文字为本平台全部")
    peers: int = Field(description="同类的户数，不含本主体；不足 30 户时不判断")
    capped: bool = Field(description="同类是否超过上限，只取了前面的")
    measures: list[MeasureOut] = Field(description="逐项比较")


@router.get(
    "/{int:subject_id}/behaviour",
    response={200: BehaviourOut, **PROBLEMS},
    url_name="desk_subject_behaviour",
    summary="一户的行为与同类相比",
)
@needs(May.EXPORT_SUBJECTS)
def behaviour(request: HttpRequest, subject_id: Number, years: Years = "3") -> BehaviourOut:
    """与行为页相同的比较：本主体各项指标的件数，和同类的分布。"""
    found = queries.identities().only("fields", *queries.IDENTITY).filter(id=queries.survivor_of(subject_id)).first()
    if found is None:
        raise Missing("subject.missing", _("没有找到这个主体。请核对编号。"))
    compared = peers.of(who_at(request), found, years=int(years))
    group = compared.group
    return BehaviourOut(
        id=found.pk,
        name=found.name,
        years=compared.years,
        industry=group.industry if group else None,
        territory=group.path if group else None,
        peers=len(group.ids) if group else 0,
        capped=bool(group and group.capped),
        measures=[_measure(line) for line in compared.lines],
    )


def _measure(line: peers.Compared) -> MeasureOut:
    held, measure = line.standing, line.measure
    return MeasureOut(
        code=measure.code,
        title=measure.title,
        how=measure.how,
        reported=line.fed,
        own=held.own,
        fewer=held.fewer,
        as_many=held.as_many,
        middle=held.middle,
        highest=held.highest,
        bands=[BandOut(low=band.low, high=band.high, peers=band.peers) for band in held.bands],
        unusual=held.unusual,
    )
