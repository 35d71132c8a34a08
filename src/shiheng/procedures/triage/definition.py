"""Words by which letters are read, as a line declares them, and what they say of a text. Pure.

A *letter* (来信) is a file somebody wrote in for. A *rule* is a list of words that speak for one thing: a class, a
reason to hurry, an issue, online, or whether a complaint or a report is meant. What they say is a suggestion with the
words that led to it; a person decides.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date

from shiheng.kernel.citation import Citation

ENGINE = "triage"
KINDS = ("class", "wants", "urgent", "online", "tag")
COMPLAINT, REPORT, BOTH = "complaint", "report", "both"
WANTS = {COMPLAINT: "投诉", REPORT: "举报", BOTH: "投诉和举报都有"}
SHOWN_AROUND = 400


@dataclass(frozen=True, slots=True)
class Letter:
    """Files of one procedure as letters: which facts are its words, who sent it, against whom it is.

    ``other`` is the procedure of the second file where a letter is both. ``repeat_step`` with ``repeat_facts`` is what
    the law has for one already handled (``{number}`` stands for the earlier file), ``repeat_says`` tells it.
    ``together`` are the steps taken for a whole group in one act. ``withdrawn``: after which steps a letter was taken
    back, each with the value its fact ``withdrawn_by`` then has; ``withdrawn_words`` tell that money was paid.
    """

    procedure: str
    says: str
    text: tuple[str, ...]
    kind: str
    sender: str
    against: str
    _: KW_ONLY
    other: str = ""
    repeat_step: str = ""
    repeat_facts: Mapping[str, str] = field(default_factory=dict)
    repeat_says: str = ""
    together: tuple[str, ...] = ()
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    withdrawn_by: str = ""
    withdrawn_words: tuple[str, ...] = ()

    def words_of(self, facts: Mapping[str, object]) -> str:
        """The text of a letter from what it was opened with."""
        return "\n".join(str(facts.get(name) or "") for name in self.text).strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that speak for one thing. ``limit`` letters within ``days`` lay a proposal before a chief."""

    kind: str
    code: str
    title: str
    words: tuple[str, ...]
    about: str = ""
    limit: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything a line declares about reading letters, in force from a day.

    ``laws`` is what the law says of serial and malicious letters, each article in short; ``lead`` is
    the procedure of a proposal for a campaign, laid where an issue comes to its limit.
    """

    code: str
    in_force_from: date
    letters: tuple[Letter, ...]
    rules: tuple[Rule, ...]
    laws: tuple[tuple[Citation, str], ...] = ()
    lead: str = ""

    def of(self, kind: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.kind == kind)

    def rule(self, kind: str, code: str) -> Rule | None:
        return next((rule for rule in self.rules if (rule.kind, rule.code) == (kind, code)), None)


@dataclass(frozen=True, slots=True)
class Found:
    """One rule that speaks, with the words of the text that made it speak, in the order they stand."""

    rule: Rule
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the declared words say of a text: by kind of rule, what speaks most first."""

    text: str
    found: Mapping[str, tuple[Found, ...]]

    def of(self, kind: str) -> tuple[Found, ...]:
        return self.found.get(kind, ())

    @property
    def kind(self) -> Found | None:
        """The class most words speak for; none where two have as many."""
        held = self.of("class")
        if not held or (len(held) > 1 and len(held[0].words) == len(held[1].words)):
            return None
        return held[0]

    @property
    def wants(self) -> str:
        """Whether a complaint, a report or both are meant; empty where nothing tells."""
        said = {found.rule.code for found in self.of("wants")}
        if {COMPLAINT, REPORT} <= said:
            return BOTH
        return next(iter(said), "")

    @property
    def online(self) -> bool:
        return bool(self.of("online"))

    @property
    def codes(self) -> dict[str, list[str]]:
        """By kind of rule the codes that speak, to be kept."""
        return {kind: [found.rule.code for found in held] for kind, held in self.found.items()}

    def words(self, *kinds: str) -> list[str]:
        """Every word that was found, the longest first."""
        said = {word for kind in kinds or KINDS for found in self.of(kind) for word in found.words}
        return sorted(said, key=lambda word: (-len(word), word))


def read(text: str, lexicon: Lexicon) -> Reading:
    """Read a text: each rule whose words stand in it."""
    by_kind: dict[str, list[Found]] = {}
    for rule in lexicon.rules:
        held = sorted((text.find(word), word) for word in rule.words if word in text)
        if held:
            by_kind.setdefault(rule.kind, []).append(Found(rule, tuple(word for _at, word in held)))
    for found in by_kind.values():
        found.sort(key=lambda one: -len(one.words))  # stable: as declared where as many speak
    return Reading(text, {kind: tuple(found) for kind, found in by_kind.items()})


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the words; a longer word is taken before a shorter one."""
    held = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    pieces: list[tuple[str, bool]] = []
    at, plain = 0, 0
    while at < len(text):
        word = next((one for one in held if text.startswith(one, at)), "")
        if not word:
            at += 1
            continue
        if plain < at:
            pieces.append((text[plain:at], False))
        pieces.append((word, True))
        at += len(word)
        plain = at
    if plain < len(text):
        pieces.append((text[plain:], False))
    return pieces


def lexicon_of(text: str, code: str) -> Lexicon:
    """A lexicon from its declaration. Raises ``ValueError`` or ``KeyError`` in words for whoever wrote it."""
    raw = tomllib.loads(text)
    letters = tuple(map(_letter, raw.get("letter", ())))
    rules = tuple(_rule(kind, one) for kind in KINDS for one in raw.get(kind, ()))
    named = [(rule.kind, rule.code) for rule in rules]
    if len(set(named)) != len(named):
        raise ValueError(f"triage of {code}: rules repeat")
    if unknown := {rule.code for rule in rules if rule.kind == "wants"} - {COMPLAINT, REPORT}:
        raise ValueError(f"triage of {code}: wants {sorted(unknown)}")
    return Lexicon(
        code, raw["in_force_from"], letters, rules, tuple(map(_law, raw.get("law", ()))), raw.get("lead", "")
    )


def _law(raw: Mapping[str, object]) -> tuple[Citation, str]:
    given = dict(raw)
    text = str(given.pop("says"))
    return Citation(**given), text  # type: ignore[arg-type]


def _letter(raw: Mapping[str, object]) -> Letter:
    given = dict(raw)
    lists = {name: tuple(_texts(given.pop(name, ()))) for name in ("text", "together", "withdrawn_words")}
    return Letter(says=str(given.pop("as")), kind=str(given.pop("class")), **lists, **given)  # type: ignore[arg-type]


def _rule(kind: str, raw: Mapping[str, object]) -> Rule:
    given = dict(raw)
    words = tuple(dict.fromkeys(_texts(given.pop("words"))))
    if not words or not all(words):
        raise ValueError(f"triage: {kind} {given.get('code')} has no words")
    given.setdefault("title", given["code"])
    return Rule(kind=kind, words=words, **given)  # type: ignore[arg-type]


def _texts(given: object) -> Sequence[str]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise ValueError(f"not a list of words: {given!r}")
    return given
