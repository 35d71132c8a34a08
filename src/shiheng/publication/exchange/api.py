"""The pull interface of exchange: a department's system takes changes page by page and confirms how far it has come."""

import hmac
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import anyone, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel.errors import Forbidden, Missing
from shiheng.publication.exchange import actions, answering, queries
from shiheng.publication.exchange.gathering import gather
from shiheng.publication.models import Subscription
from shiheng.ui.api import PROBLEMS

router = Router(tags=["数据交换"])


class ChangesOut(Schema):
    """One page of changes; take them by ``id``, in order."""

    subscription: str = Field(description="订阅编号")
    items: list[dict[str, Any]] = Field(description="变动，按编号排列；id 永不改变，同一 id 的内容也永不改变")
    last: int = Field(description="本页最后一条的编号，作为下一页的 after；没有变动时与 after 相同")
    more: bool = Field(description="后面是否还有")
    sha256: str = Field(description="本页逐行内容的 SHA-256，与存证所记相同")


class ReceiptOut(Schema):
    state: str = Field(description="taken（已确认）、again（重复确认）、ahead（确认了未送出的编号）、bad（无法识别）")
    taken: int = Field(description="现在确认到哪个编号")


class DifferenceOut(Schema):
    sent: int = Field(description="已送到哪个编号")
    taken: int = Field(description="已确认到哪个编号")
    unconfirmed: int = Field(description="送出而未确认的条数")
    ahead: list[int] = Field(description="确认了而从未送出的编号")


class AnswerOut(Schema):
    """What is known of one subject now, as far as the subscription lets its department know."""

    uscc: str = Field(description="所问的统一社会信用代码")
    day: str = Field(description="答复日")
    facts: list[dict[str, Any]] = Field(description="按共享规则可以告知的内容，含来源；空列表表示没有可告知的")
    sha256: str = Field(description="body 的 SHA-256，与存证所记相同")
    leaf: int = Field(description="这次答复的存证编号，用它取证明")
    body: str = Field(description="计算摘要的原文，一字不改地留存即可日后举证")


Code = Annotated[str, Path(description="订阅编号")]
After = Annotated[int, Query(ge=0, lt=2**63, description="上一页的 last；从头取为 0")]
Limit = Annotated[int, Query(ge=1, le=actions.PAGE_MOST, description="本页最多几条")]


@router.get("/{code}/changes", response={200: ChangesOut, **PROBLEMS}, url_name="exchange_changes", summary="取变动")
@anyone
def changes(request: HttpRequest, code: Code, after: After = 0, limit: Limit = 200) -> HttpResponse | ChangesOut:
    """编号大于 after 的变动，按编号排列。取到后请以 receipts 确认；同一页再取，编号和内容都不变。"""
    row = _of(request, code)
    gather(row.code, at_most=1)
    page = actions.hand_over(row.code, after=after, limit=limit, way="pull")
    # The lines go out as they are on record, not read and written again.
    items = b",".join(page.lines).decode()
    more = "true" if page.more else "false"
    body = (
        f'{{"subscription":"{row.code}","items":[{items}],"last":{page.last},"more":{more},"sha256":"{page.sha256}"}}'
    )
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@router.post(
    "/{code}/receipts", response={200: ReceiptOut, **PROBLEMS}, url_name="exchange_receipts", summary="确认收到"
)
@anyone
def receipts(request: HttpRequest, code: Code) -> ReceiptOut:
    """请求正文为 {"upto": 编号}：此编号及以前的都已收妥。可以重复确认；只凭凭证调用。"""
    row = _of(request, code, signed_in=False)
    receipt = actions.receive(row.code, request.body, way="pull")
    row.refresh_from_db()
    return ReceiptOut(state=receipt.state, taken=row.taken)


@router.get(
    "/{code}/difference", response={200: DifferenceOut, **PROBLEMS}, url_name="exchange_difference", summary="对账"
)
@anyone
def difference(request: HttpRequest, code: Code) -> DifferenceOut:
    """送出而未确认的、确认了而从未送出的。两项都空，双方就一致。"""
    row = _of(request, code)
    found = queries.difference(row)
    ahead = [n for n in found.ahead.values_list("upto", flat=True)[:100] if n is not None]
    return DifferenceOut(sent=row.sent, taken=row.taken, unconfirmed=found.unconfirmed.count(), ahead=ahead)


@router.get(
    "/{code}/subjects/{uscc}", response={200: AnswerOut, **PROBLEMS}, url_name="exchange_subject", summary="查一户"
)
@anyone
def subject(
    request: HttpRequest,
    code: Code,
    uscc: Annotated[str, Path(description="统一社会信用代码")],
    matter: Annotated[str, Query(description="因何事查询：案号、审批编号等", max_length=200)] = "",
) -> AnswerOut:
    """办事途中查一户：只答订阅准许的内容和辖区；每次答复记入存证，可凭 leaf 取证明，不依赖本平台核对。只凭凭证调用。"""
    found = answering.answer(_of(request, code, signed_in=False), uscc, matter=matter)
    return AnswerOut(
        uscc=found.uscc, day=found.day, facts=found.facts, sha256=found.sha256, leaf=found.leaf, body=found.body
    )


@router.get("/{code}/answers/{leaf}/proof", response={200: dict[str, Any], **PROBLEMS}, url_name="exchange_proof",
            summary="取答复的证明")  # fmt: skip
@anyone
def proof(
    request: HttpRequest, code: Code, leaf: Annotated[int, Path(description="答复的存证编号", lt=2**63, examples=[1])]
) -> dict[str, Any]:
    """这次答复在存证树中的证明，用 shiheng ledger verify 或任何 RFC 6962 实现核对。"""
    return answering.proof(_of(request, code), leaf)


def _of(request: HttpRequest, code: str, *, signed_in: bool = True) -> Subscription:
    """The subscription, for whoever holds its credential, or (for reading) is signed in for its department."""
    given = request.headers.get("Authorization", "")
    if given.lower().startswith("bearer "):
        row = Subscription.objects.filter(code=code, state="approved").first()
        held = row.token if row else ""
        if held and hmac.compare_digest(held, actions.hash_of(given[7:].strip())) and row:
            return row
        raise Forbidden("exchange.token", "凭证无效：请向市场监管部门的数据专员核对订阅编号和凭证。")
    who = who_at(request)
    if signed_in and who.may(May.TAKE_EXCHANGE):
        found = queries.visible_to(who).filter(code=code, state="approved").first()
        if found is None:
            raise Missing("exchange.unknown", "没有这个订阅，或它不属于您的单位。")
        return found
    raise Forbidden("exchange.token", "请在请求头 Authorization 中带上订阅的凭证（Bearer …）。")
