"""The platforms notices go to, and the columns of 双公示 files (handbook 9.2, 9.3: as seen in live exchange tables)."""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.publication.definition import Layout, LayoutColumn
from shiheng.publication.notices.definition import RECEIVERS, Receiver
from shiheng.subjects.definition import Basis

SINCE = date(2018, 7, 1)
NOTE = "列名取自在用的交换表；《行政许可和行政处罚等信用信息公示数据标准》原文未见，报送前须逐列核对。"
BASIS = (Basis("国家发展改革委关于双公示的通知", "", note="原文待核对。"),)
NOTICE_LAYOUTS = "notice_layouts"


def _at(name: str, title: str, *values: str, required: bool = False) -> LayoutColumn:
    return LayoutColumn(name, title, values, required=required)


PENALTY = Layout(
    "double.penalty", SINCE, "行政处罚信息", "信用信息共享平台", "penalty",
    (
        _at("cf_xdr_mc", "行政相对人名称", "subject.name", required=True),
        _at("cf_xdr_shxym", "统一社会信用代码", "subject.uscc"),
        _at("cf_wsh", "行政处罚决定书文号", "shown.document", required=True),
        _at("cf_wfxw", "违法行为类型", "shown.act"),
        _at("cf_sy", "违法事实", "shown.fact"),
        _at("cf_yj", "处罚依据", "shown.basis"),
        _at("cf_cflb", "处罚类别", "shown.types"),
        _at("cf_nr", "处罚内容", "shown.punishment", required=True),
        _at("cf_nr_fk", "罚款金额（万元）", "wan.fine"),
        _at("cf_nr_wfff", "没收违法所得、非法财物金额（万元）", "wan.confiscated_gains+confiscated_goods"),
        _at("cf_jdrq", "处罚决定日期", "record.day", required=True),
        _at("cf_gsjzq", "公示截止期", "delivery.until"),
        _at("cf_cfjg", "处罚机关", "fact.office", required=True),
        _at("cf_sjly", "数据来源单位", "fact.office"),
        _at("bz", "备注", "="),
    ),
    BASIS, False, NOTE,
)  # fmt: skip
PERMIT = Layout(
    "double.permit", SINCE, "行政许可信息", "信用信息共享平台", "permit",
    (
        _at("xk_xdr_mc", "行政相对人名称", "subject.name", required=True),
        _at("xk_xdr_shxym", "统一社会信用代码", "subject.uscc"),
        _at("xk_wsh", "行政许可决定文书号", "fact.document"),
        _at("xk_xkzs", "许可证书名称", "record.title"),
        _at("xk_xkbh", "许可编号", "fact.number", "record.key"),
        _at("xk_nr", "许可内容", "shown.content"),
        _at("xk_jdrq", "许可决定日期", "record.day", required=True),
        _at("xk_yxqz", "有效期自", "fact.valid_from"),
        _at("xk_yxqzi", "有效期至", "fact.valid_until"),
        _at("xk_xkjg", "许可机关", "fact.issuer", required=True),
        _at("xk_zt", "当前状态", "=1"),
        _at("bz", "备注", "="),
    ),
    BASIS, False, NOTE,
)  # fmt: skip
for layout in (PENALTY, PERMIT):
    declare(NOTICE_LAYOUTS, layout)
for receiver in (
    Receiver("national", SINCE, "国家企业信用信息公示系统", "bureaus", {}, "接口规范未取得，按本平台的内容项送出。"),
    Receiver("district", SINCE, "商事主体公示平台", "bureaus", {}, "接口规范未取得，按本平台的内容项送出。"),
    Receiver("site", SINCE, "本局门户网站", "own", {}, ""),
    Receiver(
        "credit", SINCE, "公共信用信息管理系统", "government",
        {"penalty": "double.penalty", "permit": "double.permit"}, NOTE,
    ),
):  # fmt: skip
    declare(RECEIVERS, receiver)
