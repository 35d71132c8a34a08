"""From the clue to the review: verification, filing, inquiry, measures, orders to correct, the police."""

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.enforcement.facts import inquiry, measures
from shiheng.lines.enforcement.procedures import goods, guards
from shiheng.lines.enforcement.procedures.grounds import coercion, law, rules, transfer
from shiheng.lines.enforcement.procedures.parties import HANDLERS, HEAD, HEADS, HURRY, UP
from shiheng.procedures.definition import Basis, Step

EARLY, OPEN = ("clue", "verifying"), ("investigating",)
ASKING = ("verifying", "investigating")
HOLDING = ("investigating", "suspended", "police", "concluded", "reviewed", "noticing", "executing")
WORK = ("open", "verify", "inspect", "question", "gather", "sample", "seize", "conclude")
"""Who did any of these is an officer of the case."""

CLUE = (
    Step("verify", "核查", ("clue",), "verifying", by=HANDLERS, facts=inquiry.Verifying, officers=2,
         basis=rules("第十八条")),
    Step("longer_verify", "延长核查期限", ("verifying",), by=HEADS, chain=UP, facts=inquiry.Longer, once=True,
         apart_from=("verify",), basis=rules("第十八条")),
    Step("file", "立案", ("verifying",), "investigating", by=HEADS,
         chain=UP, facts=inquiry.Filing, guards=(guards.FOUR,), by_power="violation",
         apart_from=("open", "verify"), basis=rules("第十九条"), documents=("filing",)),
    Step("no_file", "不予立案", ("verifying",), "not_filed", by=HEADS, chain=UP, facts=inquiry.NotFiling,
         apart_from=("open", "verify"), basis=rules("第二十条"), documents=("filing",)),
    Step("elsewhere", "移送其他机关", ("clue", "verifying", "investigating"), "transferred", by=HEADS, chain=UP,
         facts=inquiry.Elsewhere, basis=rules("第十七条"), documents=("transfer_letter",)),
)  # fmt: skip
INQUIRY = (
    Step("add_party", "追加当事人", OPEN, by=HANDLERS, facts=inquiry.NewParty, adds="party"),
    Step("inspect", "现场检查、勘验", ASKING, by=HANDLERS, facts=inquiry.Inspecting, officers=2,
         guards=(guards.CARDS, guards.FILMED), basis=rules("第三十条"), documents=("onsite_record",)),
    Step("question", "询问", ASKING, by=HANDLERS, facts=inquiry.Questioning, officers=2,
         guards=(guards.CARDS, guards.FILMED, guards.RIGHTS), basis=rules("第二十九条"),
         documents=("interview_record",)),
    Step("gather", "提取证据", ASKING, by=HANDLERS, facts=inquiry.Gathering, officers=2, basis=rules("第二十三条"),
         documents=("evidence_sheet",)),
    Step("sample", "抽样取证", ASKING, by=HANDLERS, facts=inquiry.Sampling, officers=2, guards=(guards.FILMED,),
         basis=rules("第三十一条"), documents=("sampling_record",)),
    Step("test", "送检测、鉴定", ASKING, by=HANDLERS, facts=inquiry.Testing, halts="testing",
         basis=rules("第三十二条"), documents=("test_order",)),
    Step("tested", "检测、鉴定结束", ASKING, by=HANDLERS, facts=inquiry.Tested, resumes="testing",
         basis=rules("第三十二条"), documents=("test_result",)),
    Step("seek", "疑难案件会商", ("investigating", "concluded", "reviewed"), by=(*HANDLERS, *HEADS),
         facts=inquiry.Seeking),
    Step("suspend", "中止调查", OPEN, "suspended", by=HEADS, chain=UP, facts=inquiry.Suspending, halts="suspension",
         basis=rules("第四十六条")),
    Step("resume", "恢复调查", ("suspended",), "investigating", by=HEADS, chain=UP, facts=inquiry.Resuming,
         resumes="suspension", basis=rules("第四十六条")),
    Step("terminate", "终止调查", ("investigating", "suspended"), "closing", by=HEADS,
         chain=UP, facts=inquiry.Terminating,
         guards=(guards.NOTHING_HELD,), basis=rules("第四十七条")),
)  # fmt: skip
POLICE = (
    Step("police_report", "提出移送公安机关的报告", OPEN, by=HANDLERS, facts=inquiry.PoliceReport, officers=2,
         basis=transfer("第五条")),
    Step("to_police", "批准移送公安机关", OPEN, "police", by=HEAD, facts=inquiry.ToPolice, halts="police",
         apart_from=("police_report",), basis=transfer("第五条"), documents=("criminal_referral",)),
    Step("not_police", "不批准移送", OPEN, by=HEAD, facts=inquiry.NotPolice, apart_from=("police_report",),
         basis=transfer("第五条")),
    Step("police_sent", "公安机关签收", ("police",), by=HANDLERS, facts=inquiry.PoliceReceipt, once=True,
         guards=(guards.WHOLE_PACKAGE,), basis=transfer("第七条")),
    Step("police_filed", "公安机关立案", ("police",), "transferred", by=HANDLERS, facts=inquiry.PoliceFiled,
         basis=transfer("第十二条")),
    Step("police_refused", "公安机关不予立案，恢复调查", ("police",), "investigating", by=HANDLERS,
         facts=inquiry.PoliceRefused, resumes="police", basis=transfer("第十条")),
)  # fmt: skip
HELD = (
    Step("preserve", "先行登记保存", ASKING, by=HANDLERS, facts=measures.Preserving, officers=2, adds="preserved",
         guards=(guards.FILMED, guards.LISTED), basis=rules("第三十三条"), documents=("preservation",)),
    Step("preserved_settled", "处理登记保存的证据", HOLDING, by=HANDLERS, facts=measures.PreservedSettled,
         of_party="preserved", party_from=("held",), party_to="settled", basis=rules("第三十五条"),
         documents=("preservation_end",)),
    Step("seize", "实施查封、扣押", ASKING, by=HANDLERS, facts=measures.Seizing, officers=2, adds="measure",
         guards=(guards.CARDS, guards.FILMED, guards.LISTED), basis=rules("第三十六条"), documents=("seizure",)),
    Step("seize_approved", "补办批准手续", HOLDING, by=HEADS, chain=HURRY, facts=measures.Approving, of_party="measure",
         apart_from=("seize",), once=True, basis=coercion("第十九条")),
    Step("seize_longer", "延长查封、扣押期限", HOLDING, by=HEADS,
         chain=UP, facts=measures.MeasureLonger, of_party="measure",
         party_from=("held",), party_to="longer", once=True, apart_from=("seize",),
         guards=(guards.TOLD_LONGER, guards.IN_TERM), basis=coercion("第二十五条"), documents=("seizure_longer",)),
    Step("seized_test", "查封、扣押的物品送检", HOLDING, by=HANDLERS, facts=measures.MeasureTesting,
         of_party="measure", party_from=("held", "longer"), halts="measure_testing",
         guards=(guards.TOLD_TEST, guards.IN_TERM), basis=coercion("第二十五条"), documents=("test_period",)),
    Step("seized_tested", "查封、扣押的物品检测结束", HOLDING, by=HANDLERS, facts=inquiry.Tested, of_party="measure",
         party_from=("held", "longer"), resumes="measure_testing", basis=coercion("第二十五条")),
    Step("release", "解除查封、扣押", (*HOLDING, "closing"), by=HANDLERS, facts=measures.Releasing, officers=2,
         of_party="measure", party_from=("held", "longer"), party_to="released", basis=coercion("第二十八条"),
         documents=("seizure_end",)),
    Step("dispose", "先行处置", HOLDING, by=HANDLERS, facts=measures.Disposing, officers=2, of_party="measure",
         party_from=("held", "longer"), party_to="disposed", guards=(guards.CONSENT, guards.IN_TERM),
         basis=rules("第四十一条"), documents=("disposal",)),
    Step("confiscate", "没收查封、扣押的财物", ("executing",), by=HANDLERS, facts=measures.Confiscating, officers=2,
         of_party="measure", party_from=("held", "longer"), party_to="confiscated",
         guards=(guards.DECIDED, guards.IN_TERM), basis=coercion("第二十七条"), documents=("goods_record",)),
    Step("release_part", "解除部分查封、扣押", (*HOLDING, "closing"), by=HANDLERS, facts=measures.ReleasingPart,
         officers=2, of_party="measure", party_from=("held", "longer"), guards=(goods.FEWER,),
         basis=coercion("第二十八条")),
    Step("hand_goods", "移交查封、扣押的财物", ("police", "transferred"), by=HANDLERS, facts=measures.HandingGoods,
         officers=2, of_party="measure", party_from=("held", "longer"), party_to="handed", basis=transfer("第十二条")),
    Step("store", "转移存放地点", (*HOLDING, "closing", "closed"), by=HANDLERS, facts=measures.Storing, officers=2,
         of_party="measure", party_from=("held", "longer", "confiscated"), basis=Basis(LOCAL_CHOICE)),
    Step("goods_out", "处置罚没财物", ("executing", "closing", "closed", "archived"), by=HANDLERS,
         facts=measures.GoodsOut, officers=2, of_party="measure", party_from=("confiscated",), guards=(goods.THERE,),
         basis=law("第七十四条")),
    Step("order", "责令改正", (*ASKING, *HOLDING[2:]), by=HANDLERS, facts=measures.Ordering, adds="order",
         basis=rules("第二条"), documents=("order_to_correct",)),
    Step("order_met", "复查：已改正", (*ASKING, *HOLDING[2:], "closing"), by=HANDLERS, facts=measures.Rechecked,
         officers=2, of_party="order", party_from=("issued", "unmet"), party_to="met"),
    Step("order_unmet", "复查：没有改正", (*ASKING, *HOLDING[2:], "closing"), by=HANDLERS, facts=measures.Rechecked,
         officers=2, of_party="order", party_from=("issued",), party_to="unmet"),
)  # fmt: skip
