"""The subjects of an officer's territory for machines: the same rows as the list on the desk."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.subjects import queries, search
from shiheng.ui.api import PROBLEMS, PageOut, PageQuery, page_of

router = Router(tags=["辖区主体"])


Sought = Annotated[
    str, Query(description="只要名称、代码或拼音首字母相符的；留空是全部，只看前 100 字", examples=["恒达"])
]


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
