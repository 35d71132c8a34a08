"""What people of the invented city have done with its data by today: asked for it, doubted it, sent rows back."""

from typing import NamedTuple

DISTRICT, OTHER = "4499.01.", "4499.02."
DATA_OFFICER, RECEIVER, CLERK = "shuju", "waibu", "chuang"
SENT_BACK = "请核对后于本月底前重报这些行。"
SENT_BACK_AGO = 6
SLIP = "已收到，谢谢"


class Asked(NamedTuple):
    """A subscription: who asks for what, how many days before today, and how long after it is approved."""

    office: str
    by: str
    rule: str
    kinds: tuple[str, ...]
    way: str
    purpose: str
    ago: int
    approved_after: int | None = 1
    endpoint: str = ""


SUBSCRIPTIONS = (
    Asked("4499D01", "waibu", "tax", ("identity", "abnormal"), "pull", "比对登记与税务登记，清理非正常户。", 26),
    Asked("449901D02", "shuju", "labour", ("identity",), "file", "核对参保单位的登记状态。", 21, 2),
    # Nobody listens there: the desk shows what a receiver that is down looks like.
    Asked("4499D07", "shuju", "justice", ("cancellation",), "push", "执行案件查询被执行人的登记状态。", 9, 1,
          "http://127.0.0.1:9/shiheng"),
    Asked("449901D04", "shuju", "basic", ("identity",), "pull", "核对医疗美容机构的登记事项。", 2, None),
)  # fmt: skip


class Misused(NamedTuple):
    """Somebody whose name was used: what the clerk wrote down, and after how many days it went to revocation."""

    matter: str
    reason: str
    said: str
    ago: int
    ended_after: int | None = None
    why: str = ""


FOUND_OUT_AFTER = 12
MISUSED = (
    Misused(
        "投诉 2026-0107",
        "本人来窗口称被冒名登记",
        "身份证三年前遗失，从未到过云泽市，收到税务短信才知道。",
        120,
        60,
        "身份核验记录与登记材料签名不符，系冒用身份取得登记。",
    ),
    Misused("投诉 2026-0233", "派出所转来被冒名登记的报案", "求职时交过身份证复印件，没有签过任何登记材料。", 110),
    Misused("投诉 2026-0391", "本人来窗口称被冒名登记", "不认识代办人，也没有授权任何人办理登记。", 17),
)


class Ruled(NamedTuple):
    """A merger by hand, and whether and after how many days it was undone."""

    reason: str
    ago: int
    undone_after: int | None = None
    why: str = ""


# One business that stands twice, by its old number and by its code; two businesses of which one tells the other's.
ONE_STANDS_TWICE = Ruled(
    "名称、住所、负责人一致，旧注册号换发统一社会信用代码后未一并报送，经调阅登记档案为同一户。", 5
)
TWO_TELL_ONE = Ruled("两户报了同一个注册号，疑为同一户换照前后的两条记录。", 4, 2,
                     "登记窗口核实系录入时填成了另一户的注册号，负责人和住所均不同，应为两户。")  # fmt: skip


class Doubt(NamedTuple):
    """A report that a field is wrong, and how it was answered."""

    by: str
    scope: str
    place: int
    field: str
    wrong: str
    ago: int
    answered_after: int | None = None
    outcome: str = ""
    reason: str = ""


DOUBTS = (
    Doubt("chuang", DISTRICT, 2, "address", "门牌号与现场悬挂的不一致，现场为同一条路的下一号。", 46, 5, "refused",
          "登记机关核对了住所证明，登记的门牌号无误，现场门牌系旧牌未换。"),
    Doubt("laoban", "", 0, "address", "住所搬迁已办变更，这里还是旧地址。", 23, 4, "answered",
          "情况属实，登记注册科将在下次报送时更正。"),
    Doubt("zhang", DISTRICT, 5, "capital", "注册资本的单位像是写错了，与章程相差一万倍。", 12),
    Doubt("cha", OTHER, 1, "address", "现场检查时门面已是另一家，登记住所查无此户。", 3),
)  # fmt: skip
