"""The files in which supervision acts are reported to the national online-supervision system.

The system's own data standard was not at hand: names of columns and codes are from memory, each layout says so, and
they are to be checked against the standard before the first file is sent. What is certain is where our values are from.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.publication.definition import LAYOUTS, Layout, LayoutColumn
from shiheng.subjects.definition import Basis

SYSTEM = "国家“互联网+监管”系统"
NOTE = "待核对：列名、代码和长度未见该系统的数据标准原文，报送前须逐列核对。"
BASIS = (Basis("国务院关于加强和规范事中事后监管的指导意见", "国发〔2019〕18号", verified=False, note="未见原文。"),)
SINCE = date(2020, 1, 1)

SUBJECT = (
    LayoutColumn("jgdx_mc", "监管对象名称", ("subject.name",), required=True, longest=200),
    LayoutColumn("jgdx_tyshxydm", "统一社会信用代码", ("subject.uscc",), required=True, longest=18),
    LayoutColumn("jgdx_dz", "监管对象地址", ("subject.address",), longest=500),
    LayoutColumn("xzqh", "行政区划代码", ("subject.region",), longest=12),
)
RESULTS = {
    "未发现问题": "1",
    "未按规定公示应当公示的信息": "2",
    "公示信息隐瞒真实情况、弄虚作假": "3",
    "通过登记的住所（经营场所）无法联系": "4",
    "发现问题已责令改正": "5",
    "不配合检查情节严重": "6",
    "未发现开展本次抽查涉及的经营活动": "7",
    "发现问题待后续处理": "8",
    "已关闭停业或正在组织清算": "9",
}

ITEMS = (
    Layout(
        "inspection", SINCE, "监督检查行为", SYSTEM, "inspection",
        (
            LayoutColumn("jgxw_bh", "监管行为编号", ("record.key",), required=True, longest=64),
            LayoutColumn("jgxw_lx", "监管行为类型", ("=1",), required=True),
            *SUBJECT,
            LayoutColumn("jgsx_mc", "监管事项名称", ("record.title",), required=True, longest=500),
            LayoutColumn("jcfs", "检查方式", ("fact.type",), longest=50),
            LayoutColumn("jcrq", "检查日期", ("record.day",), required=True),
            LayoutColumn("jcjg", "检查结果", ("record.state",), required=True, codes=RESULTS),
            LayoutColumn("fxwt", "发现的问题", ("fact.problem",), longest=2000),
            LayoutColumn("ssjg", "实施机构", ("fact.office",), required=True, longest=200),
        ),
        BASIS, False, NOTE,
    ),
    Layout(
        "penalty", SINCE, "行政处罚行为", SYSTEM, "penalty",
        (
            LayoutColumn("jgxw_bh", "监管行为编号", ("fact.document", "record.key"), required=True, longest=64),
            LayoutColumn("jgxw_lx", "监管行为类型", ("=2",), required=True),
            *SUBJECT,
            LayoutColumn("wfss", "违法事实", ("fact.fact",), required=True, longest=4000),
            LayoutColumn("cfyj", "处罚依据", ("fact.basis",), longest=2000),
            LayoutColumn("cfzl", "处罚种类", ("fact.types",), longest=200),
            LayoutColumn("cfnr", "处罚内容", ("fact.punishment",), required=True, longest=4000),
            LayoutColumn("cfrq", "处罚决定日期", ("record.day",), required=True),
            LayoutColumn("ssjg", "实施机构", ("fact.office",), required=True, longest=200),
        ),
        BASIS, False, NOTE,
    ),
    Layout(
        "permit", SINCE, "行政许可行为", SYSTEM, "permit",
        (
            LayoutColumn("jgxw_bh", "监管行为编号", ("fact.number", "record.key"), required=True, longest=64),
            LayoutColumn("jgxw_lx", "监管行为类型", ("=3",), required=True),
            *SUBJECT,
            LayoutColumn("xkmc", "许可名称", ("record.title",), required=True, longest=200),
            LayoutColumn("xknr", "许可内容", ("fact.content",), longest=4000),
            LayoutColumn("xkrq", "许可决定日期", ("record.day",), required=True),
            LayoutColumn("yxqz", "有效期至", ("record.until",)),
            LayoutColumn("ssjg", "实施机构", ("fact.issuer",), required=True, longest=200),
        ),
        BASIS, False, NOTE,
    ),
)  # fmt: skip

for layout in ITEMS:
    declare(LAYOUTS, layout)
