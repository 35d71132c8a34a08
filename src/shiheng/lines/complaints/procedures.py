"""Complaints and reports: Order 121 in force 2026-04-15, Order 20 beside it for what was received before.

The articles of Order 121 were read; those of Order 20 were not, so its counts are marked to be checked.
"""

from datetime import date

from shiheng.kernel.citation import LOCAL_CHOICE
from shiheng.lines.complaints import advance, chain, council, facts, records, reward
from shiheng.lines.complaints.news import news
from shiheng.procedures.definition import (
    ANYONE,
    Basis,
    Bond,
    Guard,
    Halt,
    Limit,
    PartyKind,
    Procedure,
    Role,
    State,
    Step,
    Transition,
    declare,
    run_out,
    told,
)

BESIDE = (chain, reward)
"""Procedures about complaints and reports that are declared in modules of their own."""
NEW, OLD = date(2026, 4, 15), date(2020, 1, 1)
LEADS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL)


def new(article: str) -> Basis:
    """An article of Order 121."""
    return Basis("市场监督管理投诉举报处理办法", article, NEW, verified=True)


def old(article: str) -> Basis:
    """An article of Order 20."""
    return Basis("市场监督管理投诉举报处理暂行办法", article, OLD, note="未见原文，条次和天数待核对。")


COMPLAINANT = PartyKind("complainant", "投诉人", masked=True, most=200)
TRADER = PartyKind("trader", "被投诉人", subject=True)
REPORTER = PartyKind("reporter", "举报人", masked=True, hidden=True, most=20)
TARGET = PartyKind("target", "被举报人", subject=True)

LETTER = (("summary", "summary"), ("kind", "kind"), ("channel", "channel"), ("outer_number", "outer_number"))
# A letter that is both a complaint and a report becomes two files, bound to one another and handled apart (article 9).
FROM = council.FROM_COUNCIL
AS_COMPLAINT = Bond(
    "twin", ("complaints.report", *FROM.of), guards=FROM.guards,
    parties=(("reporter", "complainant"), ("target", "trader"), *FROM.parties),
    facts=(*LETTER, ("leads", "story"), *(pair for pair in FROM.facts if pair[0] != "number_")),
)  # fmt: skip
"""How a complaint is opened from a letter that is a report as well, or from what a council or a region handed on."""
AS_REPORT = Bond(
    "twin", ("complaints.complaint",), parties=(("complainant", "reporter"), ("trader", "target")),
    facts=(*LETTER, ("story", "leads")),
)  # fmt: skip

STATES = (
    State("pending", "待决定是否受理"),
    State("proof", "待补身份证明", "wait"),
    State("accepted", "已受理"),
    State("mediating", "调解中", "ok"),
    State("terminated", "已终止，待告知", "warn"),
    State("settled", "调解成功", "done", ended=True),
    State("refused", "不予受理", "done", ended=True),
    State("returned", "已退回接收机构", "done", ended=True),
    State("withdrawn", "受理前撤回", "done", ended=True),
    State("closed", "已终止并告知", "done", ended=True),
)
CONSENT = Guard(
    "consent",
    "调解须经投诉人和被投诉人双方同意。",
    lambda _course, given: bool(given.get("complainant_agrees") and given.get("trader_agrees")),
    basis=new("第十八条"),
)
TIME_AND_PLACE = Guard(
    "beforehand",
    "现场调解须提前告知双方时间、地点和调解人员，请填写。",
    lambda _course, given: given.get("way") != "site" or bool(given.get("at_place")),
    basis=new("第二十条"),
)
REMEDIES = Guard("remedies", "不予受理的，须告知理由和其他解决途径。", told("remedies"), basis=new("第十五条"))
NOT_EARLY = Guard(
    "not_early",
    "调解期限还没有届满，不能以“期限届满”终止。",
    run_out("mediation", when=told("ground", "T5")),
    basis=new("第二十三条"),
)
NOT_WHILE_ASIDE = Guard(
    "recusal_open",
    "回避申请还没有决定，调解中止。",
    lambda course, _given: course.halted("recusal") is None,
    of_file=True,
    basis=new("第二十一条"),
)


def steps(since: date) -> tuple[Step, ...]:
    """The steps of a complaint; both orders have the same."""
    at = new if since == NEW else old
    early = ("pending", "proof")
    return (
        Step(
            "ask_proof",
            "要求提供身份证明",
            ("pending",),
            "proof",
            facts=facts.AskProof,
            basis=at("第十条"),
            documents=("proof_notice",),
        ),
        Step("proof_given", "收到身份证明", ("proof",), "pending", facts=facts.Proof, basis=at("第十条")),
        Step(
            "return",
            "退回接收机构",
            early,
            "returned",
            facts=facts.Returning,
            basis=at("第四十一条"),
            about="没有处理权限的，反馈统一接收投诉举报的机构，不得自行移送。",
        ),
        Step(
            "accept",
            "受理",
            early,
            "accepted",
            facts=facts.Accepting,
            basis=at("第十五条"),
            documents=("acceptance",),
            served=True,
        ),
        Step(
            "refuse",
            "不予受理",
            early,
            "refused",
            facts=facts.Refusing,
            guards=(REMEDIES,),
            basis=at("第十六条"),
            documents=("refusal",),
            served=True,
        ),
        Step("withdraw", "受理前撤回", early, "withdrawn", facts=facts.Withdrawing, by_public=True),
        Step(
            "mediate",
            "组织调解",
            ("accepted", "mediating"),
            "mediating",
            facts=facts.Mediating,
            guards=(CONSENT, TIME_AND_PLACE, NOT_WHILE_ASIDE),
            basis=at("第十八条"),
            documents=("mediation_notice",),
        ),
        Step(
            "recusal", "申请调解人员回避", ("mediating",), facts=facts.Recusal, halts="recusal", basis=at("第二十一条")
        ),
        Step(
            "recusal_decided",
            "决定是否回避",
            ("mediating",),
            facts=facts.RecusalDecided,
            by=LEADS,
            resumes="recusal",
            basis=at("第二十一条"),
        ),
        Step(
            "appraise",
            "送鉴定、检测",
            ("accepted", "mediating"),
            facts=facts.Appraising,
            halts="appraisal",
            basis=at("第二十二条"),
        ),
        Step(
            "appraised",
            "鉴定、检测结束",
            ("accepted", "mediating"),
            facts=facts.Appraised,
            resumes="appraisal",
            basis=at("第二十二条"),
        ),
        Step(
            "settle",
            "达成调解协议",
            ("mediating",),
            "settled",
            facts=facts.Settling,
            guards=(NOT_WHILE_ASIDE,),
            basis=at("第二十四条"),
            documents=("mediation_agreement",),
            served=True,
        ),
        Step(
            "terminate",
            "终止调解",
            ("accepted", "mediating"),
            "terminated",
            facts=facts.Terminating,
            guards=(NOT_EARLY,),
            basis=at("第二十三条"),
            documents=("termination",),
        ),
        Step(
            "notify",
            "告知双方终止调解",
            ("terminated",),
            "closed",
            facts=facts.Telling,
            basis=at("第二十三条"),
            served=True,
        ),
        advance.advance(("accepted", "mediating", "terminated", "settled", "closed")),
        news(STATES),
    )


HALTS = (
    Halt("appraisal", "鉴定、检测", basis=new("第二十二条")),
    Halt("recusal", "回避申请待决定", basis=new("第二十一条")),
)
COUNTED = "投诉举报处理办法"

declare(
    Procedure(
        code="complaints.complaint",
        title="消费者投诉",
        in_force_from=NEW,
        group="complaints",
        about="消费者为生活消费需要购买、使用商品或者接受服务，与经营者发生争议，请求解决。",
        facts=facts.Complaint,
        title_from="summary",
        first="pending",
        states=STATES,
        steps=steps(NEW),
        halts=HALTS,
        parties=(COMPLAINANT, TRADER),
        records=records.COMPLAINT,
        series="{place}市监投诉〔{year}〕{n}号",  # not shown: the number itself
        flows=(advance.FLOW,),
        basis=(new("第三条"), new("第十五条"), new("第二十三条")),
        opened_by=ANYONE,
        public={"channel": "web", "outer_number": ""},
        bond=AS_COMPLAINT,
        limits=(
            Limit(
                "acceptance",
                "决定是否受理并告知",
                7,
                "个工作日",
                COUNTED,
                new("第十五条"),
                ("open",),
                ("accept", "refuse", "return", "withdraw"),
            ),
            Limit(
                "mediation",
                "调解",
                60,
                "日",
                COUNTED,
                new("第二十三条"),
                ("accept",),
                ("settle", "terminate"),
                halted=("appraisal",),
                drafts="terminate",
                warns=(10, 5, 0),
            ),
            Limit("notice", "告知终止调解", 7, "个工作日", COUNTED, new("第二十三条"), ("terminate",), ("notify",)),
        ),
        transition=Transition(
            says="办法没有规定此前收到的投诉怎样办理：按收到之日的规定，本局可以另行选择。",
            basis=new("第四十六条"),
            choices=("accept",),
        ),
    )
)

declare(
    Procedure(
        code="complaints.complaint",
        title="消费者投诉",
        in_force_from=OLD,
        group="complaints",
        about="2026-04-14 以前收到的投诉，按暂行办法办理。",
        facts=facts.Complaint,
        title_from="summary",
        first="pending",
        states=STATES,
        steps=steps(OLD),
        halts=HALTS,
        parties=(COMPLAINANT, TRADER),
        records=records.COMPLAINT,
        series="{place}市监投诉〔{year}〕{n}号",  # not shown: the number itself
        flows=(advance.FLOW,),
        basis=(old("第三条"),),
        limits=(
            Limit(
                "acceptance",
                "决定是否受理并告知",
                7,
                "个工作日",
                COUNTED,
                old("第十四条"),
                ("open",),
                ("accept", "refuse", "return", "withdraw"),
            ),
            Limit(
                "mediation",
                "调解",
                45,
                "个工作日",
                COUNTED,
                old("第二十一条"),
                ("accept",),
                ("settle", "terminate"),
                halted=("appraisal",),
                drafts="terminate",
                warns=(10, 5, 0),
            ),
            Limit("notice", "告知终止调解", 7, "个工作日", COUNTED, old("第二十一条"), ("terminate",), ("notify",)),
        ),
    )
)

REPORT_STATES = (
    State("pending", "待核查"),
    State("verifying", "核查中", "ok"),
    State("filed", "已立案", "done", ended=True),
    State("not_filed", "不予立案", "done", ended=True),
    State("elsewhere", "已告知有权机关", "done", ended=True),
    State("repeated", "重复举报，不再另行处理", "done", ended=True),
)
PENALTY_RULES = "行政处罚程序规定"


def penalty(article: str) -> Basis:
    """An article of the rules of penalty procedure as amended 2022."""
    return Basis("市场监督管理行政处罚程序规定", article, date(2022, 11, 1), verified=True)


declare(
    Procedure(
        code="complaints.report",
        title="违法行为举报",
        in_force_from=NEW,
        group="complaints",
        about="反映经营者涉嫌违反市场监督管理法律、法规、规章的线索；举报人的身份和办理情况不得泄露给被举报人。",
        facts=facts.Report,
        public={"channel": "web", "outer_number": ""},
        title_from="summary",
        first="pending",
        states=REPORT_STATES,
        parties=(REPORTER, TARGET),
        bond=AS_REPORT,
        series="{place}市监举报〔{year}〕{n}号",  # not shown: the number itself
        basis=(new("第三条"), new("第三十五条"), new("第三十七条")),
        halts=(Halt("testing", "检测、检验、检疫、鉴定", basis=penalty("第十八条")),),
        steps=(
            Step(
                "elsewhere",
                "告知有权机关",
                ("pending", "verifying"),
                "elsewhere",
                facts=facts.NoPower,
                basis=new("第三十四条"),
            ),
            Step(
                "repeated",
                "重复举报，不再另行处理",
                ("pending", "verifying"),
                "repeated",
                facts=facts.Repeated,
                basis=new("第三十五条"),
            ),
            Step("verify", "开始核查", ("pending",), "verifying", facts=facts.Verifying, basis=penalty("第十八条")),
            Step(
                "longer",
                "延长核查期限",
                ("verifying",),
                facts=facts.Longer,
                by=LEADS,
                once=True,
                apart_from=("verify",),
                basis=penalty("第十八条"),
            ),
            Step(
                "test", "送检测、鉴定", ("verifying",), facts=facts.Testing, halts="testing", basis=penalty("第十八条")
            ),
            Step(
                "tested",
                "检测、鉴定结束",
                ("verifying",),
                facts=facts.Found,
                resumes="testing",
                basis=penalty("第十八条"),
            ),
            Step(
                "file",
                "决定立案",
                ("verifying",),
                "filed",
                facts=facts.Found,
                by=LEADS,
                apart_from=("verify",),
                basis=penalty("第十九条"),
            ),
            Step(
                "no_file",
                "决定不予立案",
                ("verifying",),
                "not_filed",
                facts=facts.NotFiled,
                by=LEADS,
                apart_from=("verify",),
                basis=penalty("第二十条"),
            ),
            news(REPORT_STATES),
        ),
        limits=(
            Limit(
                "verification",
                "核查并决定是否立案",
                15,
                "个工作日",
                PENALTY_RULES,
                penalty("第十八条"),
                ("open",),
                ("file", "no_file", "elsewhere", "repeated"),
                halted=("testing",),
                extended=("longer",),
                extension=15,
            ),
        ),
    )
)

declare(
    Procedure(
        code="complaints.enquiry",
        title="咨询",
        in_force_from=NEW,
        group="complaints",
        about="问规定、问办事；不是投诉也不是举报，答复后办结，单独计数。",
        facts=facts.Enquiry,
        public={"channel": "web"},
        title_from="summary",
        first="pending",
        states=(State("pending", "待答复"), State("answered", "已答复", "done", ended=True)),
        steps=(Step("answer", "答复", ("pending",), "answered", facts=facts.Answer, served=True),),
        parties=(PartyKind("asker", "咨询人", masked=True),),
        series="{place}市监咨询〔{year}〕{n}号",  # not shown: the number itself
        limits=(
            Limit(
                "answer",
                "答复咨询",
                5,
                "个工作日",
                COUNTED,
                Basis(LOCAL_CHOICE),
                ("open",),
                ("answer",),
            ),
        ),
    )
)
