"""Making the sketch of a letter: who, against whom, what its words say, where. Made when a file is opened, and anew."""

import re
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from shiheng.accounts.territories import Territories, territories
from shiheng.ledger import keyring
from shiheng.procedures.models import Judged, Party, Proceeding, Sketch
from shiheng.procedures.triage.declared import letter_of, letters
from shiheng.procedures.triage.definition import Letter, Lexicon, read
from shiheng.procedures.triage.likeness import NUMBERED, plain

SLICE = 500
SPOKEN = "reading"
"""What a judgment is called that says how a letter is to be read."""


def person_of(phone: str) -> str:
    """The keyed digest of a telephone number; empty where there is none."""
    digits = re.sub(r"\D", "", phone)
    digits = digits.removeprefix("86") if len(digits) == 13 else digits
    return salted_hmac("shiheng.letter", digits, algorithm="sha256").hexdigest() if len(digits) >= 7 else ""


def text_of(words: str) -> str:
    """The keyed digest of a text as it is without blanks and marks."""
    bare = plain(words)
    return salted_hmac("shiheng.letter.text", bare, algorithm="sha256").hexdigest() if len(bare) >= 8 else ""


def against_of(subject: int | None, name: str) -> str:
    """What names the business a letter is against: its number, or its name as it was written."""
    if subject:
        return f"{NUMBERED}{subject}"
    bare = plain(name)
    return f"n:{bare[:70]}" if bare else ""


def keep(found: Proceeding) -> Sketch | None:
    """Write the sketch of a file that was just opened or judged; none where it is no letter."""
    held = letter_of(found.procedure)
    if held is None:
        return None
    return _keep(found, *held, list(found.parties.order_by("number")), _judged([found.pk]).get(found.pk, {}),
                 territories())  # fmt: skip


def refresh() -> int:
    """Sketch the letters that have none, or were read by other words; how many it were. Safe to run again."""
    done, held = 0, letters()
    for code, (lexicon, _letter) in held.items():
        rows = Proceeding.objects.filter(procedure=code).exclude(sketch__lexicon=lexicon.in_force_from).order_by("pk")
        offices, at = territories(), -1
        while found := list(rows.filter(pk__gt=at).select_related("subject")[:SLICE]):
            _keep_many(found, held, offices)
            done, at = done + len(found), found[-1].pk
    return done


def _keep_many(rows: list[Proceeding], held: dict[str, tuple[Lexicon, Letter]], offices: Territories) -> None:
    judged = _judged([row.pk for row in rows])
    parties: dict[int, list[Party]] = {}
    for party in Party.objects.filter(proceeding__in=rows).order_by("proceeding", "number"):
        parties.setdefault(party.proceeding_id, []).append(party)
    for row in rows:
        _keep(row, *held[row.procedure], parties.get(row.pk, []), judged.get(row.pk, {}), offices)


def _judged(numbers: Iterable[int]) -> dict[int, dict[str, object]]:
    """What was judged last of how each letter is to be read."""
    rows = Judged.objects.filter(proceeding__in=list(numbers), what=SPOKEN).order_by("proceeding", "number")
    return {pk: dict(chosen) for pk, chosen in rows.values_list("proceeding", "chosen")}


def _keep(
    found: Proceeding, lexicon: Lexicon, letter: Letter, parties: list[Party], judged: dict[str, object],
    offices: Territories,
) -> Sketch:  # fmt: skip
    words = letter.words_of(found.facts)
    reading = read(words, lexicon)
    sender = next((party for party in parties if party.kind == letter.sender), None)
    other = next((party for party in parties if party.kind == letter.against), None)
    subject = found.subject_id or (other.subject_id if other else None)
    codes = reading.codes
    values: dict[str, object] = {
        "kind": str(found.facts.get(letter.kind) or ""),
        "wants": reading.wants,
        "urgent": codes.get("urgent", []),
        "tags": codes.get("tag", []),
        **{name: value for name, value in judged.items() if name in {"kind", "wants", "urgent", "tags"}},
    }
    row, _made = Sketch.objects.update_or_create(
        proceeding=found,
        defaults={
            "day": found.received_on,
            "person": person_of(_contact(sender, "phone")),
            "against": against_of(subject, other.name if other else ""),
            "against_name": (other.name if other else "") or (found.subject.name if found.subject else ""),
            "text": text_of(words),
            "online": reading.online,
            "place": place_of(found, _contact(other, "address"), words, offices),
            "lexicon": lexicon.in_force_from,
            **values,
        },
    )
    return row


def _contact(party: Party | None, fact: str) -> str:
    try:
        return keyring.unsealed(str(party.facts.get(fact) or "")) if party else ""
    except keyring.UnreadableError:
        return ""  # its key is gone: nothing can be compared with it


def place_of(found: Proceeding, address: str, words: str, offices: Territories) -> str:
    """Whose territory a letter is about: that of the business, of its address, of a street the words name."""
    if found.subject and found.subject.scope:
        return str(found.subject.scope)
    return offices.read(address) or named_in(words, offices) or found.scope


def named_in(words: str, offices: Territories) -> str:
    """The territory of the first town or district that words name, wherever in them it stands."""
    names = {name for name, _path in offices.names} | {town for held in offices.towns.values() for town, _path in held}
    places = sorted(at for name in names if (at := words.find(name)) >= 0)
    return next((path for at in places if (path := offices.read(words[at:]))), "")


def keep_place(found: Proceeding) -> str:
    """Whose territory a letter is about, as its sketch says; that of the file where it has none."""
    row = Sketch.objects.filter(proceeding=found).values_list("place", flat=True).first()
    return row or found.scope
