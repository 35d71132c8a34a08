"""Public lists of quality: foods and other goods that failed, with what became of each."""

from datetime import date

from shiheng.kernel.registry import declare
from shiheng.publication.definition import LISTS, ListFact, PublicList
from shiheng.subjects.definition import Basis

SHOWN = (
    ListFact("title", "商品"),
    ListFact("batch", "生产日期或者批号"),
    ListFact("failed_item", "不合格项目"),
    ListFact("maker", "标称生产者"),
    ListFact("follow_up", "后处理"),
    ListFact("office", "公布机关"),
)
FOOD = Basis("食品安全法", "第八十七条", date(2025, 12, 1), verified=True, note="2021 年修正文本。")
GOODS = Basis("产品质量法", "第十七条", date(2018, 12, 29), verified=True, note="2018 年修正文本。")
LISTED = (
    PublicList(
        "failed_foods", date(2021, 4, 29), "不合格食品名单", "failed_food",
        "本局抽检不合格并已公布的食品批次：不合格在哪里、谁生产、怎样处理。名单只说明所列批次。", SHOWN, (FOOD,),
    ),
    PublicList(
        "failed_goods", date(2021, 4, 29), "不合格商品名单", "failed_goods",
        "本局抽查不合格并已公布的商品批次：不合格在哪里、谁生产、怎样处理。名单只说明所列批次。", SHOWN, (GOODS,),
    ),
)  # fmt: skip

for plan in LISTED:
    declare(LISTS, plan)
