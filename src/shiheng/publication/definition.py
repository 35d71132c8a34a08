"""What may leave the house, to whom, on which legal basis, and what is kept back: declared by lines of business. Pure.

A sharing rule names facts field by field: what it does not name stays here, and what a source marks sensitive stays
here whatever a rule names. A layout of an export names the columns of a file another authority prescribes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shiheng.kernel.masking import mask_account, mask_address, mask_id, mask_name, mask_phone
from shiheng.subjects.definition import Basis

SHARING = "sharing"
LAYOUTS = "layouts"
LISTS = "lists"
COMPARISONS = "comparisons"
IDENTITY = "identity"
"""The kind of fact that is the subject's own fields; every other kind is one of Records."""

MASKS = {
    "name": mask_name,
    "id": mask_id,
    "phone": mask_phone,
    "account": mask_account,
    "address": mask_address,
}
ANY = "*"


@dataclass(frozen=True, slots=True)
class Shared:
    """One kind of facts and the fields of it that go out; ``masked`` says which only in part, and how."""

    kind: str
    fields: tuple[str, ...]
    masked: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = set(self.masked.values()) - set(MASKS)
        if unknown or not set(self.masked) <= set(self.fields):
            raise ValueError(f"{self.kind}: masks must be known and name shared fields: {dict(self.masked)}")


@dataclass(frozen=True, slots=True)
class SharingRule:
    """Which facts may go to which departments. ``receivers`` are departments as contracts name them, or ``*``."""

    code: str
    in_force_from: date
    title: str
    receivers: tuple[str, ...]
    shared: tuple[Shared, ...]
    basis: tuple[Basis, ...]
    purpose: str

    def kinds(self) -> tuple[str, ...]:
        return tuple(part.kind for part in self.shared)

    def of(self, kind: str) -> Shared | None:
        """What goes out of one kind, if anything does."""
        return next((part for part in self.shared if part.kind == kind), None)

    def serves(self, office: str) -> bool:
        """Whether an office of this title is one of the receivers."""
        return any(name == ANY or is_department(name, office) for name in self.receivers)


def is_department(department: str, office: str) -> bool:
    """Whether an office, by its title, is the department contracts speak of: 云泽市税务局 is 税务局."""
    return bool(department) and office.endswith(department)


@dataclass(frozen=True, slots=True)
class ListFact:
    """One fact of an entry as a public list shows it: ``kind`` is text, day, money (fen), number or flag."""

    code: str
    title: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What standing on a list means for a registration, in one sentence, and the article that says so."""

    text: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list of names open to everybody: one kind of Records, as far as they are in force.

    An entry is on it from the day the fact ``published`` names (where its source tells none, at once) until its last
    day, until its source takes it back or sends a full list without it, or until its state is one of ``ended``.
    ``natural`` is the fact and the value that tell that an entry means a natural person, whose name is shown in part.
    ``grouped`` are the facts of the issue and of the place within it, where a list comes out issue by issue.
    """

    code: str
    in_force_from: date
    title: str
    kind: str
    lead: str
    shown: tuple[ListFact, ...]
    basis: tuple[Basis, ...]
    ended: tuple[str, ...] = ()
    published: str = ""
    natural: tuple[str, str] = ("", "")
    grouped: tuple[str, str] = ("", "")
    consequences: tuple[Consequence, ...] = ()

    def is_natural(self, facts: Mapping[str, object]) -> bool:
        """Whether an entry with these facts means a natural person."""
        fact, value = self.natural
        return bool(fact) and facts.get(fact) == value


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One column of a prescribed file: its name there, its Chinese title, and where its value comes from.

    ``value`` is ``subject.<field>``, ``record.<day|state|key|title>``, ``fact.<name>`` or ``=<constant>``; the first of
    several that has one counts. ``codes`` puts our words into theirs; what they have no code for is told, not guessed.
    """

    name: str
    title: str
    values: tuple[str, ...]
    required: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """One table of a prescribed file, filled by one kind of Records; ``verified``: the standard was read for it."""

    code: str
    in_force_from: date
    title: str
    system: str
    kind: str
    columns: tuple[LayoutColumn, ...]
    basis: tuple[Basis, ...]
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our register against another department's: its Records of one kind, and which of our states agree with its.

    ``agrees`` maps a state of theirs to our states that fit it; ``registered`` are our states of whom they should know;
    ``name_fact`` is the fact of theirs that is the name.
    """

    code: str
    in_force_from: date
    title: str
    department: str
    kind: str
    source: str
    agrees: Mapping[str, tuple[str, ...]]
    registered: tuple[str, ...]
    name_fact: str
    purpose: str
