"""How a subject's file is laid out: the licence's order of fields, what is personal, which records stand under a tab.

Pure: a field is a name, a title and the way its value is written; nothing here reads a row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from shiheng.kernel.masking import mask_address, mask_id, mask_name, mask_phone


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """One field of the file. ``mask`` makes it personal; ``always`` keeps its place even when nobody has it."""

    code: str
    title: str
    kind: str = "text"  # text | code | day | money | status | long
    mask: Callable[[str], str] | None = None
    always: bool = False


#: The order of the licence, then what other sources add.
FIELDS = (
    FieldLayout("uscc", "统一社会信用代码", "code", always=True),
    FieldLayout("name", "名称", always=True),
    FieldLayout("type", "类型", always=True),
    FieldLayout("representative", "法定代表人", always=True),
    FieldLayout("capital", "注册资本", "money", always=True),
    FieldLayout("established", "成立日期", "day", always=True),
    FieldLayout("term_from", "营业期限自", "day"),
    FieldLayout("term_to", "营业期限至", "day"),
    FieldLayout("registration_authority", "登记机关", always=True),
    FieldLayout("approved_on", "核准日期", "day", always=True),
    FieldLayout("status", "登记状态", "status", always=True),
    FieldLayout("address", "住所", "long", always=True),
    FieldLayout("business_address", "经营场所", "long"),
    FieldLayout("business_scope", "经营范围", "long", always=True),
    FieldLayout("industry", "行业"),
    FieldLayout("industry_code", "行业代码", "code"),
    FieldLayout("regno", "注册号", "code"),
    FieldLayout("region", "行政区划代码", "code"),
    FieldLayout("postal_code", "邮政编码", "code"),
    FieldLayout("phone", "联系电话", mask=mask_phone),
    FieldLayout("representative_phone", "法定代表人电话", mask=mask_phone),
    FieldLayout("representative_id", "法定代表人证件号码", mask=mask_id),
    FieldLayout("contact", "联系人", mask=mask_name),
    FieldLayout("contact_phone", "联系人电话", mask=mask_phone),
    FieldLayout("contact_address", "联系人住址", mask=mask_address),
)
BY_CODE = {field.code: field for field in FIELDS}
#: Keys of other systems: they say nothing to a reader.
UNSEEN = frozenset({"pripid", "parent"})

REPRESENTATIVE = {"individual": "经营者", "branch": "负责人", "cooperative": "法定代表人"}
STATUS_TONES = {
    "active": "ok",
    "suspended": "warn",
    "revoked": "late",
    "revoked_closed": "done",
    "deregistered": "done",
    "cancelled": "late",
    "moved_out": "done",
    "unknown": "plain",
}
CURRENCIES = {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑", "TWD": "新台币"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the file and the kinds of records under it. ``public`` records are open to everybody."""

    code: str
    title: str
    kinds: tuple[str, ...] = ()
    public: bool = False


TABS = (
    Tab("overview", "概览"),
    Tab("registration", "登记"),
    Tab("permits", "许可", ("permit",), public=True),
    Tab("inspections", "检查抽检", ("inspection", "sampling"), public=True),
    Tab("complaints", "投诉举报", ("complaint", "report")),
    Tab("cases", "案件处罚", ("case", "penalty"), public=True),
    Tab("lists", "名录信用", ("list", "credit", "commendation"), public=True),
    Tab("tracing", "追溯", ("tracing",)),
    Tab("relations", "关系"),
    Tab("timeline", "动态"),
    Tab("documents", "文书", ("document",)),
)
RECORD_TITLES = {
    "permit": "行政许可",
    "inspection": "监督检查",
    "sampling": "抽样检验",
    "complaint": "投诉",
    "report": "举报",
    "case": "案件",
    "penalty": "行政处罚",
    "list": "名录列入",
    "credit": "信用记录",
    "commendation": "表彰守信",
    "tracing": "追溯",
    "document": "文书",
}
#: What departments say of a record, in the order it is shown; other names of facts are their own titles.
FACTS = {
    "number": "编号",
    "format": "主体业态",
    "content": "许可内容",
    "place": "经营场所",
    "valid_from": "有效期自",
    "valid_until": "有效期至",
    "issuer": "发证机关",
    "document": "决定文书号",
    "holder": "证载名称",
}
_OWN = {"key": "编号", "day": "日期", "state": "状态", "change": "增删改标志", "title": "名称"}
#: Shown elsewhere: the title heads the record.
UNSAID = frozenset({"title"})
#: What speaks well of a subject; the public page shows it as prominently as the rest.
FAVOURABLE = frozenset({"permit", "commendation"})
OPEN_KINDS = frozenset(kind for tab in TABS if tab.public for kind in tab.kinds if kind != "case")


def title_of(code: str, kind: str = "") -> str:
    """A field's title; who answers for a business is called by its kind."""
    if code == "representative":
        return REPRESENTATIVE.get(kind, "法定代表人")
    return BY_CODE[code].title if code in BY_CODE else code


def title_of_said(field: str, say: Callable[[str], str] = str) -> str:
    """What a statement speaks of: ``name`` → 名称, ``permit.facts.valid_until`` → 行政许可：有效期至.

    ``say`` puts each of the words into the reader's language.
    """
    kind, _, part = field.partition(".")
    if not part:
        return say(title_of(field))
    fact = part.removeprefix("facts.")
    return say(RECORD_TITLES.get(kind, kind)) + say("：") + say(_OWN.get(fact) or FACTS.get(fact, fact))


def written(code: str, value: str, statuses: dict[str, str]) -> str:
    """A field's value as a person reads it."""
    kind = BY_CODE[code].kind if code in BY_CODE else "text"
    if kind == "status":
        return statuses.get(value, value)
    if kind == "money":
        return capital(value)
    if kind == "day":
        return day(value)
    return value


def capital(value: str) -> str:
    """``200000000 CNY`` (fen) as ``200 万元``."""
    fen, _, currency = value.partition(" ")
    try:
        amount = Decimal(fen) / 100
    except InvalidOperation:
        return value
    unit = CURRENCIES.get(currency or "CNY", currency)
    if amount >= 10_000:
        return f"{(amount / 10_000).normalize():,f} 万{unit}"
    return f"{amount:,.2f} {unit}"


def day(value: str) -> str:
    """An ISO day as it is written on pages."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{found:%Y-%m-%d}"
