"""Whom one record means, asked by machines: an officer's, or those of a department that takes our data."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from shiheng.accounts.doors import anyone, who_at
from shiheng.accounts.permissions import ANYONE, May, Who
from shiheng.fusion import asking
from shiheng.fusion.models import Nameless
from shiheng.kernel.errors import Forbidden
from shiheng.publication.exchange import actions
from shiheng.publication.models import Subscription
from shiheng.subjects.models import Subject
from shiheng.ui.api import PROBLEMS, ProblemOut

router = Router(tags=["比对"])
_LONGEST = asking.LONGEST


class RecordIn(Schema):
    """What is known of a business; a name or a code at least."""

    name: str = Field("", max_length=_LONGEST, description="名称，写成什么样都可以")
    address: str = Field("", max_length=_LONGEST, description="地址")
    person: str = Field("", max_length=_LONGEST, description="负责人姓名")
    phone: str = Field("", max_length=_LONGEST, description="电话")
    code: str = Field("", max_length=_LONGEST, description="统一社会信用代码、注册号或组织机构代码")
    region: str = Field("", max_length=_LONGEST, description="行政区划代码，6、9 或 12 位")


class ReasonOut(Schema):
    sign: str = Field(description="特征代码：code、name、door、person、phone 或 region")
    text: str = Field(description="这个特征相同还是不同、有多少户共有")
    bits: float = Field(description="分量，单位比特；负数是反对。按代码归户的不计分，为 0")


class CandidateOut(Schema):
    id: int = Field(description="主体编号")
    uscc: str = Field(description="统一社会信用代码，未取得时为空")
    name: str = Field(description="现用名称")
    status: str = Field(description="登记状态代码")
    status_title: str = Field(description="登记状态的名称")
    address: str = Field(description="住所")
    score: float = Field(description="把握，0 至 1；全部候选与“没有对应主体”合计为 1")
    reasons: list[ReasonOut] = Field(description="理由，分量大的在前")
    hidden: list[str] = Field(description="比对过而依法不向您说明结果的特征")


class MatchOut(Schema):
    decision: str = Field(description="auto（自动归户）、tie（并列待判）、ask（待判）或 none（无对应主体）")
    decision_title: str = Field(description="判定的名称")
    by: str = Field(description="凭什么：name（特征），或代码的种类 uscc、regno、orgcode、pripid")
    subject: int | None = Field(description="自动归到的主体编号；其他判定为 null")
    score: float = Field(description="最可能的主体的把握")
    version: str = Field(description="比对规则的版本")
    threshold: float = Field(description="自动归户的把握不低于此数")
    register_made_at: datetime = Field(description="比对所用的登记簿是何时准备的")
    register_current: bool = Field(description="此后有代码的来文是否没有变化；为 false 时会另行准备新的")
    candidates: list[CandidateOut] = Field(description="最多三户，最可能的在前")


def _who(request: HttpRequest) -> Who:
    """Who asks: an officer who reads subjects, a department's own people, or its system by the credential it has."""
    given = request.headers.get("Authorization", "")
    if given.lower().startswith("bearer "):
        shown = actions.hash_of(given[7:].strip())
        if Subscription.objects.filter(token=shown, state="approved").exists():
            return ANYONE
        raise Forbidden("match.token", "凭证无效：请向市场监管部门的数据专员核对订阅的凭证。")
    who = who_at(request)
    if who.may(May.READ_SUBJECTS) or who.may(May.TAKE_EXCHANGE):
        return who
    raise Forbidden(
        "match.power", "请以工作人员或外部单位联络员的身份登录，或在请求头 Authorization 中带上订阅的凭证。"
    )


@router.post(
    "",
    response={200: MatchOut, 401: ProblemOut, 503: ProblemOut, **PROBLEMS},
    url_name="match",
    summary="比对一条记录",
    auth=_who,
)
@anyone
def match(request: HttpRequest, record: RecordIn) -> MatchOut:
    """这条记录说的是哪一户，与同样的一行来文成批比对时的结果相同。记录不留存，只计次数。

    须以工作人员或外部单位联络员的身份登录，或在 Authorization 中带上数据交换订阅的凭证。
    """
    answer = asking.ask(record.model_dump(), who=request.auth)  # type: ignore[attr-defined]
    return MatchOut(
        decision=answer.decision,
        decision_title=Nameless.DECISIONS[answer.decision],
        by=answer.by,
        subject=answer.subject,
        score=answer.score,
        version=answer.version,
        threshold=answer.threshold,
        register_made_at=answer.made_at,
        register_current=answer.current,
        candidates=[_out(one) for one in answer.candidates],
    )


def _out(one: asking.Candidate) -> CandidateOut:
    row = one.subject
    return CandidateOut(
        id=row.pk, uscc=row.uscc, name=row.name, status=row.status,
        status_title=Subject.STATUSES.get(row.status, row.status), address=row.address, score=one.score,
        reasons=[ReasonOut(sign=r.sign, text=r.text, bits=r.bits) for r in one.reasons], hidden=list(one.hidden),
    )  # fmt: skip
