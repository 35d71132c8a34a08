"""What is suggested of a letter, and why: the declared words first, then what the bureau's closed files taught."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.models import Office
from shiheng.accounts.territories import territories
from shiheng.procedures.models import Judged, Proceeding
from shiheng.procedures.triage import kept, sketches
from shiheng.procedures.triage.declared import letter_of
from shiheng.procedures.triage.definition import BOTH, WANTS, Found, Letter, Lexicon, Reading, Rule, marked, read
from shiheng.procedures.triage.learned import Guess
from shiheng.ui.wording import say


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a letter may be; nothing of it is decided. ``kind`` is empty where neither words nor learning tell."""

    lexicon: Lexicon
    letter: Letter
    reading: Reading
    guess: Guess | None
    kept: kept.Kept | None
    kind: str
    why: str
    place: str
    office: str

    @property
    def wants(self) -> str:
        return self.reading.wants

    @property
    def wants_title(self) -> str:
        return str(say(WANTS[self.wants])) if self.wants else ""

    @property
    def otherwise(self) -> str:
        """What the letter is also or rather, where that is not what it was opened as."""
        if self.wants == BOTH:
            return "both"
        return "other" if self.wants and self.wants != self.letter.says else ""

    @property
    def kinds(self) -> tuple[Found, ...]:
        return self.reading.of("class")

    @property
    def urgent(self) -> tuple[Found, ...]:
        return self.reading.of("urgent")

    @property
    def tags(self) -> tuple[Found, ...]:
        return self.reading.of("tag")

    @property
    def online(self) -> tuple[Found, ...]:
        return self.reading.of("online")

    @property
    def meant(self) -> tuple[Found, ...]:
        return self.reading.of("wants")

    @property
    def marked(self) -> list[tuple[str, bool]]:
        return marked(self.reading.text, self.reading.words())

    def as_data(self) -> dict[str, Any]:
        """What was suggested, to be kept beside what a person judged."""
        return {
            "kind": self.kind, "wants": self.wants, "urgent": [one.rule.code for one in self.urgent],
            "tags": [one.rule.code for one in self.tags], "place": self.place,
            "by": {"lexicon": self.lexicon.in_force_from.isoformat(),
                   "model": self.kept.number if self.kept else None,
                   "guess": self.guess.kind if self.guess else "",
                   "share": round(self.guess.share, 3) if self.guess else None},
        }  # fmt: skip


def of_text(
    procedure: str, facts: Mapping[str, Any], *, scope: str, address: str = "", place: str = ""
) -> Suggestion | None:
    """Read what is told of a letter; none where files of the procedure are no letters or nothing was told."""
    held = letter_of(procedure)
    if held is None or not (words := held[1].words_of(facts)):
        return None
    lexicon, letter = held
    reading = read(words, lexicon)
    bureau = kept.bureau_of(scope)
    learned = kept.kept(bureau.path) if bureau else None
    guess = learned.model.guess(words) if learned else None
    kind, why = _kind(reading, guess)
    offices = territories()
    place = place or offices.read(address) or sketches.named_in(words, offices)
    office = Office.objects.filter(path=place).values_list("title", flat=True).first() if place else ""
    return Suggestion(lexicon, letter, reading, guess, learned, kind, why, place, office or "")


def of_file(found: Proceeding) -> Suggestion | None:
    """The suggestion for a file as it stands."""
    held = letter_of(found.procedure)
    if held is None:
        return None
    return of_text(found.procedure, found.facts, scope=found.scope, place=sketches.keep_place(found))


def _kind(reading: Reading, guess: Guess | None) -> tuple[str, str]:
    """The class and where it comes from: what most words say, else a sure guess among what words say, else none."""
    clear = reading.kind
    if clear is not None:
        words = _("、").join(clear.words)
        if guess and guess.sure and guess.kind != clear.rule.code:
            told = {"words": words, "kind": say(guess.kind), "share": f"{100 * guess.share:.0f}%"}
            return clear.rule.code, str(
                _("按词表：%(words)s。学得的分类另有看法：“%(kind)s”（把握 %(share)s），请留意。") % told
            )
        return clear.rule.code, str(_("按词表：%(words)s。") % {"words": words})
    tied = {found.rule.code for found in reading.of("class")}
    if guess and guess.sure and (not tied or guess.kind in tied):
        told = {"share": f"{100 * guess.share:.0f}%", "pieces": _("、").join(guess.reasons)}
        return guess.kind, str(_("按本局办结的来信学得，把握 %(share)s；分量最重的字词：%(pieces)s。") % told)
    if tied:
        return "", str(_("词表里有几类同样多，请看原文决定。"))
    return "", str(_("没有找到可以依据的字词，请看原文决定。"))


def rules_of(suggestion: Suggestion, kind: str) -> list[Rule]:
    return list(suggestion.lexicon.of(kind))


def last_judged(found: Proceeding) -> Judged | None:
    """What was judged last of how the letter is to be read."""
    return Judged.objects.filter(proceeding=found, what=sketches.SPOKEN).order_by("-number").first()
