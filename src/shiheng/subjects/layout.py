"""How a subject's file is laid out: the licence's order of fields, what is personal, which records stand under a tab.

Pure: a field is a name, a title and the way its value is written; nothing here reads a row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

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
    Tab(
        "inspections",
        "检查抽检",
        ("inspection", "sampling", "product_sample", "food_sample", "equipment", "failed_food", "failed_goods"),
        public=True,
    ),
    Tab("complaints", "投诉举报", ("complaint", "report", "hotline", "lead", "misuse")),
    Tab("cases", "案件处罚", ("case", "penalty", "transfer", "court_case"), public=True),
    Tab(
        "lists",
        "名录信用",
        ("list", "abnormal", "serious", "judgment", "wage_arrears", "credit", "commendation", "reply"),
        public=True,
    ),
    Tab(
        "departments",
        "部门信息",
        (
            "change",
            "position",
            "cancellation",
            "annual_report",
            "tax_status",
            "tax_abnormal",
            "tax_arrears",
            "social_security",
            "trademark",
            "patent",
            "online_shop",
            "customs",
            "outlet",
        ),
    ),
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
    "misuse": "冒名登记投诉",
    "product_sample": "产品抽查",
    "failed_food": "不合格食品",
    "failed_goods": "不合格商品",
    "food_sample": "食品抽检",
    "equipment": "特种设备",
    "hotline": "12345 工单",
    "lead": "网格线索",
    "transfer": "案件移送",
    "court_case": "未履行生效裁判",
    "abnormal": "经营异常名录",
    "serious": "严重违法失信名单",
    "judgment": "失信被执行人",
    "wage_arrears": "拖欠工资",
    "reply": "当事人说明",
    "change": "变更登记",
    "position": "登记人员",
    "cancellation": "注销登记",
    "annual_report": "年度报告",
    "tax_status": "税务登记",
    "tax_abnormal": "纳税非正常户",
    "tax_arrears": "欠税",
    "social_security": "社保缴纳",
    "trademark": "注册商标",
    "patent": "授权专利",
    "online_shop": "平台内网店",
    "customs": "海关备案",
    "outlet": "金融许可证",
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
    "taxpayer": "纳税人名称",
    "before": "变更前",
    "after": "变更后",
    "year": "年度",
    "employees": "从业人数",
    "assets": "资产总额（万元）",
    "debts": "负债总额（万元）",
    "equity": "所有者权益（万元）",
    "income": "营业收入（万元）",
    "main_income": "主营业务收入（万元）",
    "profit": "利润总额（万元）",
    "net_profit": "净利润（万元）",
    "tax": "纳税总额（万元）",
    "employees_public": "从业人数是否公示",
    "assets_public": "资产总额是否公示",
    "income_public": "营业收入是否公示",
    "tax_public": "纳税总额是否公示",
    "phone": "联系电话",
    "type": "类型",
    "class": "类别",
    "nature": "性质",
    "code": "代码",
    "name": "设备名称",
    "case": "案号",
    "procedure": "程序",
    "fact": "违法事实",
    "violated": "违法依据",
    "types": "处罚种类",
    "punishment": "处罚内容",
    "basis": "依据",
    "fine": "罚款",
    "confiscated_gains": "没收违法所得",
    "confiscated_goods": "没收非法财物",
    "revoked": "暂扣或者吊销的证照",
    "published": "公示日期",
    "public_until": "公示截止",
    "withdrawn_for": "撤销原因",
    "stopped_for": "停止公示的原因",
    "direction": "移送方向",
    "charge": "涉嫌罪名",
    "from": "移送机关",
    "to": "接收机关",
    "answered": "答复日期",
    "refused_for": "不予立案理由",
    "task": "检查任务",
    "problem": "发现的问题",
    "rectified": "整改完成日期",
    "joint": "联合检查",
    "object": "客体类别",
    "said": "内容",
    "channel": "来源渠道",
    "received": "受理时间",
    "accepted": "受理日期",
    "limit": "办理时限",
    "closed": "办结日期",
    "result": "处理结果",
    "refunded": "挽回经济损失",
    "satisfied": "满意度",
    "seen_at": "发生地址",
    "town": "所属街镇",
    "reason": "原因",
    "way": "方式",
    "removed": "移出日期",
    "removed_for": "移出原因",
    "removed_by": "移出机关",
    "court": "执行法院",
    "duty": "应当履行的义务",
    "conduct": "失信行为",
    "performed": "已履行",
    "owing": "未履行",
    "filed": "立案日期",
    "left": "退出日期",
    "unpaid": "未执行金额",
    "together": "共同被执行人",
    "exposed": "曝光日期",
    "issue": "公布期号",
    "workers": "欠薪人数",
    "amount": "金额",
    "months": "欠薪月数",
    "fled": "是否逃匿",
    "fled_on": "逃匿日期",
    "settled": "结清日期",
    "registered": "登记日期",
    "authority": "主管机关",
    "tax_type": "税种",
    "month": "费款所属期",
    "insured": "参保人数",
    "paid": "实缴金额",
    "street": "所在街道",
    "spec": "规格型号",
    "batch": "生产日期或者批号",
    "failed_item": "不合格项目",
    "report_number": "检验报告编号",
    "sellers_told": "已发送销售者",
    "sellers_off": "已核查下架的销售者",
    "follow_up": "后处理",
    "maker": "标称生产者",
    "maker_code": "标称生产者代码",
    "stage": "抽样环节",
    "report": "报告编号",
    "reported": "报告日期",
    "laboratory": "检验机构",
    "failed": "不合格项目",
    "recheck": "复检结论",
    "handled": "后处理",
    "handle_by": "处置期限",
    "source": "任务来源",
    "used_at": "使用地点",
    "made": "制造日期",
    "inspected": "检验日期",
    "inspection": "检验结论",
    "next_inspection": "下次检验日期",
    "maintained_by": "维保单位",
    "contact": "联系人电话",
    "applied": "申请日期",
    "agent": "代理机构",
    "platform": "所属平台",
    "url": "网址",
    "goods": "主营类目",
    "licensed": "是否已办理登记",
    "exempt": "不需要登记的情形",
    "over_limit": "是否超过零星小额",
    "permit": "公示的许可证",
    "checked": "核验日期",
    "level": "信用等级",
    "levelled": "等级认定日期",
    "approved": "批准日期",
    "office": "作出机关",
    "matter": "事项编号",
    "claimant": "当事人",
    "position": "被登记为",
}
_OWN = {"key": "编号", "day": "日期", "state": "状态", "change": "增删改标志", "title": "名称"}
#: What is known of a fact that has no value: its source looked and found none, or could not tell.
ABSENT = {"none": "查无", "unknown": "未取得"}
#: Shown elsewhere: the title heads the record.
UNSAID = frozenset({"title", "person", "evidence", "evidence_name"})
#: What is said to another record, by the business or in answer to it: shown beside that record, never by itself.
BESIDE = "reply"
#: What speaks well of a subject; the public page shows it as prominently as the rest.
FAVOURABLE = frozenset({"permit", "commendation"})
#: Under a tab that is open, yet not for everybody: what is still under way, or concerns a crime.
_CLOSED = {"case", "transfer", "court_case", "equipment"}
OPEN_KINDS = frozenset(kind for tab in TABS if tab.public for kind in tab.kinds) - _CLOSED
#: Sums departments state, kept in whole fen.
SUMS = frozenset({"fine", "confiscated_gains", "confiscated_goods", "amount", "unpaid", "paid", "refunded"})


#: A penalty in one of these states is not shown to the public, or not any longer.
_NOT_PUBLISHED = {"未公示", "停止公示", "已撤销"}  # not shown: states as they are kept
#: Lists that are left: by kind the day one leaves, the day one is published, and the states that end it.
LISTED = {
    "judgment": ("left", "", {"全部已履行", "deleted"}),  # not shown: states as they are kept
    "wage_arrears": ("settled", "published", {"已结清", "deleted"}),  # not shown: states as they are kept
}


def _off_list(kind: str, state: str, facts: dict[str, Any], today: date) -> bool:
    left, published, ended = LISTED[kind]
    gone, come = facts.get(left), facts.get(published)
    return (
        state in ended
        or (isinstance(gone, str) and gone <= today.isoformat())
        or (isinstance(come, str) and come > today.isoformat())
    )


def withheld(kind: str, state: str, facts: Any, today: date) -> bool:
    """Whether a record of an open kind is not published after all.

    A penalty before, after or without publication; who is no longer, or not yet, on a public list.
    """
    if kind in LISTED:
        return _off_list(kind, state, facts if isinstance(facts, dict) else {}, today)
    if kind != "penalty":
        return False
    last = facts.get("public_until") if isinstance(facts, dict) else None
    return state in _NOT_PUBLISHED or (isinstance(last, str) and last < today.isoformat())


def with_sums(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with the sums in them as people read them."""
    return {k: capital(v) if k in SUMS and isinstance(v, str) and v.isdigit() else v for k, v in facts.items()}


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
