"""What the law forbids in a penalty case, told from the passages alone and counted day by day; nothing here knows how
the steps are guarded."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel.errors import Missing, Refused
from shiheng.procedures.course import Course, Passage
from shiheng.procedures.rules import Catalogue, Declared
from tests.procedures.walking import CALENDAR

ONE = timedelta(days=1)
OFFICERS = {"open", "verify", "inspect", "question", "gather", "sample", "seize", "conclude"}
Rule = Callable[[Course, Passage], str]


def _says(steps: str, *names: str) -> Rule:
    """These steps say all of these."""

    def rule(_course: Course, said: Passage) -> str:
        lacks = [name for name in names if said.step in steps.split() and not said.facts.get(name)]
        return f"{said.step} without {lacks}" if lacks else ""

    return rule


def _workdays(start: date, count: int) -> date:
    day = start
    while count:
        day += ONE
        count -= CALENDAR.is_workday(day)
    return day


def _rest(day: date) -> date:
    while not CALENDAR.is_workday(day):
        day += ONE
    return day


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError


def _mine(course: Course, said: Passage, *steps: str) -> tuple[Passage, ...]:
    return course.taken(*steps, party=said.party)


def _last(course: Course, said: Passage, *steps: str) -> Passage | None:
    return next(iter(reversed(_mine(course, said, *steps))), None)


def alone(_course: Course, said: Passage) -> str:
    """Two officers wherever the law wants two."""
    two = {"verify", "inspect", "question", "gather", "sample", "preserve", "seize", "conclude", "notice", "serve"}
    return "one officer alone" if said.step in two and len({said.actor, *said.officers}) < 2 else ""


def reviewer_apart(course: Course, said: Passage) -> str:
    if said.step not in {"review", "review_return", "review_after", "hear", "decide", "spare", "close"}:
        return ""
    worked = [p for p in course.live if p.step in OFFICERS]
    return "an officer of the case" if any(said.actor in {p.actor, *p.officers} for p in worked) else ""


def rights(course: Course, said: Passage) -> str:
    told = any(p.facts.get("told_rights") for p in (*course.taken("question"), said))
    return "questioned, and rights never told" if said.step == "question" and not told else ""


def test_open(course: Course, said: Passage) -> str:
    if said.step != "conclude":
        return ""
    for begin, end in (("test", "tested"), ("seized_test", "seized_tested")):
        for number in {p.party for p in course.taken(begin)}:
            begun = [p for p in course.taken(begin) if p.party == number]
            if len(begun) > len([p for p in course.taken(end) if p.party == number]):
                return "concluded while something is at the laboratory"
    return ""


test_open.__test__ = False  # type: ignore[attr-defined]


def settled(course: Course, said: Passage) -> str:
    kept = {p.party for p in course.taken("preserve")} - {p.party for p in course.taken("preserved_settled")}
    return "concluded with evidence still in keeping" if said.step == "conclude" and kept else ""


def proved(course: Course, said: Passage) -> str:
    if said.step != "conclude" or said.facts.get("gaps"):
        return ""
    assert course.opened is not None
    held = lists.one(VIOLATIONS, course.opened.facts["violation"], on=said.day)
    shown = {name for p in course.live for name in p.facts.get("elements") or ()}
    lacks = [element.title for element in held.elements if element.title not in shown]
    return f"concluded, and nothing proves {lacks}" if lacks else ""


def answered_points(course: Course, said: Passage) -> str:
    if said.step != "conclude":
        return ""
    sent = [p for p in course.live if p.step in {"conclude", "review_return"} and p.number < said.number]
    if not sent or sent[-1].step == "conclude":
        return ""
    left = len(sent[-1].facts["points"]) - len(said.facts.get("replies") or ())
    return "points of the review nobody answered" if left > 0 else ""


def points_settled(course: Course, said: Passage) -> str:
    if said.step != "review" or said.facts.get("settled"):
        return ""
    concluded = [p for p in course.live if p.step == "conclude" and p.number < said.number]
    return "reviewed, and nobody saw to the points" if concluded[-1].facts.get("replies") else ""


def in_term(course: Course, said: Passage) -> str:
    """Thirty days and thirty more, days at a laboratory that was told of in writing left out."""
    if said.step not in {"seize_longer", "seized_test", "dispose", "confiscate"}:
        return ""
    begun = _last(course, said, "seize")
    assert begun is not None
    day, left, away = begun.day, 30 + 30 * len(_mine(course, said, "seize_longer")), None
    spans: list[tuple[date, date | None]] = []
    for passage in _mine(course, said, "seized_test", "seized_tested"):
        if passage.step == "seized_test":
            away = passage.day
        elif away is not None:
            spans.append((away, passage.day))
            away = None
    spans += [(away, None)] if away is not None else []
    while left:
        day += ONE
        over = [last for first, last in spans if first <= day and (last is None or day <= last)]
        if None in over:
            return ""
        left -= not over
    return f"{said.step} after the term of the seizure" if said.day > day else ""


def decided(course: Course, said: Passage) -> str:
    return "confiscated without a decision" if said.step == "confiscate" and not course.has("decide") else ""


def offered(_course: Course, said: Passage) -> str:
    if said.step != "notice" or said.facts.get("hearing"):
        return ""
    bar = 1_000_000 if said.facts.get("person") else 10_000_000
    heavy = {"3B", "3C", "4A", "4B", "4C", "4D"} & set(said.facts["penalties"])
    taken = said.facts.get("gains_taken", 0) + said.facts.get("goods_taken", 0)
    return "no hearing offered" if heavy or said.facts.get("fine", 0) >= bar or taken >= bar else ""


def has_hearing(course: Course, said: Passage) -> str:
    noticed = _last(course, said, "notice")
    asks = said.step == "ask_hearing"
    return "a hearing nobody offered" if asks and not (noticed and noticed.facts.get("hearing")) else ""


def _defence_ends(course: Course, said: Passage) -> date:
    noticed = _last(course, said, "notice")
    assert noticed is not None
    return _rest(_workdays(noticed.day, 5))


def asked_in_time(course: Course, said: Passage) -> str:
    late = said.step == "ask_hearing" and said.day > _defence_ends(course, said)
    return "a hearing asked for too late" if late else ""


def waited(course: Course, said: Passage) -> str:
    early = said.step == "quiet" and said.facts["how"] == "expired" and said.day <= _defence_ends(course, said)
    return "silence taken for waiver too early" if early else ""


def beforehand(_course: Course, said: Passage) -> str:
    if said.step != "hearing_notice":
        return ""
    day, between = said.day + ONE, 0
    while day < date.fromisoformat(said.facts["on"]):
        between += CALENDAR.is_workday(day)
        day += ONE
    return "told of the hearing too late" if between < 7 else ""


def on_its_day(course: Course, said: Passage) -> str:
    named = _last(course, said, "hearing_notice")
    early = said.step == "hear" and (named is None or said.day < date.fromisoformat(named.facts["on"]))
    return "heard before the day that was told, or on no day told" if early else ""


def _wants_legal(course: Course, said: Passage) -> bool:
    concluded, noticed = course.last("conclude"), _last(course, said, "notice")
    assert concluded is not None
    told = noticed.facts if noticed else {}
    case = {
        "decision": "penalty", "penalties": tuple(said.facts["penalties"]), "fine": said.facts.get("fine", 0),
        "confiscated": said.facts.get("gains_taken", 0) + said.facts.get("goods_taken", 0),
        "person": bool(told.get("person")), "heard": bool(_mine(course, said, "hear")),
        "public_interest": bool(concluded.facts.get("public_interest")),
        "difficult": bool(concluded.facts.get("difficult")),
        "legal_relations": concluded.facts.get("legal_relations", 1),
    }  # fmt: skip
    return bool(Catalogue(Declared()).reviews(case, said.day))


def legal(course: Course, said: Passage) -> str:
    if said.step != "decide" or not _wants_legal(course, said):
        return ""
    concluded = course.last("conclude")
    assert concluded is not None
    since = [p for p in course.live if p.number > concluded.number]
    by_law = [p for p in since if p.step == "review_after" or (p.step == "review" and p.facts["kind"] == "legal")]
    return "" if by_law else "decided without legal review"


def after_hearing(course: Course, said: Passage) -> str:
    heard = _last(course, said, "hear")
    if said.step != "decide" or heard is None:
        return ""
    return "" if [p for p in course.taken("review_after") if p.number > heard.number] else "reviewed before the hearing"


def collective(course: Course, said: Passage) -> str:
    if said.step != "decide" or not _wants_legal(course, said):
        return ""
    review = max((p.number for p in course.taken("review", "review_after")), default=0)
    return "" if [p for p in course.taken("discuss") if p.number > review] else "decided by one alone"


def review_kind(course: Course, said: Passage) -> str:
    concluded = course.last("conclude")
    if said.step != "review" or said.facts["kind"] == "legal" or concluded is None:
        return ""
    grave = concluded.facts.get("public_interest")
    hard = concluded.facts.get("difficult") and concluded.facts.get("legal_relations", 1) >= 2
    return "a grave case reviewed as a plain one" if grave or hard else ""


def noticed(course: Course, said: Passage) -> str:
    return "decided without notice" if said.step == "decide" and not _mine(course, said, "notice") else ""


def not_raised(course: Course, said: Passage) -> str:
    told = _last(course, said, "notice")
    if said.step != "decide" or told is None:
        return ""
    sums = ("fine", "gains_taken", "goods_taken")
    more = [name for name in sums if said.facts.get(name, 0) > told.facts.get(name, 0)]
    more += sorted(set(said.facts["penalties"]) - set(told.facts["penalties"]))
    return f"more than was told: {more}" if more else ""


def in_band(course: Course, said: Passage) -> str:
    if said.step != "decide" or said.facts.get("deviates") or "2A" not in said.facts["penalties"]:
        return ""
    concluded = course.last("conclude")
    assert concluded is not None
    assert course.opened is not None
    try:
        band = Catalogue(Declared()).band(course.opened.facts["violation"], concluded.facts, said.day)
    except (Refused, Missing):
        return "a grade that is not open"
    fine = said.facts.get("fine", 0)
    return "outside the band" if band is not None and not band.low <= fine <= band.high else ""


def answered(course: Course, said: Passage) -> str:
    spoke = _mine(course, said, "defend", "hear")
    return "a defence nobody answered" if said.step == "decide" and spoke and not said.facts.get("answered") else ""


def educated(_course: Course, said: Passage) -> str:
    bare = said.step == "spare" and said.facts["outcome"] == "no_penalty" and not said.facts.get("educated")
    return "spared and not educated" if bare else ""


def confirmed(_course: Course, said: Passage) -> str:
    way = said.step in {"serve", "serve_spared"} and said.facts["way"] == "electronic"
    return "served by wire unasked" if way and not said.facts.get("confirmed") else ""


def announced(course: Course, said: Passage) -> str:
    if said.step != "arrived":
        return ""
    begun = _last(course, said, "announce")
    assert begun is not None
    return "" if said.day > _rest(begun.day + timedelta(days=30)) else "the notice had not hung for thirty days"


def _owed(course: Course, said: Passage) -> int:
    made = _last(course, said, "decide")
    due = 0 if made is None else made.facts.get("fine", 0) + made.facts.get("gains_taken", 0)
    return due - sum(p.facts["amount"] - p.facts.get("late", 0) for p in _mine(course, said, "pay"))


def not_overpaid(course: Course, said: Passage) -> str:
    if said.step != "pay":
        return ""
    more = said.facts["amount"] - said.facts.get("late", 0)
    return "" if 0 <= more <= _owed(course, said) else "more than is owed"


def paid(course: Course, said: Passage) -> str:
    return "settled and not paid" if said.step == "settle" and _owed(course, said) > 0 else ""


def _payment_ends(course: Course, said: Passage) -> date:
    served = _last(course, said, "serve", "arrived")
    assert served is not None
    end = _rest(served.day + timedelta(days=15))
    for one in _mine(course, said, "defer"):
        end = max(end, _rest(date.fromisoformat(one.facts["until"]))) if one.number > served.number else end
    return end


def late_capped(course: Course, said: Passage) -> str:
    if said.step not in {"pay", "demand", "apply_court"} or not said.facts.get("late"):
        return ""
    made = _last(course, said, "decide")
    fine = made.facts.get("fine", 0) if made else 0
    claimed = said.facts["late"] + sum(p.facts.get("late", 0) for p in _mine(course, said, "pay"))
    day, days, stopped = _payment_ends(course, said), 0, list(_mine(course, said, "remedy", "remedy_over"))
    while day < said.day:
        day += ONE
        open_ = False
        for one in stopped:
            open_ = one.step == "remedy" if one.day <= day else open_
            if one.step == "remedy_over" and one.day == day:
                open_ = True  # the day it ends is its own still
                break
        days += not open_
    return "" if claimed <= min(fine, fine * 3 * days // 100) else "a late fine beyond its measure"


def payment_over(course: Course, said: Passage) -> str:
    early = said.step == "demand" and said.day <= _payment_ends(course, said)
    return "demanded before it was due" if early else ""


def demand_over(course: Course, said: Passage) -> str:
    made = _last(course, said, "demand")
    early = said.step == "apply_court" and (made is None or said.day <= _rest(_workdays(made.day, 10)))
    return "to court within ten days of the demand" if early else ""


def _appeal_ends(course: Course, said: Passage) -> date:
    served = _last(course, said, "serve", "arrived")
    assert served is not None
    over = _last(course, said, "remedy_over")
    return _rest(over.day + timedelta(days=15)) if over else _rest(_months(served.day, 6))


def appeal_over(course: Course, said: Passage) -> str:
    early = said.step == "apply_court" and said.day <= _appeal_ends(course, said)
    return "to court while the party may sue" if early else ""


def no_remedy(course: Course, said: Passage) -> str:
    if said.step != "apply_court":
        return ""
    open_ = len(_mine(course, said, "remedy")) > len(_mine(course, said, "remedy_over"))
    return "to court while a remedy runs" if open_ else ""


def in_three_months(course: Course, said: Passage) -> str:
    late = said.step == "apply_court" and said.day > _months(_appeal_ends(course, said), 3)
    return "to court after three months" if late else ""


def undone(course: Course, said: Passage) -> str:
    over = _last(course, said, "remedy_over")
    bare = said.step == "annul" and (over is None or over.facts["outcome"] not in {"annulled", "changed"})
    return "annulled by nobody" if bare else ""


def publishable(course: Course, said: Passage) -> str:
    made = _last(course, said, "decide")
    bare = said.step == "publish" and (made is None or set(made.facts["penalties"]) <= {"1A"})
    return "a bare warning published" if bare else ""


def told_publish(course: Course, said: Passage) -> str:
    served = _last(course, said, "serve", "announce")
    bare = said.step == "publish" and not (served and served.facts.get("told_publish"))
    return "published untold" if bare else ""


def served(course: Course, said: Passage) -> str:
    bare = said.step == "publish" and not _mine(course, said, "serve", "arrived")
    return "published before it was served" if bare else ""


def published(course: Course, said: Passage) -> str:
    bare = said.step == "unpublish" and not _mine(course, said, "publish")
    return "taken back, and never published" if bare else ""


def nothing_held(course: Course, said: Passage) -> str:
    if said.step not in {"close", "terminate"}:
        return ""
    kept = {p.party for p in course.taken("seize")}
    kept -= {p.party for p in course.taken("release", "confiscate", "dispose", "hand_goods")}
    return "ended with goods still held" if kept else ""


def package(_course: Course, said: Passage) -> str:
    need = {"移送书", "调查报告", "涉案物品清单"}
    return "sent incomplete" if said.step == "police_sent" and not need <= set(said.facts["package"]) else ""


def _came(course: Course, said: Passage) -> int:
    """How many of a thing were seized, as they were counted or as the list begins."""
    taken = _last(course, said, "seize")
    assert taken is not None
    digits = str(taken.facts["quantity"]).split()[0]
    return taken.facts.get("count") or (int(digits) if digits.isdigit() else 0) or 1


def _parts(course: Course, said: Passage, step: str) -> int:
    return sum(passage.facts["count"] for passage in _mine(course, said, step))


def marked(course: Course, said: Passage) -> str:
    return "a mark taken off that was never given" if said.step == "unmark" and not course.has("mark") else ""


def fewer(course: Course, said: Passage) -> str:
    if said.step != "release_part":
        return ""
    left = _came(course, said) - _parts(course, said, "release_part")
    return "" if not said.facts["count"] or 0 < said.facts["count"] < left else "more released in part than is held"


def there(course: Course, said: Passage) -> str:
    if said.step != "goods_out":
        return ""
    left = _came(course, said) - _parts(course, said, "release_part") - _parts(course, said, "goods_out")
    return "" if not said.facts["count"] or 0 < said.facts["count"] <= left else "more done away with than was taken"


LAW: Mapping[str, Rule] = {
    "officers": alone, "apart": reviewer_apart, "noticed": noticed, "served": served,
    "four": _says("file", "evidence", "due", "ours", "not_barred"), "cards": _says("inspect question seize", "cards"),
    "filmed": _says("inspect question sample preserve seize", "filmed"), "rights": rights,
    "listed": _says("preserve seize", "listed"), "no_test_open": test_open, "settled": settled, "proved": proved,
    "answered_points": answered_points, "points_settled": points_settled,
    "in_term": in_term, "told_longer": _says("seize_longer", "told"), "told_test": _says("seized_test", "told"),
    "consent": _says("dispose", "consent"), "decided": decided, "legal": legal, "after_hearing": after_hearing,
    "collective": collective, "review_kind": review_kind, "spoke": _says("notice", "spoke"), "offered": offered,
    "has_hearing": has_hearing, "asked_in_time": asked_in_time, "waited": waited, "beforehand": beforehand,
    "on_its_day": on_its_day, "not_raised": not_raised, "in_band": in_band, "answered": answered,
    "educated": educated, "remedies": _says("decide", "remedies"), "confirmed": confirmed, "announced": announced,
    "not_overpaid": not_overpaid, "paid": paid, "late_capped": late_capped, "hardship": _says("defer", "asked"),
    "payment_over": payment_over, "demand_over": demand_over, "appeal_over": appeal_over, "no_remedy": no_remedy,
    "in_three_months": in_three_months, "undone": undone, "publishable": publishable, "told_publish": told_publish,
    "masked": _says("publish", "masked"), "nothing_held": nothing_held, "marked": marked, "fewer": fewer,
    "there": there,
    "published": published, "package": package,
}  # fmt: skip
