"""Which trades need a food permit, by the class of industry they registered.

Arts 35 and 36 of 食品安全法 were read in the text as amended with force from 2025-12-01 (its art 154: in force since
2015-10-01); earlier texts were not: that of 2015-10-01 to 2021-04-28 knew no filing for packed food. 食品安全法实施条例
art 15 (a permit holds five years, in force 2019-12-01) was read.
"""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.subjects.definition import ENGINE, Basis, PermitRule

LAW = "食品安全法"
READ_FROM = date(2025, 12, 1)
READ = "条文已按 2025-12-01 起施行的修正文本核对；许可有效期五年见《食品安全法实施条例》第十五条（2019-12-01 起施行）。"
TRADE = ("食品经营许可证", "餐饮服务许可证", "食品流通许可证", "小餐饮登记证", "食品小经营店登记证", "小餐饮经营许可证")
NOTICE = "仅销售预包装食品备案"
CATERING = ("62",)
RETAIL = ("5127", "5129", "5212", "5213", "5222", "5225", "5226")
MAKING = ("131", "133", "134", "1353", "136", "137", "139", "14", "15")

RULES = (
    PermitRule(
        "food.catering", date(2015, 10, 1), "食品经营许可证", TRADE, CATERING,
        Basis(LAW, "第三十五条第一款", READ_FROM, verified=True, note=READ),
    ),
    PermitRule(
        "food.retail", date(2015, 10, 1), "食品经营许可证", TRADE, RETAIL,
        Basis(LAW, "第三十五条第一款", verified=False, note="2021-04-29 修正以前的文本未取得。"),
        "不经营食品，或只销售食用农产品的，不需要。",
    ),
    PermitRule(
        "food.retail", date(2021, 4, 29), "食品经营许可证或者仅销售预包装食品备案", (*TRADE, NOTICE), RETAIL,
        Basis(LAW, "第三十五条第一款", READ_FROM, verified=True, note=READ),
        "不经营食品，或只销售食用农产品的，不需要；只销售预包装食品的，备案即可。",
    ),
    PermitRule(
        "food.making", date(2015, 10, 1), "食品生产许可证", ("食品生产许可证", "食品小作坊登记证", "小作坊登记证"),
        MAKING,
        Basis(LAW, "第三十五条第一款、第三十六条", READ_FROM, verified=True, note=READ),
        "小作坊按省、自治区、直辖市的规定管理。",
    ),
)  # fmt: skip

for rule in RULES:
    declare(ENGINE, rule)
