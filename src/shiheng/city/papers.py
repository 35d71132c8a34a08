"""Which papers the invented bureau made of its files, and how each reached those it was for.

A form goes with a step; ways of serving take turns, so that a desk shows each of them: handed over, refused and left,
posted and come back, sent to a telephone whose owner agreed to it, put up in public.
"""

from typing import Any, NamedTuple

FORMS = {
    "accept": "complaints.acceptance",
    "refuse": "complaints.refusal",
    "mediate": "complaints.mediation_notice",
    "settle": "complaints.mediation_agreement",
    "terminate": "complaints.termination",
    "file": "complaints.report_result",
    "no_file": "complaints.report_result",
}
"""The form made after a step of a complaint or a report."""
DRAFTER, DECIDER = "zhang", "shi"
OWN = "complaints.acceptance"
OWN_AGO = 45
OWN_REASON = "按市局统一的文书版式调整，增加查询办理进度的说明。"
OWN_MORE = "您可以凭案卷编号 {{案卷编号}} 到本局窗口查询办理进度。"
OWN_NAME = "投诉受理决定书（本局格式）.docx"
WAITING = "complaints.refusal"
WAITING_REASON = "统一标题字号。"
WITHDRAWN_WHY = "收件人姓名写错一字，另行制作。"


class Try(NamedTuple):
    """One try to serve: in which way, with which proof and outcome."""

    way: str
    proof: dict[str, str]
    result: str = "served"


HANDED = Try("direct", {"signer": "本人", "as": "本人", "place": "区局调解室"})
REFUSED = Try("direct", {"signer": "店员", "as": "收发人员", "place": "经营场所", "why": "看过以后不肯签收"}, "refused")
LEFT = Try("leaving", {"place": "经营场所收银台", "witness": "社区网格员刘芳"})
POSTED = Try("post", {"parcel": "EMS10{n:07}CN", "signer": "收发室"})
RETURNED = Try("post", {"parcel": "EMS20{n:07}CN", "signer": "退回：查无此人"}, "failed")
SENT = Try("electronic", {"channel": "短信", "receipt": "短信回执 {n:06}"})
PUT_UP = Try(
    "public",
    {"place": "区局网站公告栏", "notice": "公告〔2026〕{n}号", "why": "邮寄退回，电话停机，其他方式无法送达。"},
)
COURSES: tuple[tuple[Try, ...], ...] = (
    (HANDED,), (POSTED,), (REFUSED, LEFT), (SENT,), (HANDED,), (RETURNED, PUT_UP), (POSTED,), (),
)  # fmt: skip
"""How papers were served, taking turns; the last was not yet."""


def confirmed(n: int) -> dict[str, Any]:
    """What whoever agreed to be told by telephone wrote down."""
    return {"address": f"江口街道码头路{n % 90 + 1}号", "channel": "短信", "electronic": f"1990000{n % 10_000:04}"}
