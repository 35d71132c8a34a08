"""Which platforms and partners send matters, how their files look, and what they are told back.

None of these layouts was read in the platform's own words: headings, codes and day counts are those of files peers have
exchanged, each platform says so (``note``), and they are to be checked column by column before the first file.
"""

from datetime import date

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.complaints import council, facts
from shiheng.procedures.exchange.definition import Col, Kind, Outcome, Platform, Receipts, ReplyClock, declare
from shiheng.subjects.definition import Basis

SINCE = date(2026, 4, 15)
NOTE = "待核对：列名、代码和办理天数没有见过该平台的接口标准原文，启用前须与平台方逐列核对。"
BASIS = (Basis("市场监督管理投诉举报处理办法", "第四十条", SINCE, verified=True),)
COMPLAINT, REPORT, ENQUIRY = "complaints.complaint", "complaints.report", "complaints.enquiry"

CLASSES = {word: word for word in facts.CLASSES}
CLAIMS = {word: word for word in facts.CLAIMS} | {"退还货款": "退款", "赔偿": "赔偿损失", "换货": "更换"}
TRADER = (
    Col("trader", "被反映单位", also=("被投诉单位", "被投诉举报人", "被反映主体", "经营者名称"), longest=300),
    Col("code", "统一社会信用代码", also=("信用代码",), longest=18),
    Col("trader_address", "被反映单位地址", also=("事发地址", "经营地址"), longest=300),
)
MATTER = (
    Col("class", "问题类别", also=("问题分类", "投诉问题"), kind="code", codes=CLASSES, otherwise="其他", blank="其他"),
    Col("claims", "诉求", also=("投诉请求", "请求事项"), kind="many", codes=CLAIMS, otherwise="其他", blank="其他"),
    Col("amount", "争议金额", also=("涉及金额", "争议金额（元）"), kind="money"),
    Col("bought", "消费日期", also=("消费时间",), kind="day"),
)


def kinds(channel: str, *, complaint: tuple[str, ...], report: tuple[str, ...], enquiry: tuple[str, ...]) -> tuple[
    Kind, ...
]:  # fmt: skip
    """The three kinds of matters a platform sends, by its own words for them."""
    shared = (("summary", "summary"), ("channel", f"={channel}"))
    return (
        Kind(
            "complaint", complaint, COMPLAINT,
            (*shared, ("outer_number", "number"), ("kind", "class"), ("story", "content"), ("claims", "claims"),
             ("amount", "amount"), ("bought_on", "bought")),
            "complainant", against="trader", needs=("name", "phone", "trader"),
        ),
        Kind(
            "report", report, REPORT,
            (*shared, ("outer_number", "number"), ("kind", "class"), ("leads", "content")),
            "reporter", against="target", needs=("trader",), nameless="anonymous",
        ),
        Kind("enquiry", enquiry, ENQUIRY, (*shared, ("question", "content")), "asker", needs=("name",)),
    )  # fmt: skip


DONE, GOING, RETURNED, REFUSED = "已办结", "办理中", "退回", "不予受理"
OUTCOMES = (
    Outcome(COMPLAINT, "settled", DONE, "双方达成调解协议：{agreement}"),
    Outcome(COMPLAINT, "closed", DONE, "调解未能达成协议，已终止调解并告知双方，可以依法起诉或者申请仲裁。{why}"),
    Outcome(COMPLAINT, "refused", REFUSED, "经审查不予受理，理由和其他解决途径已告知投诉人。{why}"),
    Outcome(COMPLAINT, "returned", RETURNED, "不属于本局处理权限：{why}"),
    Outcome(COMPLAINT, "withdrawn", DONE, "投诉人在受理前撤回投诉。{why}"),
    Outcome(REPORT, "filed", DONE, "经核查已立案调查，将依法处理。"),
    Outcome(REPORT, "not_filed", DONE, "经核查决定不予立案：{ground}。"),
    Outcome(REPORT, "elsewhere", RETURNED, "不属于市场监督管理部门职责，有处理权限的机关是{body}。"),
    Outcome(REPORT, "repeated", DONE, "同一事实此前已经处理，处理编号 {earlier}。"),
    Outcome(ENQUIRY, "answered", DONE, "{answer}"),
)
OPEN = ("pending", "proof")
WORKING = ("accepted", "mediating", "terminated", "verifying")
OVER = ("settled", "closed", "refused", "withdrawn", "filed", "not_filed", "repeated", "answered")

declare(
    Platform(
        code="12345",
        title="12345政务服务便民热线",
        in_force_from=SINCE,
        about="市热线派来的工单：按工单写明的时限回复，回复用热线自己的格式。",
        channel="order",
        columns=(
            Col("number", "工单编号", required=True, also=("工单号", "受理单号"), longest=60),
            Col("kind", "工单类型", required=True, also=("诉求类型", "诉求分类"), longest=20),
            Col("received", "派单时间", required=True, also=("转办时间", "受理时间", "来电时间"), kind="day"),
            Col("until", "办理时限", also=("要求办结时间", "答复时限", "截止时间"), kind="day"),
            Col("summary", "工单标题", required=True, also=("标题", "诉求标题"), longest=120),
            Col("content", "诉求内容", required=True, also=("工单内容", "来电内容")),
            Col("name", "来电人", also=("诉求人", "姓名", "联系人"), longest=60, personal="name"),
            Col("phone", "联系电话", also=("来电号码", "手机号码"), kind="phone", personal="phone"),
            *TRADER,
            *MATTER,
            Col("status", "工单状态", also=("状态", "办理状态"), longest=20),
        ),
        kinds=kinds("order", complaint=("投诉", "消费投诉"), report=("举报",), enquiry=("咨询", "求助")),
        twins=(("投诉举报", ("complaint", "report")),),
        clock=ReplyClock(
            "回复热线", 5, "个工作日", "投诉举报处理办法",
            Basis(LOCAL_CHOICE, note="工单没有写明时限时用；天数待与热线管理单位核对。"), named="until",
        ),
        outcomes=OUTCOMES,
        replies=(
            ("工单编号", "number"), ("办理结果", "outcome"), ("回复内容", "content"), ("回复时间", "day"),
            ("承办单位", "office"), ("承办人", "officer"), ("承办编号", "ours"),
        ),
        form="xlsx",
        receipts=Receipts("工单编号", "接收结果", "退回原因", ("接收", "已接收", "通过"), ("退回", "不通过")),
        states=(
            ("待签收", OPEN), ("待办理", OPEN), (GOING, (*OPEN, *WORKING)), (DONE, OVER), (REFUSED, ("refused",)),
            (RETURNED, ("returned", "elsewhere")),
        ),
        basis=(),
        note=NOTE,
    )
)  # fmt: skip

declare(
    Platform(
        code="12315",
        title="全国12315平台",
        in_force_from=SINCE,
        about="从全国平台导出的投诉、举报、咨询；办理结果回填平台。",
        channel="platform",
        columns=(
            Col("number", "登记编号", required=True, also=("登记号", "编号"), longest=60),
            Col("kind", "登记类型", required=True, also=("业务类型", "类型"), longest=20),
            Col("received", "登记时间", required=True, also=("接收时间", "提交时间"), kind="day"),
            Col("summary", "标题", required=True, also=("投诉举报标题", "事项"), longest=120),
            Col("content", "具体内容", required=True, also=("投诉内容", "举报内容", "事实和理由")),
            Col("name", "姓名", also=("投诉人姓名", "提供方姓名", "投诉举报人"), longest=60, personal="name"),
            Col("phone", "联系电话", also=("投诉人电话", "提供方电话"), kind="phone", personal="phone"),
            *TRADER,
            *MATTER,
            Col("status", "办理状态", also=("状态", "处理状态"), longest=20),
        ),
        kinds=kinds("platform", complaint=("投诉",), report=("举报",), enquiry=("咨询",)),
        twins=(("投诉举报", ("complaint", "report")),),
        outcomes=OUTCOMES,
        replies=(
            ("登记编号", "number"), ("处理结果", "outcome"), ("反馈内容", "content"), ("反馈日期", "day"),
            ("处理单位", "office"), ("本单位编号", "ours"),
        ),
        form="csv",
        encoding="gb18030",
        receipts=Receipts("登记编号", "结果", "原因", ("成功", "接收"), ("失败", "退回")),
        states=(
            ("待受理", OPEN), ("待核查", OPEN), ("已受理", WORKING), ("核查中", ("verifying",)), (DONE, OVER),
            (REFUSED, ("refused",)), ("已退回", ("returned", "elsewhere")),
        ),
        basis=BASIS,
        note=NOTE,
    )
)  # fmt: skip

declare(
    Platform(
        code="region",
        title="合作地区消费者组织",
        in_force_from=SINCE,
        about="合作地区消费者组织转来、须在本地协助的消费纠纷；办理结果答复转出地区。",
        channel="region",
        columns=(
            Col("number", "转办编号", required=True, also=("协作编号", "函号"), longest=60),
            Col("kind", "事项类型", required=True, longest=20),
            Col("received", "转出日期", required=True, also=("转办日期",), kind="day"),
            Col("until", "答复期限", kind="day"),
            Col("partner", "转出单位", required=True, also=("来函单位",), longest=100),
            Col("summary", "事项", required=True, also=("标题",), longest=120),
            Col("content", "情况说明", required=True, also=("具体内容",)),
            Col("name", "消费者", also=("投诉人", "姓名"), longest=60, personal="name"),
            Col("phone", "联系电话", kind="phone", personal="phone"),
            *TRADER,
            *MATTER,
            Col("status", "状态", longest=20),
        ),
        kinds=(
            Kind(
                "region", ("异地投诉", "投诉"), council.REGION,
                (("summary", "summary"), ("channel", "=region"), ("outer_number", "number"), ("kind", "class"),
                 ("story", "content"), ("direction", "=in"), ("partner", "partner"), ("amount", "amount")),
                "complainant", against="trader", needs=("name", "phone", "trader"),
            ),
        ),
        clock=ReplyClock(
            "答复转出地区", 15, "个工作日", "投诉举报处理办法",
            Basis(LOCAL_CHOICE, note="来函没有写明期限时用；天数待与合作地区核对。"), named="until",
        ),
        outcomes=(
            Outcome(council.REGION, "replied", DONE, "{reply}"),
            Outcome(council.REGION, "declined", RETURNED, "本地无法协助：{why}"),
        ),
        replies=(
            ("转办编号", "number"), ("办理结果", "outcome"), ("答复内容", "content"), ("答复日期", "day"),
            ("答复单位", "office"), ("承办编号", "ours"),
        ),
        form="xlsx",
        receipts=Receipts("转办编号", "接收结果", "原因", ("接收",), ("退回",)),
        states=(("待办", ("pending",)), (GOING, ("pending", "helping")), (DONE, ("replied",)),
                (RETURNED, ("declined",))),
        note=NOTE,
    )
)  # fmt: skip
