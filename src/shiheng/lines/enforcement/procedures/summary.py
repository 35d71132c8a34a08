"""当场处罚（简易程序）: told, heard, decided and handed over on the spot; the money banked, the papers archived."""

from typing import Any

from shiheng.lines.enforcement import records
from shiheng.lines.enforcement.facts import on_the_spot as facts
from shiheng.lines.enforcement.procedures.figures import SPOT_BOOK
from shiheng.lines.enforcement.procedures.grounds import CASH, RULES, SINCE, SUMMARY, Given, law, rules
from shiheng.lines.enforcement.procedures.parties import HANDLERS
from shiheng.procedures.definition import Guard, Limit, PartyKind, Procedure, State, Step, declare, told


def _decided(course: Any) -> dict[str, Any]:
    held = course.last("decide")
    return dict(held.facts) if held else {}


def _small(course: Any, given: Given) -> bool:
    known = course.facts
    return set(given.get("penalties") or ()) <= {"1A", "2A"} and (given.get("fine") or 0) <= SUMMARY.of(known)


def _cash(course: Any, given: Given) -> bool:
    """The three grounds on which officers may take the money themselves."""
    if given.get("ground") == "small":
        return int(_decided(course).get("fine") or 0) <= CASH
    return given.get("ground") == "hard" or bool(given.get("asked"))


CARDS = Guard("cards", "当场处罚须出示执法证件。", lambda course, _given: bool(course.facts.get("cards")),
              basis=rules("第六十七条"), of_file=True)  # fmt: skip
RIGHTS = Guard("rights", "须当场告知拟处罚的内容、事实、理由、依据和陈述、申辩的权利。", told("rights"),
               basis=rules("第六十七条"))  # fmt: skip
SMALL = Guard("small", "当场处罚只适用于警告、对自然人二百元以下或者对单位三千元以下的罚款。", _small,
              basis=law("第五十一条"))  # fmt: skip
REMEDIES = Guard("remedies", "决定书须写明救济途径和期限。", told("remedies"), basis=rules("第六十八条"))
FINED = Guard("fined", "没有罚款，不需要缴款。", lambda course, _given: bool(_decided(course).get("fine")),
              basis=rules("第七十二条"), of_file=True)  # fmt: skip
CASH_ALLOWED = Guard("cash", "不符合当场收缴罚款的情形。", _cash, basis=rules("第七十二条"))
ALL_IN = Guard(
    "all_in",
    "罚款还没有缴清、上交。",
    lambda course, _given: not _decided(course).get("fine") or course.has("paid", "banked"),
    basis=rules("第七十三条"),
    of_file=True,
)
declare(
    Procedure(
        code="enforcement.summary",
        title="当场行政处罚",
        in_force_from=SINCE,
        group="enforcement",
        about="违法事实确凿、有法定依据、数额很小的，两名执法人员当场处罚，当场交付决定书。",
        facts=facts.Spot,
        title_from="summary",
        first="found",
        states=(
            State("found", "已发现"),
            State("told", "已告知"),
            State("heard", "已听取意见"),
            State("decided", "已处罚，待归档", "ok"),
            State("archived", "已归档", "done", ended=True),
            State("dropped", "不当场处罚", "done", ended=True),
        ),
        steps=(
            Step("tell", "告知", ("found",), "told", by=HANDLERS, facts=facts.SpotTold, officers=2,
                 guards=(CARDS, RIGHTS), basis=rules("第六十七条")),
            Step("hear", "记录陈述、申辩", ("told",), "heard", by=HANDLERS, facts=facts.SpotDefence, officers=2,
                 basis=rules("第六十七条")),
            Step("decide", "当场决定并交付", ("heard",), "decided", by=HANDLERS, facts=facts.SpotDecided, officers=2,
                 guards=(SMALL, REMEDIES), basis=law("第五十二条"), documents=("spot_decision",), served=True,
                 by_power="violation"),
            Step("drop", "不当场处罚", ("found", "told", "heard"), "dropped", by=HANDLERS,
                 about="需要进一步调查的，另行登记案件来源；情节轻微的，批评教育。"),
            Step("cash", "当场收缴罚款", ("decided",), by=HANDLERS, facts=facts.SpotCash, officers=2, once=True,
                 guards=(FINED, CASH_ALLOWED), basis=rules("第七十二条")),
            Step("handed", "上交所在机关", ("decided",), by=HANDLERS, facts=facts.SpotHanded, once=True,
                 guards=(Guard("cashed", "没有当场收缴罚款。", lambda course, _given: course.has("cash"),
                               basis=rules("第七十三条"), of_file=True),),
                 basis=rules("第七十三条")),
            Step("banked", "缴付指定的银行", ("decided",), by=HANDLERS, facts=facts.SpotHanded, once=True,
                 guards=(Guard("handed", "罚款还没有上交所在机关。", lambda course, _given: course.has("handed"),
                               basis=rules("第七十三条"), of_file=True),),
                 basis=rules("第七十三条")),
            Step("paid", "当事人自行缴纳", ("decided",), by=HANDLERS, facts=facts.SpotPaid, once=True,
                 guards=(FINED, Guard("not_cashed", "已经当场收缴。", lambda course, _given: not course.has("cash"),
                                      basis=rules("第七十二条"), of_file=True)),
                 basis=rules("第七十二条")),
            Step("archive", "归档", ("decided",), "archived", by=HANDLERS, facts=facts.SpotArchived,
                 guards=(ALL_IN,), basis=rules("第七十条")),
        ),
        limits=(
            Limit("handing", "上交所在机关", 2, "个工作日", RULES, rules("第七十三条"), ("cash",), ("handed",)),
            Limit("banking", "缴付指定的银行", 2, "个工作日", RULES, rules("第七十三条"), ("handed",), ("banked",)),
            Limit("payment", "缴纳罚款", 15, "日", RULES, rules("第七十二条"), ("decide",), ("paid", "cash"),
                  of_party=True, when=lambda told: bool(told.get("fine"))),
            Limit("archive", "归档", 7, "个工作日", RULES, rules("第七十条"), ("decide",), ("archive",)),
        ),
        parties=(PartyKind("party", "当事人", subject=True, most=1),),
        series="{place}市监当罚〔{year}〕{n}号",  # not shown: the number itself
        basis=(law("第五十一条"), rules("第六十六条")),
        opened_by=HANDLERS,
        counted_by=("topic",), shelf=("archive", "number"),
        records=records.SPOT,
        book=SPOT_BOOK,
    )
)  # fmt: skip
