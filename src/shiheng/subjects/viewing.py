"""Reading what is personal in full, the same in every room: for a stated purpose and reason, once, and on record."""

from collections.abc import Iterable
from typing import Annotated, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from shiheng.accounts.permissions import Who
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger.models import Leaf
from shiheng.subjects.definition import PERSONAL

VIEWED = "personal.viewed"
PURPOSES = {
    "case": "办理案件",
    "complaint": "处理投诉举报",
    "inspection": "开展监督检查",
    "identity": "核实当事人身份",
    "contact": "联系当事人",
    "data": "核对来文数据",
    "request": "配合司法、纪检或审计机关",
}
LEAST = 5
LISTED = "、"  # between what one view shows, as it stands on record
Purpose = Literal["case", "complaint", "inspection", "identity", "contact", "data", "request"]


class Viewing(BaseModel):
    """查看个人信息全文"""

    purpose: Annotated[
        Purpose,
        Field(title="查看目的", json_schema_extra={"choices": PURPOSES, "widget": "select", "draft": False}),
    ]
    reason: Annotated[
        str,
        Field(
            title="具体事由",
            max_length=300,
            description="写明案号、投诉编号等，让事后查阅的人知道为什么需要全文。不要写入个人信息。",
            json_schema_extra={"widget": "textarea", "draft": False},
        ),
    ]


def put_on_record(
    who: Who,
    *,
    at: str,
    subject: str,
    scope: str,
    titles: Iterable[str],
    kinds: Iterable[str],
    values: Iterable[str],
    purpose: str,
    reason: str,
    key: str,
) -> None:
    """Who reads what of whom and why, before it is shown; one form shows it once.

    ``titles`` are what is read, ``kinds`` what is personal in it, ``values`` what must not stand in the reason. Raises
    ``Refused`` for a purpose or reason that will not do, ``Conflict`` for a form that was used.
    """
    if purpose not in PURPOSES:
        raise Refused("personal.purpose", _("请选择查看的目的。"), field="purpose")
    reason = " ".join(reason.split())
    told = dict.fromkeys(PERSONAL.get(kind, "") for kind in kinds)
    if len(reason) < LEAST:
        raise Refused("personal.reason", _("请写明具体事由，例如案号或投诉编号，至少五个字。"), field="reason")
    if any(value and value in reason for value in values):
        raise Refused("personal.reason", _("事由会记入存证，请不要把个人信息写进去。"), field="reason")
    with transaction.atomic():
        if Leaf.objects.filter(key=f"{VIEWED}:{key}").exists():
            raise Conflict("personal.shown", _("这次填写的事由已经用过一次。如仍需查看，请重新填写。"))
        ledger.record(
            VIEWED,
            subject=subject,
            who=who,
            scope=scope,
            facts={
                "at": at,
                "field": LISTED.join(titles),
                "kind": LISTED.join(filter(None, told)),
                "purpose": PURPOSES[purpose],
                "reason": reason,
            },
            key=f"{VIEWED}:{key}",
        )
