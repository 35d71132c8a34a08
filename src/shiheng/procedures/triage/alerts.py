"""Drafting a consumer alert from a hot spot: its figures as a first wording; a person rewords and publishes it."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Missing
from shiheng.procedures.triage import hotspots
from shiheng.procedures.triage.hotspots import Span
from shiheng.registers import actions as registers
from shiheng.registers.contents import register_of
from shiheng.registers.models import Entry
from shiheng.registers.queries import may_keep
from shiheng.ui.wording import in_the_record, say

REGISTER = "complaints.alerts"
STANDS = 90
"""So many days a draft proposes to stand."""


def may_draft(who: Who) -> bool:
    """Whether ``who`` keeps the register of alerts."""
    try:
        return may_keep(who, register_of(REGISTER, on=clock.today()))
    except Missing:
        return False  # no line declares it here


def draft(who: Who, span: Span, by: str, value: str, *, key: UUID | None = None) -> Entry:
    """Put a draft on the register of alerts. A business is not named in it: what is said of one is for it to answer."""
    if not may_draft(who):
        raise Forbidden("alert.keeper", _("您的岗位不能起草消费警示。请由负责的岗位办理。"))
    with in_the_record():
        title, spot, _rows = hotspots.rows_of(who, span, by, value)
        told = {
            "topic": _("某商家") if by == "against" else title, "days": span.days, "n": spot.now,
            "usual": f"{spot.usual:.1f}", "until": span.until,
        }  # fmt: skip
        facts = {
            "title": str(_("关于“%(topic)s”的消费提示（%(until)s）") % told)[:80],
            "kind": "消费提示",  # not shown: the code of a choice
            "text": _(
                "近期，有关“%(topic)s”的投诉举报增多：%(days)s 日内收到 %(n)s 件，"
                "此前同样长的时间平均 %(usual)s 件。提醒消费者：保存合同、票据、聊天和付款记录；"
                "发现问题先与经营者协商，协商不成的可以拨打 12315 或者在全国 12315 平台投诉。"
            )
            % told,
            "topic": str(told["topic"])[:40],
            "source": _("来信热点：%(way)s“%(topic)s”，%(since)s 至 %(until)s。")
            % {"way": say(hotspots.WAYS[by]), "topic": title, "since": span.since, "until": span.until},
        }  # fmt: skip
    today = clock.today()
    return registers.enter(
        who, REGISTER, facts, since=today, until=today + timedelta(days=STANDS), reason=facts["source"][:200], key=key
    )
