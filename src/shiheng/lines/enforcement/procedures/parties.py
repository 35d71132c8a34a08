"""Who and what has a course of its own in a penalty case, the posts that act in it, and where it may stand."""

from shiheng.procedures.definition import PartyKind, Role, State

HANDLERS = (Role.INSPECTOR, Role.SECTION_CHIEF, Role.CITY_OFFICIAL)
HEADS = (Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
HEAD = (Role.BUREAU_HEAD,)
REVIEWERS = (Role.LEGAL_REVIEWER,)
UP = (Role.SECTION_CHIEF, Role.DEPUTY_HEAD)
HURRY = (Role.DEPUTY_HEAD,)
TO_THE_HEAD = (Role.SECTION_CHIEF, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)
HOSTS = (Role.LEGAL_REVIEWER, Role.DEPUTY_HEAD, Role.BUREAU_HEAD)

PARTY = PartyKind(
    "party",
    "当事人",
    subject=True,
    states=(
        State("open", "待告知"),
        State("noticed", "已告知"),
        State("spoken", "已陈述申辩", "ok"),
        State("quiet", "没有陈述申辩", "ok"),
        State("asked", "要求听证", "warn"),
        State("heard", "听证结束", "ok"),
        State("decided", "已决定，待送达", "warn"),
        State("announced", "公告送达中", "wait"),
        State("served", "已送达，待履行", "wait"),
        State("demanded", "已催告", "warn"),
        State("applied", "已申请法院强制执行", "warn"),
        State("done", "已履行", "done"),
        State("ended", "法院执行结束", "done"),
        State("annulled", "决定被撤销、变更", "warn"),
        State("unpunished", "已决定不予处罚，待送达", "warn"),
        State("spared", "不予处罚等决定已送达", "done"),
    ),
)
PRESERVED = PartyKind(
    "preserved",
    "先行登记保存",
    later=True,
    states=(State("held", "保存中", "warn"), State("settled", "已处理", "done")),
)
MEASURE = PartyKind(
    "measure",
    "查封、扣押",
    later=True,
    states=(
        State("held", "查封、扣押中", "warn"),
        State("longer", "已延长", "warn"),
        State("released", "已解除", "done"),
        State("confiscated", "已没收", "done"),
        State("disposed", "已先行处置", "done"),
        State("handed", "已移交", "done"),
    ),
)
ORDER = PartyKind(
    "order",
    "责令改正",
    later=True,
    states=(
        State("issued", "待复查", "wait"),
        State("met", "已改正", "done"),
        State("unmet", "没有改正", "late"),
    ),
)
FINAL = ("done", "ended", "annulled", "spared")
DECIDED = ("decided", "announced", "served", "demanded", "applied", "unpunished", *FINAL)

STATES = (
    State("clue", "待核查", phase="核查和立案"),
    State("verifying", "核查中", phase="核查和立案"),
    State("investigating", "调查中", "ok", phase="调查取证"),
    State("suspended", "中止调查", "wait", phase="调查取证"),
    State("police", "已移送公安机关，待答复", "wait", phase="调查取证"),
    State("concluded", "待审核", phase="审核、告知和决定"),
    State("reviewed", "待告知", phase="审核、告知和决定"),
    State("noticing", "告知和听取意见", phase="审核、告知和决定"),
    State("executing", "送达和执行", "ok", phase="送达和执行"),
    State("closing", "待结案", "warn", phase="结案和归档"),
    State("closed", "已结案，待归档", phase="结案和归档"),
    State("archived", "已归档", "done", ended=True, phase="结案和归档"),
    State("not_filed", "不予立案", "done", ended=True, phase="不再办理"),
    State("transferred", "已移送", "done", ended=True, phase="不再办理"),
)
