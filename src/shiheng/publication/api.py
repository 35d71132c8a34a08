"""Open data on subjects: the same search and the same public part of the file as the portal shows."""

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from shiheng.accounts.doors import anyone, who_at
from shiheng.kernel.errors import Refused
from shiheng.subjects import queries, search
from shiheng.subjects.models import Subject
from shiheng.ui.api import PROBLEMS, PageOut, PageQuery

router = Router(tags=["主体"])


class SubjectOut(Schema):
    """A subject as a list shows it."""

    id: int
    uscc: str = Field(description="统一社会信用代码，未取得时为空")
    name: str
    status: str = Field(description="登记状态代码")
    status_title: str
    kind: str
    address: str
    matched: str | None = Field(None, description="与现用名称不同时，实际相符的曾用名")


class FactOut(Schema):
    """One field with where it comes from; ``state`` tells 有 (held), 查无 (none), 未取得 (missing), 隐去 (masked)."""

    code: str
    title: str
    value: str
    state: str
    source: str = ""
    day: str = ""


class NameOut(Schema):
    text: str
    current: bool
    first_day: date | None
    last_day: date | None


class RecordOut(Schema):
    kind: str
    title: str
    day: date | None
    state: str
    source: str
    reference: str
    facts: dict[str, str]


class SubjectFileOut(Schema):
    """The part of a subject's file this caller may read."""

    id: int
    uscc: str
    name: str
    status: str
    status_title: str
    facts: list[FactOut]
    names: list[NameOut]
    records: list[RecordOut]


@router.get("", response={200: PageOut[SubjectOut], **PROBLEMS}, url_name="subjects_search", summary="检索主体")
@anyone
def find(request: HttpRequest, asked: PageQuery, q: str) -> PageOut[SubjectOut]:  # noqa: ARG001 - ninja's shape
    """按名称任一部分、代码（前四位起）或拼音首字母检索，最相符的在前，最多翻到第 1000 条。"""
    if len(q) > 100 or not q.strip():
        raise Refused("q.invalid", "参数 q 须为 1 至 100 个字。")
    offset = _offset(asked.cursor)
    found = search.find(q, limit=asked.limit, offset=offset)
    items = [
        SubjectOut(
            id=hit.subject.id,
            uscc=hit.subject.uscc,
            name=hit.subject.name,
            status=hit.subject.status,
            status_title=Subject.STATUSES.get(hit.subject.status, hit.subject.status),
            kind=hit.subject.kind,
            address=hit.subject.address,
            matched=hit.matched if hit.former else None,
        )
        for hit in found.hits
    ]
    return PageOut(items=items, next=str(offset + asked.limit) if found.more else None)


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 6:
        return int(cursor)
    raise Refused("cursor.invalid", "参数 cursor 无效。请原样使用上一页返回的 next，或留空从头开始。")


@router.get("/{key}", response={200: SubjectFileOut, **PROBLEMS}, url_name="subjects_one", summary="一个主体")
@anyone
def one(request: HttpRequest, key: str) -> SubjectFileOut:
    """按编号或统一社会信用代码取一个主体的档案；个人信息只给辖区内有权限的人员。"""
    page = queries.page_of(who_at(request), queries.by_key(key))
    row = page.subject
    return SubjectFileOut(
        id=row.id,
        uscc=row.uscc,
        name=row.name,
        status=row.status,
        status_title=page.status,
        facts=[
            FactOut(code=f.code, title=f.title, value=f.value, state=f.state, source=f.source, day=f.day)
            for f in page.facts
        ],
        names=[NameOut(text=n.text, current=n.current, first_day=n.first_day, last_day=n.last_day) for n in page.names],
        records=[
            RecordOut(
                kind=r.kind, title=r.title, day=r.day, state=r.state, source=r.source, reference=r.reference,
                facts=dict(r.facts),
            )
            for tab in page.tabs
            for r in tab.records
        ],
    )  # fmt: skip
