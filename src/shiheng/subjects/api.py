"""The subjects of an officer's territory for machines: the same rows as the list on the desk."""

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.subjects import queries, search
from shiheng.ui.api import PROBLEMS, PageOut, PageQuery, page_of

router = Router(tags=["辖区主体"])


class RowOut(Schema):
    id: int
    uscc: str
    name: str
    status: str
    kind: str
    representative: str
    established: date | None
    address: str
    scope: str


@router.get("", response={200: PageOut[RowOut], **PROBLEMS}, url_name="desk_subjects", summary="辖区主体清单")
@needs(May.EXPORT_SUBJECTS)
def listing(request: HttpRequest, asked: PageQuery, q: str = "") -> PageOut[RowOut]:
    """辖区内的主体，按编号排列；q 与列表页的检索框相同。"""
    rows = queries.visible_to(who_at(request))
    page = page_of(search.narrow(rows, q[:100]) if q.strip() else rows, asked)
    return PageOut(items=[RowOut.model_validate(row, from_attributes=True) for row in page.rows], next=page.next)
