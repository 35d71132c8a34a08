"""From the end of the inquiry to the archive: review, notice, hearing, decision, service, execution, publication."""

from shiheng.lines.enforcement.facts import deciding, executing, inquiry
from shiheng.lines.enforcement.procedures import guards
from shiheng.lines.enforcement.procedures.grounds import coercion, law, publication, rules
from shiheng.lines.enforcement.procedures.inquiry import WORK
from shiheng.lines.enforcement.procedures.parties import DECIDED, FINAL, HANDLERS, HEADS, HOSTS, REVIEWERS
from shiheng.procedures.definition import Step

REVIEWING = ("concluded", "reviewed", "noticing")
OWING = ("served", "demanded", "applied")

REVIEW = (
    Step("conclude", "调查终结", ("investigating",), "concluded", by=HANDLERS, facts=deciding.Concluding, officers=2,
         guards=(guards.NOT_TWICE, guards.SETTLED, guards.PROVED), basis=rules("第四十八条"),
         documents=("conclusion",)),
    Step("review_return", "审核退回", ("concluded",), "investigating", by=REVIEWERS, facts=deciding.Returning,
         apart_from=WORK, basis=rules("第五十四条"), documents=("review",)),
    Step("review", "审核同意", ("concluded",), "reviewed", by=REVIEWERS, facts=deciding.Reviewing, apart_from=WORK,
         guards=(guards.REVIEW_KIND,), basis=rules("第五十五条"), documents=("review",)),
    Step("longer_review", "延长审核期限", ("concluded",), by=HEADS, facts=inquiry.Longer, once=True,
         basis=rules("第五十五条")),
    Step("longer_case", "延长办案期限三十日", ("investigating", *REVIEWING), by=HEADS, facts=inquiry.Longer,
         once=True, apart_from=WORK, basis=rules("第六十四条")),
    Step("longer_again", "集体讨论决定继续延长", ("investigating", *REVIEWING), by=HEADS, facts=inquiry.LongerTo,
         apart_from=WORK, basis=rules("第六十四条")),
)  # fmt: skip
NOTICE = (
    Step("notice", "送达行政处罚告知书", ("reviewed", "noticing"), "noticing", by=HANDLERS, facts=deciding.Noticing,
         officers=2, of_party="party", party_from=("open", "noticed", "quiet"), party_to="noticed",
         guards=(guards.SPOKE, guards.OFFERED), basis=rules("第五十七条"), documents=("penalty_notice",), served=True),
    Step("defend", "陈述、申辩", ("noticing",), by=HANDLERS, facts=deciding.Defending, officers=2, of_party="party",
         party_from=("noticed", "quiet"), party_to="spoken", basis=rules("第五十八条"),
         documents=("defence_record",)),
    Step("quiet", "没有陈述、申辩", ("noticing",), by=HANDLERS, facts=deciding.Quiet, of_party="party",
         party_from=("noticed",), party_to="quiet", guards=(guards.WAITED,), basis=rules("第五十七条")),
    Step("ask_hearing", "要求听证", ("noticing",), by=HANDLERS, facts=deciding.AskHearing, of_party="party",
         party_from=("noticed", "spoken"), party_to="asked", halts="hearing",
         guards=(guards.HAS_HEARING, guards.ASKED_IN_TIME), basis=law("第六十四条")),
    Step("hearing_notice", "通知听证", ("noticing",), by=HOSTS, facts=deciding.HearingNotice, of_party="party",
         party_from=("asked",), apart_from=WORK, guards=(guards.BEFOREHAND,), basis=law("第六十四条"),
         documents=("hearing_notice",)),
    Step("hear", "举行听证", ("noticing",), by=HOSTS, facts=deciding.Heard, of_party="party", party_from=("asked",),
         party_to="heard", resumes="hearing", apart_from=WORK, guards=(guards.ON_ITS_DAY,), basis=law("第六十四条"),
         documents=("hearing_record", "hearing_report")),
    Step("not_heard", "听证终止", ("noticing",), by=HOSTS, facts=deciding.NotHeard, of_party="party",
         party_from=("asked",), party_to="quiet", resumes="hearing", apart_from=WORK, basis=law("第六十四条")),
    Step("review_after", "告知、听证后的法制审核", ("noticing",), by=REVIEWERS, facts=deciding.ReviewingAgain,
         apart_from=WORK, basis=rules("第五十条"), documents=("review",)),
    Step("discuss", "集体讨论", ("reviewed", "noticing"), by=HEADS, facts=deciding.Discussing, apart_from=WORK,
         basis=rules("第六十条"), documents=("discussion",)),
)  # fmt: skip
DECISION = (
    Step("decide", "行政处罚决定", ("noticing",), "executing", by=HEADS, facts=deciding.Deciding, of_party="party",
         party_from=("spoken", "quiet", "heard"), party_to="decided", whole=DECIDED,
         apart_from=(*WORK, "review", "review_after"),
         guards=(guards.AFTER_HEARING, guards.LEGAL, guards.COLLECTIVE, guards.NOT_RAISED, guards.IN_BAND,
                 guards.ANSWERED, guards.REMEDIES),
         basis=rules("第六十条"), documents=("penalty_decision", "decision_approval")),
    Step("spare", "不予行政处罚等决定", ("reviewed", "noticing"), "executing", by=HEADS, facts=deciding.Sparing,
         of_party="party", party_from=("open", "noticed", "spoken", "quiet", "heard"), party_to="unpunished",
         whole=DECIDED, apart_from=(*WORK, "review", "review_after"), guards=(guards.EDUCATED,),
         basis=rules("第六十条"), documents=("no_penalty", "decision_approval")),
)  # fmt: skip
SERVICE = (
    Step("serve", "送达决定书", ("noticing", "executing"), by=HANDLERS, facts=deciding.Serving, officers=2,
         of_party="party", party_from=("decided",), party_to="served", guards=(guards.CONFIRMED,),
         basis=rules("第八十一条"), documents=("service_receipt",), served=True),
    Step("announce", "公告送达", ("noticing", "executing"), by=HANDLERS, facts=deciding.Announcing, of_party="party",
         party_from=("decided",), party_to="announced", basis=rules("第八十二条"), documents=("announcement",)),
    Step("arrived", "公告期满，视为送达", ("noticing", "executing"), by=HANDLERS, facts=deciding.Arrived,
         of_party="party", party_from=("announced",), party_to="served", guards=(guards.ANNOUNCED,),
         basis=rules("第八十二条"), served=True),
    Step("serve_spared", "送达不予处罚等决定", ("noticing", "executing"), "closing", by=HANDLERS,
         facts=deciding.Serving, officers=2, of_party="party", party_from=("unpunished",), party_to="spared",
         whole=FINAL, guards=(guards.CONFIRMED,), basis=rules("第八十一条"), documents=("service_receipt",),
         served=True),
)  # fmt: skip
EXECUTION = (
    Step("pay", "登记缴款", ("noticing", "executing"), by=HANDLERS, facts=executing.Paying, of_party="party",
         party_from=OWING, guards=(guards.NOT_OVERPAID, guards.LATE_CAPPED), basis=rules("第七十二条")),
    Step("defer", "延期、分期缴纳", ("noticing", "executing"), by=HEADS, facts=executing.Deferring, of_party="party",
         party_from=("served",), guards=(guards.HARDSHIP,), basis=rules("第七十四条"), documents=("deferral",)),
    Step("settle", "确认履行完毕", ("executing",), "closing", by=HANDLERS, facts=executing.Settled, of_party="party",
         party_from=OWING, party_to="done", whole=FINAL, guards=(guards.PAID,), basis=rules("第七十七条")),
    Step("demand", "催告", ("executing",), by=HANDLERS, facts=executing.Demanding, of_party="party",
         party_from=("served",), party_to="demanded", guards=(guards.PAYMENT_OVER, guards.LATE_CAPPED),
         basis=coercion("第五十四条"), documents=("demand",)),
    Step("apply_court", "申请法院强制执行", ("executing",), by=HEADS, facts=executing.Applying, of_party="party",
         party_from=("demanded",), party_to="applied",
         guards=(guards.DEMAND_OVER, guards.APPEAL_OVER, guards.NO_REMEDY, guards.IN_THREE_MONTHS,
                 guards.LATE_CAPPED),
         basis=coercion("第五十三条"), documents=("court_application",)),
    Step("court_ended", "法院执行结束", ("executing",), "closing", by=HANDLERS, facts=executing.CourtEnded,
         of_party="party", party_from=("applied",), party_to="ended", whole=FINAL, basis=rules("第七十七条")),
    Step("remedy", "当事人申请复议、提起诉讼", ("executing",), by=HANDLERS, facts=executing.Remedied,
         of_party="party", party_from=OWING, halts="remedy", basis=rules("第七十一条")),
    Step("remedy_over", "复议、诉讼结束", ("executing",), by=HANDLERS, facts=executing.RemedyOver, of_party="party",
         party_from=OWING, resumes="remedy", basis=rules("第七十一条")),
    Step("annul", "决定被撤销、变更", ("executing",), "closing", by=HEADS, facts=executing.Annulled,
         of_party="party", party_from=OWING, party_to="annulled", whole=FINAL, guards=(guards.UNDONE,),
         basis=rules("第六十三条")),
    Step("reopen", "重新处理", ("executing", "closing"), "investigating", by=HEADS, facts=executing.Reopening,
         of_party="party", party_from=("annulled",), party_to="open", basis=rules("第六十三条")),
)  # fmt: skip
ENDING = (
    Step("publish", "公示行政处罚信息", ("noticing", "executing", "closing", "closed"), by=HANDLERS,
         facts=executing.Publishing, of_party="party", party_from=(*OWING, "done", "ended"), once=True,
         guards=(guards.PUBLISHABLE, guards.TOLD_PUBLISH, guards.MASKED), basis=publication("第九条")),
    Step("unpublish", "撤回公示", ("investigating", "executing", "closing", "closed"), by=HANDLERS,
         facts=executing.Withdrawing, of_party="party", party_from=("annulled", "open"),
         guards=(guards.PUBLISHED,),
        basis=publication("第十一条")),
    Step("close", "结案", ("closing",), "closed", by=HEADS, facts=executing.Closing, apart_from=WORK,
         guards=(guards.NOTHING_HELD,), basis=rules("第七十七条"), documents=("closing",)),
    Step("archive", "归档", ("closed",), "archived", by=HANDLERS, facts=executing.Archiving,
         basis=rules("第七十八条"), documents=("volume",)),
)  # fmt: skip
