"""行政处罚案件（普通程序）: the rules of penalty procedure as amended in 2022, under the penalty law of 2021."""

from datetime import date

from shiheng.lines.enforcement import records
from shiheng.lines.enforcement.facts.inquiry import Clue
from shiheng.lines.enforcement.procedures import deciding, goods, inquiry, lists
from shiheng.lines.enforcement.procedures.figures import BOOK, FIGURES
from shiheng.lines.enforcement.procedures.grounds import (
    COERCION,
    PENALTY_LAW,
    RULES,
    SINCE,
    TRANSFER,
    coercion,
    law,
    publication,
    rules,
    transfer,
)
from shiheng.lines.enforcement.procedures.guards import publishable
from shiheng.lines.enforcement.procedures.parties import MEASURE, ORDER, PARTY, PRESERVED, STATES
from shiheng.procedures.definition import ANYONE, Basis, Bond, Halt, Limit, Money, Procedure, declare

SUIT = Basis("行政诉讼法", "第四十六条", date(2017, 7, 1), note="未见原文，条次和期限待核对。")
AGAIN = Basis("行政诉讼法", "第四十五条", date(2017, 7, 1), note="未见原文，条次和期限待核对。")
OUT = ("testing", "suspension", "police", "hearing")
"""Time left out of the ninety days (程序规定 art 64)."""

HALTS = (
    Halt("testing", "检测、检验、检疫、鉴定", basis=rules("第六十四条")),
    Halt("measure_testing", "查封、扣押物品的检测", basis=coercion("第二十五条")),
    Halt("suspension", "中止调查", basis=rules("第四十六条")),
    Halt("police", "移送公安机关待答复", basis=rules("第四十六条")),
    Halt("hearing", "听证", basis=rules("第六十四条")),
    Halt("remedy", "复议、诉讼期间", basis=law("第七十三条")),
)
LIMITS = (
    Limit("verification", "核查并决定是否立案", 15, "个工作日", RULES, rules("第十八条"), ("open",),
          ("file", "no_file", "elsewhere"), halted=("testing",), extended=("longer_verify",), extension=15),
    Limit("case", "作出处理决定", 90, "日", RULES, rules("第六十四条"), ("file",), (), halted=OUT,
          ends_in=("executing", "closing", "transferred"), extended=("longer_case",), extension=30,
          named=("longer_again",), warns=(30, 15, 5, 0)),
    Limit("preserved", "处理登记保存的证据", 7, "个工作日", RULES, rules("第三十五条"), ("preserve",),
          ("preserved_settled",), each=True),
    Limit("approval", "补办强制措施批准手续", 24, "小时", COERCION, coercion("第十九条"), ("seize",),
          ("seize_approved",), since="urgent_at", each=True),
    Limit("seizure", "查封、扣押期限", 30, "日", COERCION, coercion("第二十五条"), ("seize",),
          ("release", "confiscate", "dispose", "hand_goods"), halted=("measure_testing",), extended=("seize_longer",),
          extension=30, each=True, drafts="release", warns=(10, 5, 1, 0)),
    Limit("order", "改正期限", 1, "日", RULES, rules("第二条"), ("order",), ("order_met", "order_unmet"),
          until="until", each=True, of_party=True),
    Limit("police_decide", "决定是否移送公安机关", 3, "日", TRANSFER, transfer("第五条"), ("police_report",),
          ("to_police", "not_police")),
    Limit("police_send", "移送公安机关", 24, "小时", TRANSFER, transfer("第五条"), ("to_police",), ("police_sent",),
          since="at"),
    Limit("review", "审核", 10, "个工作日", RULES, rules("第五十五条"), ("conclude",), ("review", "review_return"),
          extended=("longer_review",), extension=10),
    Limit("defence", "陈述、申辩和要求听证", 5, "个工作日", RULES, rules("第五十七条"), ("notice",),
          ("defend", "quiet", "ask_hearing"), each=True, of_party=True),
    Limit("service", "送达决定书", 7, "个工作日", RULES, rules("第八十一条"), ("decide", "spare"),
          ("serve", "announce", "serve_spared"), each=True),
    Limit("announcement", "公告送达", 30, "日", RULES, rules("第八十二条"), ("announce",), ("arrived",), each=True,
          of_party=True),
    Limit("payment", "缴纳罚没款", 15, "日", PENALTY_LAW, law("第六十七条"), ("serve", "arrived"),
          ("settle", "court_ended", "annul"), each=True, of_party=True, named=("defer",)),
    Limit("appeal", "提起诉讼的期限", 6, "个月", "行政诉讼法", SUIT, ("serve", "arrived"), ("remedy",), each=True,
          of_party=True),
    Limit("appeal_again", "复议、诉讼结束后提起诉讼、上诉的期限", 15, "日", "行政诉讼法", AGAIN, ("remedy_over",),
          ("remedy",), each=True, of_party=True),
    Limit("court_again", "复议、诉讼结束后申请法院强制执行", 3, "个月", COERCION, coercion("第五十三条"), (),
          ("apply_court", "settle", "annul"), after="appeal_again", each=True, warns=(30, 10, 0)),
    Limit("demand", "催告后自行履行", 10, "日", COERCION, coercion("第五十四条"), ("demand",),
          ("settle", "apply_court"), each=True, of_party=True),
    Limit("court", "申请法院强制执行", 3, "个月", COERCION, coercion("第五十三条"), (),
          ("apply_court", "settle", "annul"), after="appeal", each=True, warns=(30, 10, 0)),
    Limit("publication", "公示行政处罚信息", 20, "个工作日", RULES, publication("第九条"), ("decide",),
          ("publish", "annul"), each=True, when=publishable),
    Limit("withdrawal", "撤回公示", 3, "个工作日", RULES, publication("第十一条"), ("annul",), ("unpublish",),
          each=True),
    Limit("redo", "重新处理", 1, "日", RULES, rules("第六十三条"), ("reopen",), (), until="until",
          ends_in=("executing", "closing", "transferred")),
    Limit("closing", "结案", 15, "个工作日", RULES, rules("第七十七条"), (), ("close",), entered="closing"),
)  # fmt: skip

declare(
    Procedure(
        code="enforcement.case",
        title="行政处罚案件",
        in_force_from=SINCE,
        group="enforcement",
        about="从线索核查、立案、调查取证、审核、告知、决定、送达、执行、公示到结案归档的普通程序。",
        facts=Clue,
        title_from="summary",
        first="clue",
        states=STATES,
        steps=(
            *inquiry.CLUE, *inquiry.INQUIRY, *inquiry.HELD, *inquiry.POLICE, *deciding.REVIEW, *deciding.NOTICE,
            *deciding.DECISION, *deciding.SERVICE, *deciding.EXECUTION, *deciding.ENDING,
        ),
        halts=HALTS,
        limits=LIMITS,
        parties=(PARTY, PRESERVED, MEASURE, ORDER),
        series="{place}市监案〔{year}〕{n}号",  # not shown: the number itself
        basis=(rules("第十八条"), law("第三十六条")),
        opened_by=ANYONE,
        figures=FIGURES,
        records=records.CASE,
        flows=(*goods.FLOWS, *lists.FLOWS),
        book=BOOK,
        history=("decide", "spare", "no_file"),
        money=Money("decide", ("fine", "gains_taken"), "pay"),
        bond=Bond(
            "spawned", ("complaints.complaint", "complaints.report", "intellectual_property.infringement"),
            facts=(("summary", "summary"), ("story", "story"), ("leads", "story")),
            parties=(("trader", "party"), ("target", "party"), ("infringer", "party")),
            carries=True, back="case_news",
            news=("file", "no_file", "elsewhere", "terminate", "police_sent", "police_filed", "police_refused",
                  "decide", "spare", "annul", "close"),
        ),
        counted_by=("topic", "source", "mode"), shelf=("archive", "number"),
    )
)  # fmt: skip
