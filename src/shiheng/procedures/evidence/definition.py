"""The law of evidence as the pages need it: its eight kinds, how each is taken, what must be filmed, what is masked.

Pure. The kinds are those of the catalogue (Administrative Penalty Law art 46); the rules on taking them are those of
the procedural provisions of market regulation, arts 23 to 32 and 43 to 44.
"""

from dataclasses import dataclass

from shiheng.catalogue.violations import EVIDENCE as KINDS
from shiheng.subjects.definition import Basis

__all__ = ["ACTS", "CAPTURE", "EVENTS", "FILMED", "FILMED_BASIS", "KINDS", "REASONS", "RECORDS", "Capture"]

_PROVISIONS = "市场监督管理行政处罚程序规定"


def _provision(article: str) -> Basis:
    return Basis(_PROVISIONS, article, note="按整理稿录入，条文待核对。")


@dataclass(frozen=True, slots=True)
class Capture:
    """How one kind of evidence is taken: what to see to, in short, under which articles."""

    kind: str
    says: str
    basis: Basis


_CAPTURED = _provision("第二十三条至第三十二条")
CAPTURE = {
    "01": Capture("01", "收集原件；确有困难的收集复制件，由提供人核对无误，写明日期、出处并签名。", _CAPTURED),
    "02": Capture("02", "收集原物；确有困难的，拍摄照片、录像，写明原物存放处。", _CAPTURED),
    "03": Capture("03", "收集原始载体；复制件写明制作方法、时间、制作人，声音附文字记录。", _CAPTURED),
    "04": Capture(
        "04", "收集原始载体；复制、委托分析、书式固定、拍照、录像的，写明制作方法、时间、制作人。", _CAPTURED
    ),
    "05": Capture("05", "个别询问，两人在场，制作笔录，逐页签名。", _CAPTURED),
    "06": Capture("06", "两人询问，制作笔录，逐页签名；更正处由当事人确认。", _CAPTURED),
    "07": Capture("07", "由有法定资格的机构出具，结果告知当事人。", _CAPTURED),
    "08": Capture("08", "通知当事人到场，两人在场并签名；拒绝签名的注明情况，录音录像，必要时请见证人。", _CAPTURED),
}
RECORDS = frozenset({"05", "06", "08"})
"""Kinds that are records made by officers: two of them must have been there."""

ACTS = {"site": "现场检查", "question": "询问", "sample": "抽样取证", "keep": "先行登记保存、查封、扣押"}
"""What an officer does when evidence is taken."""
FILMED = frozenset(ACTS)
"""Acts of which sound and pictures must be kept, each of them."""
FILMED_BASIS = _provision("第四十四条")

EVENTS = {
    "received": "收存",
    "handed": "移交",
    "borrowed": "借出",
    "returned": "归还",
    "sealed": "封存",
    "opened": "启封",
    "copied": "调取",
    "exported": "导出",
    "assessed": "改记证明对象",
    "redacted": "制作遮蔽件",
    "carried": "转入另一案卷",
    "withdrawn": "撤回",
}
"""Everything that can happen to an item."""

REASONS = {
    "id": "证件号码",
    "phone": "电话号码",
    "address": "住址",
    "account": "银行账号",
    "face": "人脸、车牌",
    "name": "自然人姓名",
    "protected": "举报人、证人、未成年人",
    "secret": "商业秘密",
    "other": "其他不宜公开",
}
"""Why a part of an item is masked in a copy."""
