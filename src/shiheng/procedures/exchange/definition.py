"""What a platform's files look like: columns, codes, kinds of matters, its own clock, what is told back. Pure.

A line declares a ``Platform``; the room takes its files in and sends replies back. Where a layout was not read in the
platform's own words, ``verified`` is false and ``note`` says so: pages and commands show it.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date

from shiheng.kernel.periods import Period, read_as
from shiheng.kernel.registry import declare as _declare
from shiheng.subjects.definition import Basis

ENGINE = "exchange"
KINDS = ("text", "day", "money", "phone", "code", "many")


@dataclass(frozen=True, slots=True)
class Col:
    """One column of a platform's file.

    ``name`` is what we call it, ``title`` its heading, ``also`` other headings seen for it. ``codes`` says what each
    word of theirs is with us, ``otherwise`` what any other word is (nothing: another word is a fault), ``blank`` what
    an empty cell is. ``many``: several words with 、 between. ``personal`` is how it is masked; such cells are sealed.
    """

    name: str
    title: str
    _: KW_ONLY
    required: bool = False
    also: tuple[str, ...] = ()
    kind: str = "text"
    codes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    blank: str = ""
    longest: int = 4000
    personal: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of matter: which file it becomes.

    ``words`` are what the platform writes for it. ``facts`` pairs facts of the procedure with columns, or with a value
    behind ``=``. ``person`` and ``against`` are its kinds of party; ``needs`` columns without which it cannot be one.
    ``nameless`` is the fact that is true where nobody gave a name.
    """

    code: str
    words: tuple[str, ...]
    procedure: str
    facts: tuple[tuple[str, str], ...]
    person: str
    _: KW_ONLY
    against: str = ""
    needs: tuple[str, ...] = ()
    nameless: str = ""


@dataclass(frozen=True, slots=True)
class ReplyClock:
    """By when the platform wants its reply: the day a column names, else so much time from receipt."""

    title: str
    number: int
    unit: str
    law: str
    basis: Basis
    _: KW_ONLY
    named: str = ""

    def period(self, on: date) -> Period:
        return read_as(self.law, self.number, self.unit, on=on)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told back once a file came to ``state``: the platform's word for it, and a sentence to begin with.

    ``text`` may name facts of the file in braces; one that is not known is left out.
    """

    procedure: str
    state: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipts:
    """The platform's answer to our replies, row by row."""

    number: str
    result: str
    why: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform, or partner, that sends us matters and wants to be told what came of them.

    ``twins`` are words for a letter that is two matters at once, with the kinds it becomes. ``replies`` are the columns
    of the file that goes back, by heading and what stands in them. ``states`` says which of our states each word of
    theirs may stand for; ``returned`` are states in which a unit gave a matter back to intake.
    """

    code: str
    title: str
    in_force_from: date
    about: str
    channel: str
    columns: tuple[Col, ...]
    kinds: tuple[Kind, ...]
    twins: tuple[tuple[str, tuple[str, str]], ...] = ()
    clock: ReplyClock | None = None
    outcomes: tuple[Outcome, ...] = ()
    replies: tuple[tuple[str, str], ...] = ()
    form: str = "xlsx"
    encoding: str = "utf-8-sig"
    receipts: Receipts | None = None
    states: tuple[tuple[str, tuple[str, ...]], ...] = ()
    basis: tuple[Basis, ...] = ()
    verified: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        names = [col.name for col in self.columns]
        wanted = {"number", "kind", "received"}
        for kind in self.kinds:
            wanted |= {source for _fact, source in kind.facts if not source.startswith("=")} | set(kind.needs)
        wanted |= {self.clock.named} if self.clock and self.clock.named else set()
        if len(set(names)) != len(names) or wanted - set(names):
            raise ValueError(f"platform {self.code}: columns {sorted(wanted - set(names))}")
        codes = {kind.code for kind in self.kinds}
        if unknown := {code for _word, pair in self.twins for code in pair} - codes:
            raise ValueError(f"platform {self.code}: twins of {sorted(unknown)}")
        if odd := {col.name for col in self.columns if col.kind not in KINDS}:
            raise ValueError(f"platform {self.code}: columns {sorted(odd)} of no known kind")

    def col(self, name: str) -> Col | None:
        return next((col for col in self.columns if col.name == name), None)

    def kind(self, code: str) -> Kind | None:
        return next((kind for kind in self.kinds if kind.code == code), None)

    def meant(self, word: str) -> tuple[Kind, ...]:
        """The kinds of matter a word of theirs is: two for a letter that is both, none where nobody knows it."""
        for twin, pair in self.twins:
            if word == twin:
                return tuple(kind for code in pair if (kind := self.kind(code)))
        return tuple(kind for kind in self.kinds if word in kind.words)[:1]

    @property
    def words(self) -> tuple[str, ...]:
        """Every word for a kind of matter."""
        return (*(word for kind in self.kinds for word in kind.words), *(word for word, _pair in self.twins))

    def outcome(self, procedure: str, state: str) -> Outcome | None:
        return next((one for one in self.outcomes if (one.procedure, one.state) == (procedure, state)), None)

    def agrees(self, theirs: str, ours: str) -> bool:
        """Whether our state is one their word may stand for; a word nobody declared agrees with nothing."""
        return any(ours in held for word, held in self.states if word == theirs)


def declare(platform: Platform) -> Platform:
    """Hold a platform; what a line's ``exchange.py`` calls."""
    _declare(ENGINE, platform)
    return platform
