"""What a register is: who keeps it, what an entry says, how it may move, how long it holds, what is public. Pure.

The facts of an entry are a Pydantic model whose fields are made by ``fact``; everything else (form, list, filters,
import, export, reminders, figures, the place in the subject file) follows from the declaration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from shiheng.accounts.permissions import Role
from shiheng.kernel.registry import declare as _declare
from shiheng.subjects.definition import Basis

__all__ = ["Basis", "Feed", "Move", "NoteKind", "Register", "Role", "State", "declare", "fact"]

ENGINE = "registers"

SUBJECT, PERSON, PLACE, THING = "subject", "person", "place", "thing"
BOUND = {SUBJECT: "主体", PERSON: "人员", PLACE: "场所", THING: "事物"}
"""What one entry is about."""

GROUPS = {
    "licences": "证照许可",
    "lists": "名单名录",
    "equipment": "设备",
    "marks": "知识产权与质量",
    "commitments": "承诺",
    "assets": "涉案财物与担保",
    "places": "市场与场所",
    "people": "人员",
    "projects": "项目与成果",
}
"""How registers are shelved, on the overview and on a subject's page."""

OFFICERS = (Role.WINDOW_CLERK, Role.INSPECTOR, Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)


def fact(
    title: str,
    *,
    indexed: bool = False,
    public: bool = False,
    personal: str = "",
    shown: bool = True,
    headers: Sequence[str] = (),
    choices: Mapping[str, str] | Sequence[str] = (),
    widget: str = "",
    group: str = "",
    hint: str = "",
    width: str = "",
    taken_from: str = "",
    **limits: Any,
) -> Any:
    """One field of an entry.

    ``title`` is also its column in a file; ``headers`` are other headings departments use for it. ``indexed`` facts can
    be filtered, sorted and counted by; ``public`` ones leave the house; ``personal`` ones (``phone``, ``id``, ``name``,
    ``address`` …: how they are masked) are sealed on the disk; ``shown`` ones are columns of the list. ``choices`` are
    codes with their titles, or words that are their own codes; ``taken_from`` names a list of the catalogue whose codes
    they are. ``widget`` and the others are those of ``ui.forms``,
    ``limits`` those of ``pydantic.Field``.
    """
    offered = choices if isinstance(choices, Mapping) else {word: word for word in choices}
    extra: dict[str, Any] = {"indexed": indexed, "public": public, "personal": personal, "shown": shown}
    given = {"widget": widget, "group": group, "width": width, "headers": list(headers), "taken_from": taken_from}
    extra |= {name: value for name, value in given.items() if value}
    if offered:
        extra["choices"] = dict(offered)
    if personal:
        extra["draft"] = False  # a draft lies on the disk as it was typed
    return Field(title=title, description=hint or None, json_schema_extra=extra, **limits)


@dataclass(frozen=True, slots=True)
class State:
    """How an entry stands by the keeper's word.

    ``ended``: it is on the register no longer; ``idle``: nothing falls due in it, as of a device out of use; ``inner``:
    nobody outside sees it yet, as of a draft.
    """

    code: str
    title: str
    tone: str = "plain"
    _: KW_ONLY
    ended: bool = False
    idle: bool = False
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step from some states to another, with its reason; ``by_subject``: the business itself may take it."""

    code: str
    title: str
    came_from: tuple[str, ...]
    to: str
    _: KW_ONLY
    basis: Basis | None = None
    by_subject: bool = False


ON, OFF, ASKED = "on", "off", "asked"
ON_REGISTER = State(ON, "在册", "ok")
OFF_REGISTER = State(OFF, "已移出", "done", ended=True)
REMOVE = Move("remove", "移出", (ON,), OFF)
RESTORE = Move("restore", "恢复在册", (OFF,), ON)

APPLIED = (
    State(ASKED, "待审核", "wait", ended=True),
    ON_REGISTER,
    State("declined", "未通过", "done", ended=True),
    OFF_REGISTER,
)
"""States of a register businesses apply to be on."""
GRANTING = (
    Move("grant", "通过", (ASKED,), ON),
    Move("decline", "不予通过", (ASKED,), "declined"),
    REMOVE,
    RESTORE,
)


@dataclass(frozen=True, slots=True)
class NoteKind:
    """A dated line written under an entry: a visit, an opinion, an activity, a meeting."""

    code: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """Where entries come from by themselves: the Records of one kind that departments report, fact by fact.

    ``facts`` says for each fact of ours what it is there: a fact's name, or ``day``, ``until``, ``state``, ``title``,
    ``key``. ``states`` puts their states into ours (what it does not name is ``ON``); ``due`` names their due day.
    """

    kind: str
    facts: Mapping[str, str]
    states: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One register, list, ledger or licence book, in force from a day.

    ``bound``: what an entry is about. One about a subject is told apart by the subject and the facts in ``key``; any
    other by ``key`` alone, and is called by its fact ``name``; it may still belong to a subject (``owned``).
    ``due`` is the fact that says by when something must be done again (``due_title``); ``warns`` are the days before an
    end at which its keepers are told. ``yearly`` is the fact that is a year: who is on it year after year is counted.
    ``passing``: what is past its last day is public no longer.
    ``applied_for``: businesses ask to be on it. ``over_since``: the authorities select no longer; it is history only.
    """

    code: str
    title: str
    in_force_from: date
    group: str
    about: str
    facts: type[BaseModel]
    basis: tuple[Basis, ...] = ()
    bound: str = SUBJECT
    key: tuple[str, ...] = ()
    name: str = ""
    owned: bool = False
    states: tuple[State, ...] = (ON_REGISTER, OFF_REGISTER)
    moves: tuple[Move, ...] = (REMOVE, RESTORE)
    months: int = 0
    due: str = ""
    due_title: str = ""
    warns: tuple[int, ...] = (60, 30, 7, 0)
    kept_by: tuple[Role, ...] = OFFICERS
    public: bool = False
    passing: bool = False
    applied_for: bool = False
    notes: tuple[NoteKind, ...] = ()
    counted_by: tuple[str, ...] = ()
    yearly: str = ""
    feed: Feed | None = None
    over_since: date | None = None
    over_why: str = ""
    record: str = ""

    def __post_init__(self) -> None:
        known = self.facts.model_fields
        named = {*self.key, *self.counted_by, *filter(None, (self.name, self.due, self.yearly))}
        if self.feed:
            named |= set(self.feed.facts)
        if unknown := named - set(known):
            raise ValueError(f"register {self.code}: facts it does not have: {sorted(unknown)}")
        if self.bound not in BOUND or self.group not in GROUPS:
            raise ValueError(f"register {self.code}: bound {self.bound!r}, group {self.group!r}")
        if self.bound != SUBJECT and not (self.key and self.name):
            raise ValueError(f"register {self.code}: entries about no subject need a key and a name")
        codes = [state.code for state in self.states]
        if len(set(codes)) != len(codes) or not any(not state.ended for state in self.states):
            raise ValueError(f"register {self.code}: its states repeat, or all are ended")
        ends = {code for move in self.moves for code in (*move.came_from, move.to)}
        if not ends <= set(codes) or (self.applied_for and ASKED not in codes):
            raise ValueError(
                f"register {self.code}: moves between states it does not have: {sorted(ends - set(codes))}"
            )
        if sealed := sorted(set(self.personal) & {*self.indexed, self.name}):
            raise ValueError(f"register {self.code}: what is sealed can be neither found by nor called: {sealed}")
        needed = {*self.key, *self.counted_by, *filter(None, (self.due, self.yearly))}
        if loose := [name for name in sorted(needed) if not is_indexed(known[name])]:
            raise ValueError(f"register {self.code}: facts that must be indexed: {loose}")

    @property
    def titles(self) -> dict[str, str]:
        """Fact to its Chinese title."""
        return {name: info.title or name for name, info in self.facts.model_fields.items()}

    @property
    def first_state(self) -> str:
        """Where an entry begins that its keeper enters."""
        return next(state.code for state in self.states if not state.ended)

    def state(self, code: str) -> State:
        """A state by its code; of an unknown one (an earlier version's) its code is its title."""
        return next((held for held in self.states if held.code == code), State(code, code))

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if state in move.came_from)

    def move(self, code: str) -> Move | None:
        return next((move for move in self.moves if move.code == code), None)

    @property
    def indexed(self) -> dict[str, FieldInfo]:
        """The facts one can filter, sort and count by."""
        return {name: info for name, info in self.facts.model_fields.items() if is_indexed(info)}

    @property
    def personal(self) -> dict[str, str]:
        """The facts kept sealed, and as what each is masked."""
        return personal_of(self.facts)

    @property
    def public_facts(self) -> tuple[str, ...]:
        """What leaves the house: nothing at all unless the register is public."""
        if not self.public:
            return ()
        return tuple(name for name, info in self.facts.model_fields.items() if hint_of(info).get("public"))


def declare(register: Register) -> Register:
    """Hold a register; what a line's ``registers.py`` calls."""
    _declare(ENGINE, register)
    return register


def hint_of(info: FieldInfo) -> dict[str, Any]:
    """What ``fact`` said of a field beside its type."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def personal_of(facts: type[BaseModel]) -> dict[str, str]:
    """The fields of a model that are kept sealed, and as what each is masked."""
    held = {name: str(hint_of(info).get("personal") or "") for name, info in facts.model_fields.items()}
    return {name: kind for name, kind in held.items() if kind}


def is_indexed(info: FieldInfo) -> bool:
    return bool(hint_of(info).get("indexed"))


def kind_of(info: FieldInfo) -> str:
    """How an indexed fact is compared: ``day``, ``number``, ``money``, ``flag`` or ``text``."""
    annotation = info.annotation
    kinds = {kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)}
    if bool in kinds:
        return "flag"
    if date in kinds:
        return "day"
    if hint_of(info).get("widget") == "money":
        return "money"
    return "number" if kinds & {int, float} or any(kind.__name__ == "Decimal" for kind in kinds) else "text"


def choices_of(info: FieldInfo) -> dict[str, str]:
    """The codes a fact may have and their titles; empty where it is free."""
    held = hint_of(info).get("choices")
    return {str(code): str(title) for code, title in held.items()} if isinstance(held, Mapping) else {}


# -- how long an entry holds

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entry stands on a day, in words and colour."""

    code: str
    title: str
    tone: str


CURRENT = Standing("current", "有效", "ok")
SOON_OVER = Standing("soon", "即将到期", "warn")
OVER = Standing("over", "已过期", "late")
ENDED = Standing("ended", "不在册", "done")
STANDINGS = (CURRENT, SOON_OVER, OVER, ENDED)


def standing(*, ended: bool, until: date | None, due: date | None, today: date) -> Standing:
    """How an entry stands on ``today``: its last day and its due day are included."""
    if ended:
        return ENDED
    ends = [day for day in (until, due) if day is not None]
    if any(day < today for day in ends):
        return OVER
    return SOON_OVER if any(day <= today + SOON for day in ends) else CURRENT


def end_of(since: date, months: int) -> date:
    """The last day of a term of whole months that begins with ``since``: the day before the same day of its month."""
    place = since.year * 12 + since.month - 1 + months
    year, month = divmod(place, 12)
    for day in range(since.day, 27, -1):
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:
            continue
    return date(year, month + 1, since.day) - timedelta(days=1)


def in_a_row(years: Sequence[int]) -> int:
    """For how many years without a gap, counted back from the latest one."""
    held = sorted(set(years), reverse=True)
    count = 1 if held else 0
    for later, earlier in pairwise(held):
        if later - earlier != 1:
            break
        count += 1
    return count


# -- what was said of an entry, day by day


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said of an entry: the day it holds from, its place in the order of saying, and what it changes."""

    day: date
    place: int
    changes: Mapping[str, Any]
    undone: bool = False


def told(said: Sequence[Said]) -> list[tuple[Said, dict[str, Any] | None]]:
    """Every saying in the order of days with the whole entry as it stands from then on.

    What is undone changes nothing; before the first saying that is not, there is no entry (``None``), and what was said
    after an entering that is undone is said of nothing. ``changes`` maps a promoted column or ``facts.<name>`` to its
    new value; ``None`` takes a fact away. The first saying of an entry is the one that enters it (``entered`` in it).
    """
    held: dict[str, Any] | None = None
    found: list[tuple[Said, dict[str, Any] | None]] = []
    for one in sorted(said, key=lambda s: (s.day, s.place)):
        if not one.undone:
            if "entered" in one.changes:
                held = dict(one.changes)
            elif held is not None:
                held = {**held, **one.changes}
        found.append((one, dict(held) if held is not None else None))
    return found
