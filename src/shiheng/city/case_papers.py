"""The papers the invented bureau made of its penalty cases: which forms, and what only each of them says."""

ROW = (
    "clue_form", "filing", "address_confirmation", "onsite_record", "evidence_sheet", "interview_record", "seizure",
    "goods_list", "conclusion", "review", "penalty_notice", "defence_record", "discussion", "decision_approval",
    "penalty_decision", "no_penalty", "demand", "closing",
)  # fmt: skip
"""The forms of a case in the order they are made; what its course does not offer is left out."""
SPOT = ("spot_decision",)
SERVED = frozenset({"seizure", "penalty_notice", "penalty_decision", "no_penalty", "demand", "spot_decision"})
CASES, SPOTS = 5, 2
"""How many cases and penalties on the spot have their papers here; the others' lie in the old system."""
ASKED = {
    "verified": "两名执法人员到现场核查，货架上有超过保质期的食品在售，已当场拍照取证。",
    "advice": "有证据初步证明存在违法行为，属于本局管辖，建议立案。",
    "place_of_act": "当事人的经营场所",
    "from_time": "九时三十分",
    "to_time": "十时四十分",
    "attending": "现场负责人陈芳",
    "taken_at": "检查当日，当事人经营场所",
    "asked_at": "本局二楼询问室",
    "heard": "当事人表示没有意见。",
    "course": "依法进行了现场检查、询问当事人，调取了进货票据和销售记录，收集的证据已经当事人确认。",
    "measures_taken": "见案卷内的强制措施文书；没有采取的不列。",
    "weighing": "涉案货值较小，当事人配合调查并及时改正，没有造成危害后果。",
    "goods_value": "见查明的事实",
    "proposed_facts": "当事人在其经营场所销售超过保质期的食品，事实清楚，证据充分。",
    "law_applied": "见案件调查终结报告所列的法律、法规和条款",
    "law_broken": "案件调查终结报告所列的规定",
    "seize_law": "有关法律、法规关于查封、扣押的规定",
    "proposed": "警告；没收违法所得；罚款。",
    "hearing_words": "拟处罚的数额没有达到听证的标准，本案不属于听证范围。",
    "contact": "李窗 0999-8100000",
    "when": "收到告知书后第三日上午九时三十分",
    "where": "本局二楼",
    "papers_given": "进货票据复印件二份",
    "host_of_discussion": "本局负责人",
    "clerk": "李窗",
    "reported": "办案人员汇报案情和处理意见，审核人员汇报审核意见。",
    "contents": "以上各项合并执行。",
    "perform": "罚没款缴至财政部门指定的银行账户",
    "review_body": "云泽市临江区人民政府",
    "suit_court": "云泽市临江区人民法院",
    "decided_day": "决定书所载日期",
    "decision_number": "本局行政处罚决定书",
    "acted_when": "检查当日",
    "pay_how": "自收到决定书之日起十五日内到指定的银行缴纳",
    "story_short": "当事人销售超过保质期的食品，本局依法立案查处。",
    "decided_words": "已依法作出处理决定并送达。",
    "performed_words": "已执行完毕。",
    "closing_ground": "处罚决定执行完毕",
}
"""What is filled in where a form asks for something of its own."""
