"""Registers for machines: all of them, the entries of one, one entry; the same rows as on the desk."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.registers import queries
from shiheng.registers.contents import all_on, lines_of, named, version_of
from shiheng.registers.definition import Register
from shiheng.registers.models import Entry
from shiheng.ui.api import PROBLEMS, PageOut, PageQuery, page_of

router = Router(tags=["名录"])

Code = Annotated[str, Path(description="名录的代码", examples=["quality.fixed_point"])]
Number = Annotated[int, Path(description="条目编号", examples=[1])]
OnDay = Annotated[date | None, Query(description="当日的样子：只要这一天在册的；留空是现在", examples=["2026-11-20"])]


class RegisterOut(Schema):
    code: str = Field(description="名录的代码")
    title: str = Field(description="名录的名称")
    about: str = Field(description="用途")
    group: str = Field(description="类别代码，如 lists（名单名录）、licences（证照许可）")
    public: bool = Field(description="是否向公众公开")
    fed: bool = Field(description="条目是否由部门来文更新")
    over_since: date | None = Field(description="自哪天起不再评选认定；null 为现行")


class EntryOut(Schema):
    id: int = Field(description="条目编号，永不改变")
    key: str = Field(description="条目在名录中的键")
    title: str = Field(description="名称")
    subject: int | None = Field(description="主体编号；不挂在主体名下的为 null")
    state: str = Field(description="状态代码")
    standing: str = Field(description="效力代码：current 有效、soon 即将到期、over 已过期、ended 不在册")
    since: date | None = Field(description="有效期起")
    until: date | None = Field(description="有效期止，null 为长期")
    facts: dict[str, str] = Field(description="内容：名称和写法，个人信息已遮盖")


@router.get("", response={200: list[RegisterOut], **PROBLEMS}, url_name="desk_registers", summary="名录一览")
@needs(May.EXPORT_SUBJECTS)
def overview(request: HttpRequest) -> list[RegisterOut]:  # noqa: ARG001 - the shape of every call
    """所有现行声明的名录。"""
    return [_register(register) for register in all_on(clock.today())]


def _register(register: Register) -> RegisterOut:
    return RegisterOut(
        code=register.code, title=register.title, about=register.about, group=register.group, public=register.public,
        fed=register.feed is not None, over_since=register.over_since,
    )  # fmt: skip


@router.get("/{code}", response={200: PageOut[EntryOut], **PROBLEMS}, url_name="desk_entries", summary="名录的条目")
@needs(May.EXPORT_SUBJECTS)
def entries(request: HttpRequest, code: Code, asked: PageQuery) -> PageOut[EntryOut]:
    """辖区内的条目，按编号排列，不在册的也在内。"""
    register = named(code, on=clock.today())
    page = page_of(queries.visible_to(who_at(request), register), asked)
    return PageOut(items=[_entry(row, row.pk) for row in page.rows], next=page.next)


@router.get("/{code}/{int:number}", response={200: EntryOut, **PROBLEMS}, url_name="desk_entry", summary="一个条目")
@needs(May.EXPORT_SUBJECTS)
def entry(request: HttpRequest, code: Code, number: Number, on: OnDay = None) -> EntryOut:
    """一个条目现在的样子，或者某一天的样子。"""
    from shiheng.kernel.errors import Missing

    found = queries.find(who_at(request), named(code, on=clock.today()), number)
    if on is None:
        return _entry(found, found.pk)
    stood = queries.entry_on(found, on)
    if stood is None:
        raise Missing("entry.then", "那一天它还不在册。")
    return _entry(stood, found.pk, key=found.key)


def _entry(row: Any, number: int, *, key: str = "") -> EntryOut:
    held: Entry = row if isinstance(row, Entry) else row.entry
    register = version_of(held.register, held.version)
    return EntryOut(
        id=number, key=key or row.key, title=row.title, subject=row.subject_id, state=row.state,
        standing=queries.standing_of(row).code, since=row.since, until=row.until,
        facts={title: words for title, words in lines_of(register, row.facts) if words},
    )  # fmt: skip
