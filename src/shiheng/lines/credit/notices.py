"""The lists of names the credit portal publishes, and what standing on one means where a business is registered.

Articles whose text was not at hand say so; nobody is refused by this platform, a clerk reads the article and decides.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.publication.definition import LISTS, Consequence, ListFact, PublicList
from shiheng.subjects.definition import Basis

UNREAD = "待核对：未见原文。"
COURT_LIST = "最高人民法院关于公布失信被执行人名单信息的若干规定"
WAGES = "保障农民工工资支付条例"

LISTED = (
    PublicList(
        "abnormal", date(2024, 5, 1), "经营异常名录和标记", "abnormal",
        "列入经营异常名录的企业和农民专业合作社，以及标记为经营异常状态的个体工商户；移出、恢复以后不再列在这里。",
        (ListFact("title", "事由"), ListFact("office", "决定机关")),
        (
            Basis("企业信息公示暂行条例", "第十八条", date(2024, 5, 1), verified=False, note=UNREAD),
            Basis("个体工商户年度报告暂行办法", "第十四条、第十五条", verified=False, note=UNREAD),
        ),
        consequences=(
            Consequence(
                "被列入经营异常名录的，不适用简易注销程序。",
                Basis("市场主体登记管理条例实施细则", "第四十八条", date(2022, 3, 1), verified=True),
            ),
        ),
    ),
    PublicList(
        "serious", date(2021, 9, 1), "严重违法失信名单", "serious",
        "违反法律、行政法规，性质恶劣、情节严重、社会危害较大，受到较重行政处罚的当事人；公示三年，可以申请提前移出。",
        (ListFact("reason", "事由"), ListFact("office", "决定机关")),
        (Basis("市场监督管理严重违法失信名单管理办法", "第二条", date(2021, 9, 1), verified=False, note=UNREAD),),
        consequences=(
            Consequence(
                "被列入严重违法失信名单的，不适用简易注销程序。",
                Basis("市场主体登记管理条例", "第三十三条", date(2022, 3, 1), verified=True),
            ),
        ),
    ),
    PublicList(
        "judgment_debtors", date(2017, 5, 1), "失信被执行人名单", "judgment",
        "人民法院按月送来的失信被执行人。法人和其他组织列名称，自然人只列姓氏，不列证件号码。",
        (
            ListFact("nature", "性质"),
            ListFact("case", "案号"),
            ListFact("court", "执行法院"),
            ListFact("conduct", "失信行为"),
        ),
        (
            Basis(COURT_LIST, "第七条", verified=False, note=UNREAD),
            Basis(COURT_LIST, "第十条", verified=False, note="应予删除的情形。" + UNREAD),
        ),
        ended=("全部已履行",),
        natural=("nature", "自然人"),
        consequences=(
            Consequence(
                "个人因所负数额较大债务到期未清偿被人民法院列为失信被执行人的，不得担任公司的董事、监事、高级管理人员。",
                Basis("公司法", "第一百七十八条第一款第五项", date(2024, 7, 1), verified=False, note=UNREAD),
            ),
            Consequence(
                "个人所负数额较大的债务到期未清偿的，不得担任公司、非公司企业法人的法定代表人。",
                Basis("市场主体登记管理条例", "第十二条", date(2022, 3, 1), verified=True),
            ),
        ),
    ),
    PublicList(
        "wage_arrears", date(2020, 5, 1), "企业经营者欠薪逃匿名单", "wage_arrears",
        "人力资源和社会保障部门分期公布的各街镇企业经营者欠薪逃匿情况明细表。只列用人单位，不列经营者的证件号码。",
        (
            ListFact("workers", "欠薪人数", "number"),
            ListFact("amount", "欠薪金额", "money"),
            ListFact("months", "欠薪月数", "number"),
            ListFact("fled", "是否逃匿", "flag"),
            ListFact("fled_on", "逃匿日期", "day"),
            ListFact("published", "公布日期", "day"),
        ),
        (Basis(WAGES, "第四十八条", verified=False, note=UNREAD),),
        ended=("已结清",),
        published="published",
        grouped=("issue", "town"),
        consequences=(
            Consequence(
                "拖欠农民工工资的用人单位被列入失信联合惩戒对象名单的，在政府资金支持、资质资格等方面依法受限；列名本身不限制登记。",
                Basis(WAGES, "第四十八条", verified=False, note=UNREAD),
            ),
        ),
    ),
)  # fmt: skip

for plan in LISTED:
    declare(LISTS, plan)
