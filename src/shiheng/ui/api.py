"""Conventions of the machine interface: one shape of error, bounded pages by cursor, a key for each write."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from shiheng.kernel.errors import Problem, Refused
from shiheng.ui.pages import problem_json
from shiheng.ui.wording import in_words

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)

MOST = 200
TYPES: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}


class ProblemOut(Schema):
    """RFC 9457 problem, as every refusal of this interface looks."""

    type: str = Field("about:blank", description="错误类型，固定为 about:blank")
    title: str = Field(description="状态码的英文短语")
    status: int = Field(description="HTTP 状态码")
    code: str = Field(description="稳定的错误代码，供程序判断")
    detail: str = Field(description="给人看的中文说明")
    details: dict[str, Any] | None = Field(None, description="细节：参数有误时 errors 逐项列出 where 与 message")


class PageIn(Schema):
    """How much of a list, and from where."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="每页条数")] = 50
    cursor: Annotated[str, Field(max_length=400, description="上一页返回的 next；首页留空")] = ""


class PageOut(Schema, Generic[Item]):
    """One page of a list; ``next`` is null on the last one."""

    items: list[Item] = Field(description="本页的内容")
    next: str | None = Field(None, description="下一页的游标，末页为 null")


PageQuery = Annotated[PageIn, Query()]
PROBLEMS: dict[int, type[ProblemOut]] = {
    400: ProblemOut,
    403: ProblemOut,
    404: ProblemOut,
    409: ProblemOut,
    422: ProblemOut,
}


def make(*, title: str, version: str, description: str, namespace: str, **options: Any) -> NinjaAPI:
    """A NinjaAPI that keeps these conventions."""
    api = NinjaAPI(title=title, version=version, description=description, urls_namespace=namespace, **options)
    keep_conventions(api)
    return api


def keep_conventions(api: NinjaAPI) -> None:
    """Let every error of ``api`` be problem+json with a Chinese sentence."""
    api.add_exception_handler(Problem, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(HttpError, _failed)


def _refused(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ARG001
    return problem_json(fault.status, fault.code, fault.message, details=fault.details)


def _invalid(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ARG001
    errors = [{"where": ".".join(str(p) for p in e["loc"]), "message": in_words(e)} for e in fault.errors]
    return problem_json(422, "invalid", "请求的参数或内容不符合要求，见 details.errors。", details={"errors": errors})


def _missing(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ARG001
    return problem_json(404, "not_found", "没有这项内容，或不在您的权限范围内。")


def _unknown(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ARG001
    return problem_json(401, "sign_in.required", "请先登录，或使用有效的接口凭证。")


def _failed(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ARG001
    said = "请求不是有效的 JSON。" if fault.status_code == 400 else "请求没有被接受。"
    return problem_json(fault.status_code, "bad_request", said)


def idempotency_key(request: HttpRequest) -> uuid.UUID:
    """The ``Idempotency-Key`` every write must carry: a UUID of the caller's own making."""
    given = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not given:
        raise Refused("idempotency_key.missing", "写操作须带请求头 Idempotency-Key（调用方自己生成的 UUID）。")
    try:
        return uuid.UUID(given)
    except ValueError:
        raise Refused("idempotency_key.invalid", "请求头 Idempotency-Key 须是 UUID。") from None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: list[Row]
    next: str | None


def page_of(
    rows: "QuerySet[Row]", asked: PageIn, *, by: Sequence[str] = ("pk",), descending: bool = False
) -> Page[Row]:
    """One page by keyset: ``by`` are columns without nulls that together name one row, the last of them unique.

    However deep the page, the database reads only its rows; rows added meanwhile neither repeat nor push others out.
    """
    if asked.cursor:
        rows = rows.filter(_beyond(by, _read(asked.cursor, len(by)), descending))
    ordered = rows.order_by(*(f"-{name}" if descending else name for name in by))
    found = list(ordered[: asked.limit + 1])
    kept = found[: asked.limit]
    more = len(found) > asked.limit
    return Page(kept, _write([_value(kept[-1], name) for name in by]) if more else None)


def _beyond(by: Sequence[str], last: Sequence[Any], descending: bool) -> Q:
    """Rows after ``last`` in the order of ``by``, column by column."""
    beyond, same = Q(pk__in=()), Q()
    for name, value in zip(by, last, strict=True):
        beyond |= same & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        same &= Q(**{name: value})
    return beyond


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _write(values: Sequence[Any]) -> str:
    """Opaque to callers, so it may change; not secret, for it names only what the page showed."""
    plain = [
        ["datetime", v.isoformat()]
        if isinstance(v, datetime)
        else ["date", v.isoformat()]
        if isinstance(v, date)
        else ["plain", v if isinstance(v, int) else str(v)]
        for v in values
    ]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [TYPES[kind](value) if kind in TYPES else value for kind, value in plain]
    except (ValueError, TypeError, KeyError, binascii.Error):
        values = []
    if len(values) != length or not all(_sane(v) for v in values):
        raise Refused("cursor.invalid", "参数 cursor 无效。请原样使用上一页返回的 next，或留空从头开始。")
    return values


def _sane(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 2**63
    return isinstance(value, date) or (isinstance(value, str) and "\x00" not in value)
