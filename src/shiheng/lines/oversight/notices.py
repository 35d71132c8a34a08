"""Which departments may take which facts from us, on which basis: the sharing rules of exchange between departments.

A department asks for a subscription under one of these rules; what a rule does not name stays here. Articles whose text
was not at hand say so.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.publication.definition import ANY, COMPARISONS, SHARING, Comparison, Shared, SharingRule
from shiheng.subjects.definition import Basis

SHARE = Basis("市场主体登记管理条例", "第七条", verified=True)
PENALTIES = Basis("市场监督管理行政处罚信息公示规定", "第二条、第四条", verified=True)

IDENTITY = Shared(
    "identity",
    (
        "name", "uscc", "regno", "type", "status", "established", "approved_on", "capital", "representative",
        "address", "business_address", "business_scope", "industry", "industry_code", "region",
        "registration_authority", "term_from", "term_to",
    ),
)  # fmt: skip
PLAIN_IDENTITY = Shared(
    "identity",
    ("name", "uscc", "type", "status", "established", "representative", "address", "industry", "region",
     "registration_authority"),
    {"representative": "name"},
)  # fmt: skip
CHANGES = Shared("change", ("title", "day", "before", "after", "office"))
CANCELLATIONS = Shared("cancellation", ("title", "day", "state", "reason", "way", "office"))
PERMITS = Shared(
    "permit", ("title", "day", "state", "number", "content", "valid_from", "valid_until", "issuer", "format", "place")
)
ABNORMAL = Shared("abnormal", ("title", "day", "until", "office", "removed", "removed_for", "removed_by"))
SERIOUS = Shared("serious", ("title", "day", "until", "reason", "office", "removed", "removed_for", "removed_by"))
PENALTY = Shared(
    "penalty",
    ("title", "day", "state", "document", "fact", "violated", "types", "punishment", "basis", "fine", "published",
     "public_until", "office"),
)  # fmt: skip
INSPECTION = Shared("inspection", ("title", "day", "state", "type", "problem", "rectified", "office", "published"))

RULES = (
    SharingRule(
        "tax", date(2022, 3, 1), "登记信息共享（税务）", ("税务局",),
        (IDENTITY, CHANGES, CANCELLATIONS, ABNORMAL, SERIOUS),
        (
            SHARE,
            Basis("税收征收管理法", "第十五条", verified=False, note="须核对 2015 年修正文本第二款：未见原文。"),
        ),
        "办理税务登记，核对纳税人状态，清理长期不经营的主体。",
    ),
    SharingRule(
        "labour", date(2022, 3, 1), "登记信息共享（人社、医保）",
        ("人力资源和社会保障局", "社会保险中心", "医疗保障局"),
        (IDENTITY, CANCELLATIONS), (SHARE,), "办理社会保险登记，核查参保单位是否存续。",
    ),
    SharingRule(
        "justice", date(2022, 3, 1), "登记信息共享（法院、公安、海关）", ("人民法院", "公安局", "海关"),
        (IDENTITY, CHANGES, CANCELLATIONS), (SHARE,), "查明被执行人、涉案单位和进出口收发货人的登记状况。",
    ),
    SharingRule(
        "credit", date(2022, 3, 1), "信用信息归集", ("公共信用信息平台", "发展和改革局"),
        (PLAIN_IDENTITY, PERMITS, PENALTY, ABNORMAL, SERIOUS), (SHARE, PENALTIES),
        "归集依法应当公示的许可、处罚和名录信息，供各部门联合使用。",
    ),
    SharingRule(
        "supervision", date(2022, 3, 1), "监管信息共享（市场监管系统）", ("市场监督管理局", "市场监管信息平台"),
        (IDENTITY, CHANGES, CANCELLATIONS, PERMITS, INSPECTION, PENALTY, ABNORMAL, SERIOUS), (SHARE,),
        "上级平台和相邻辖区协同监管，避免重复检查。",
    ),
    SharingRule(
        "basic", date(2022, 3, 1), "基础信息共享（各部门、数据共享交换平台）", (ANY,),
        (PLAIN_IDENTITY, CANCELLATIONS), (SHARE,), "核对办事单位的名称、代码和存续状态。",
    ),
)  # fmt: skip

for rule in RULES:
    declare(SHARING, rule)

ENDED = ("deregistered", "revoked_closed", "cancelled", "moved_out")
TAX = Comparison(
    "tax", date(2022, 3, 1), "登记与税务比对", "税务局", "tax_status", "tax",
    {
        "正常": ("active",),
        "停业": ("active", "suspended"),
        "清算": ("active", "revoked"),
        "非正常": ("revoked", *ENDED),
        "注销": ENDED,
        "非正常户注销": ("revoked", *ENDED),
    },
    ("active", "suspended"),
    "taxpayer",
    "登记在册而税务没有登记、非正常或者已经注销的，是清理长期不经营主体的线索；结论以核查为准。",
)  # fmt: skip

declare(COMPARISONS, TAX)
