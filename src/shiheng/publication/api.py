"""Open data on subjects: the same search and the same public part of the file as the portal shows."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import anyone, who_at
from shiheng.kernel.errors import Refused
from shiheng.publication.portal import projection
from shiheng.subjects import queries, search
from shiheng.subjects.models import Subject
from shiheng.ui.api import PROBLEMS, PageOut, PageQuery

router = Router(tags=["主体"])


class SubjectOut(Schema):
    """A subject as a list shows it."""

    id: int = Field(description="主体编号，永不改变，也不重用")
    uscc: str = Field(description="统一社会信用代码，未取得时为空")
    name: str = Field(description="现用名称")
    status: str = Field(description="登记状态代码，如 active（存续）、deregistered（注销）")
    status_title: str = Field(description="登记状态的中文名称")
    kind: str = Field(description="主体类别代码，如 enterprise（企业）、individual（个体工商户）")
    address: str = Field(description="住所")
    matched: str | None = Field(None, description="与现用名称不同时，实际相符的曾用名")


class FactOut(Schema):
    """One field with where it comes from; ``state`` tells 有 (held), 查无 (none), 未取得 (missing), 隐去 (masked)."""

    code: str = Field(description="字段代码，如 capital")
    title: str = Field(description="字段的中文名称")
    value: str = Field(description="值，写法与网页相同")
    state: str = Field(description="held（有）、none（查无）、missing（未取得）或 masked（依法隐去）")
    source: str = Field("", description="来源的名称")
    day: str = Field("", description="来源所载的日期")


class NameOut(Schema):
    text: str = Field(description="名称")
    current: bool = Field(description="是否现用")
    first_day: date | None = Field(description="自哪一日起，未取得时为 null")
    last_day: date | None = Field(description="至哪一日止，现用时为 null")


class RecordOut(Schema):
    kind: str = Field(description="记录类别代码，如 permit（行政许可）、penalty（行政处罚）")
    title: str = Field(description="记录的名称，如 食品经营许可证")
    day: date | None = Field(description="决定日期，未载时为 null")
    state: str = Field(description="现在的效力或状态")
    source: str = Field(description="来源代码")
    source_title: str = Field(description="来源的名称，第三方数据在此注明")
    reference: str = Field(description="出处（批次与行号），只给工作人员")
    facts: dict[str, str] = Field(description="记录的内容：中文名称与值")
    absent: dict[str, str] = Field(
        default_factory=dict, description="没有值的内容：中文名称与 none（查无）或 unknown（未取得）"
    )


class SubjectFileOut(Schema):
    """The part of a subject's file this caller may read."""

    id: int = Field(description="主体编号，永不改变，也不重用")
    uscc: str = Field(description="统一社会信用代码，未取得时为空")
    name: str = Field(description="现用名称")
    status: str = Field(description="登记状态代码，如 active（存续）、deregistered（注销）")
    status_title: str = Field(description="登记状态的中文名称")
    facts: list[FactOut] = Field(description="登记事项，各注明来源与日期")
    names: list[NameOut] = Field(description="现用与曾用的名称")
    records: list[RecordOut] = Field(description="许可、处罚、名录等记录，新的在前")


Asked = Annotated[str, Query(description="名称的任一部分、代码或拼音首字母，1 至 100 字", examples=["恒达"])]
Key = Annotated[str, Path(description="主体编号或统一社会信用代码", examples=["92449901MA0000001E"])]


@router.get("", response={200: PageOut[SubjectOut], **PROBLEMS}, url_name="subjects_search", summary="检索主体")
@anyone
def find(request: HttpRequest, asked: PageQuery, q: Asked) -> PageOut[SubjectOut]:  # noqa: ARG001 - ninja's shape
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
def one(request: HttpRequest, key: Key) -> SubjectFileOut:
    """按编号或统一社会信用代码取一个主体的档案；个人信息只给辖区内有权限的人员。"""
    who = who_at(request)
    if who.account_id is None:
        return _public(projection.one(key))
    page = queries.page_of(who, queries.by_key(key))
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
                kind=r.kind, title=r.title, day=r.day, state=r.state, source=r.source,
                source_title=page.source_title(r.source), reference=r.reference,
                facts={title: value for title, value in r.facts if title not in dict(r.absent)},
                absent=dict(r.absent),
            )
            for tab in page.tabs
            for r in tab.records
        ],
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _public(file: projection.PublicFile) -> SubjectFileOut:
    """What everybody may read: what the public page shows, word for word."""
    return SubjectFileOut(
        id=file.id,
        uscc=file.uscc,
        name=file.name,
        status=file.status,
        status_title=file.status_title,
        facts=[
            FactOut(code=f.code, title=f.title, value=f.value, state=f.state, source=f.source, day=f.day)
            for f in file.facts
        ],
        names=[
            NameOut(text=text, current=current, first_day=_day(since), last_day=_day(until))
            for text, current, since, until in file.names
        ],
        records=[
            RecordOut(kind=r.kind, title=r.title, day=_day(r.day), state=r.state, source=r.source,
                      source_title=r.source, reference="", absent=dict(r.absent),
                      facts={title: value for title, value in r.pairs if title not in dict(r.absent)})
            for r in file.records
        ],
    )  # fmt: skip
