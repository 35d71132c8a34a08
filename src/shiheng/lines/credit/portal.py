"""What the credit portal shows of each kind of Records, and under which heading of the credit report."""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.publication.portal.definition import PUBLIC_FEEDS, PUBLIC_KINDS, PublicFeed, PublicKind
from shiheng.subjects.definition import Basis

UNREAD = "待核对：未见原文。"
FROM = date(2024, 5, 1)
OPEN_INFORMATION = Basis("企业信息公示暂行条例", "第六条、第七条", date(2024, 5, 1), verified=False, note=UNREAD)
REPORT = Basis("公共信用信息报告标准（2021年版）", "", verified=False, note="各部分的名称" + UNREAD)
PUBLISHED = Basis("市场监督管理行政处罚信息公示规定", "第三条", date(2021, 9, 1), verified=False, note=UNREAD)

PERMITS, HONOURS = "行政许可", "诚实守信与表彰"
CHECKS, PENALTIES = "检查与抽检", "行政处罚"
ABNORMAL, SERIOUS, COURTS = "经营异常", "严重失信", "司法裁判执行"
OTHERS = "其他"
SAMPLE = ("batch", "maker", "stage", "report", "reported", "laboratory", "recheck", "source", "published", "spec")

FAILED = ("batch", "spec", "maker", "failed_item", "report_number", "published", "sellers_told", "sellers_off")

SHOWN = (
    PublicKind("permit", FROM, "行政许可", "good", PERMITS,
               ("number", "document", "format", "place", "valid_from", "valid_until", "issuer"), ("content",),
               (OPEN_INFORMATION, REPORT)),
    PublicKind("commendation", FROM, "表彰守信", "good", HONOURS,
               ("number", "level", "issuer", "office", "year", "valid_from", "valid_until"), ("reason", "content"),
               (REPORT,)),
    PublicKind("credit", FROM, "信用评价", "good", HONOURS,
               ("level", "levelled", "office", "year", "valid_until"), (), (REPORT,)),
    PublicKind("inspection", FROM, "监督检查", "plain", CHECKS,
               ("task", "type", "office", "rectified", "published", "joint"), ("problem",), (OPEN_INFORMATION,)),
    PublicKind("sampling", FROM, "抽样检验", "plain", CHECKS, SAMPLE, ("failed", "handled"), (OPEN_INFORMATION,)),
    PublicKind("product_sample", FROM, "产品抽查", "plain", CHECKS, SAMPLE, ("failed", "handled"), (OPEN_INFORMATION,)),
    PublicKind("food_sample", FROM, "食品抽检", "plain", CHECKS, SAMPLE, ("failed", "handled"), (OPEN_INFORMATION,)),
    PublicKind("failed_food", FROM, "不合格食品", "bad", CHECKS, FAILED, ("follow_up",), (OPEN_INFORMATION,)),
    PublicKind("failed_goods", FROM, "不合格商品", "bad", CHECKS, FAILED, ("follow_up",), (OPEN_INFORMATION,)),
    PublicKind("penalty", FROM, "行政处罚", "bad", PENALTIES,
               ("document", "procedure", "types", "fine", "confiscated_gains", "confiscated_goods", "revoked", "office",
                "published", "public_until"),
               ("fact", "violated", "basis", "punishment"), (PUBLISHED, REPORT)),
    PublicKind("abnormal", FROM, "经营异常名录", "bad", ABNORMAL, ("office", "removed", "removed_by"),
               ("removed_for", "reason"), (OPEN_INFORMATION, REPORT)),
    PublicKind("serious", FROM, "严重违法失信名单", "bad", SERIOUS, ("office", "removed", "removed_by"),
               ("reason", "removed_for"), (REPORT,)),
    PublicKind("list", FROM, "名录列入", "bad", OTHERS, ("office", "removed", "removed_by"), ("reason", "removed_for"),
               (REPORT,)),
    PublicKind("judgment", FROM, "失信被执行人", "bad", COURTS, ("case", "court", "nature", "basis", "filed"),
               ("conduct",), (REPORT,)),
    PublicKind("wage_arrears", FROM, "拖欠工资", "bad", OTHERS,
               ("issue", "workers", "amount", "months", "published"), ("fact",), (REPORT,)),
)  # fmt: skip

FEEDS = (
    PublicFeed("alerts", FROM, "消费警示与提示", "向社会发布的消费警示、提示和引导。", ("complaints.alerts",)),
    PublicFeed("recalls", FROM, "产品召回", "食品、药品和其他产品的召回。",
               ("food.recalls", "drugs.recalls", "quality.recalls")),
    PublicFeed("failed", FROM, "多次抽检不合格", "多次抽检不合格的食品和产品。",
               ("food.failed_repeatedly", "quality.failed_repeatedly")),
)  # fmt: skip

for _feed in FEEDS:
    declare(PUBLIC_FEEDS, _feed)
for _kind in SHOWN:
    declare(PUBLIC_KINDS, _kind)
