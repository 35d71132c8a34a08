"""Loading texts of law, and keeping the declared instruments in the library.

An edition is never changed in silence: other words for a day that is held already are refused, unless the loader says
that they replace them, and the record keeps both digests.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import SYSTEM, Who
from shiheng.catalogue.law import known
from shiheng.catalogue.law.definition import Dating, KnownEdition, Text, dating, known_edition
from shiheng.catalogue.law.definition import Instrument as Known
from shiheng.catalogue.law.models import Edition, Instrument, Provision
from shiheng.catalogue.law.reading import Found, Unread
from shiheng.kernel import clock
from shiheng.kernel.citation import Number
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import kinds
from shiheng.ledger.actions import record

kinds.declare(law_loaded="载入法规文本", law_replaced="更换法规文本", law_declared="登记法规")

LOADED, UNCHANGED, REFUSED = "loaded", "unchanged", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text: ``state`` is loaded, unchanged or refused; ``why`` says why it was refused."""

    file: str
    title: str
    state: str
    why: str = ""
    in_force_from: date | None = None
    verified: bool = False
    articles: int = 0
    remarks: tuple[str, ...] = ()


def load(found: Iterable[Found], *, who: Who = SYSTEM, replace: bool = False) -> list[Outcome]:
    """Load texts one by one; each is taken whole or refused by name, and one that is refused stops no other."""
    return [_outcome(one, who=who, replace=replace) for one in found]


def _outcome(one: Found, *, who: Who, replace: bool) -> Outcome:
    if isinstance(one, Unread):
        return Outcome(one.file, one.title, REFUSED, one.why)
    try:
        return load_text(one, who=who, replace=replace)
    except (Refused, Conflict) as problem:
        return Outcome(one.file, one.title, REFUSED, problem.message, articles=len(one.articles))


def load_text(text: Text, *, who: Who = SYSTEM, replace: bool = False) -> Outcome:
    """Put one text into the library as the edition it is; the very same text changes nothing."""
    declared = known.of(text.title)
    editions = declared.editions if declared else ()
    dated = dating(text, editions)
    if dated is None:
        raise Refused(
            "law.undated", "文中没有写施行日，文件名里也没有日期。请把文件名写成“名称(公布日期).md”后再载入。"
        )
    with transaction.atomic():
        instrument = _instrument(text, declared)
        edition = _edition(instrument, text, dated, known_edition(text, editions))
        if edition.digest == text.digest:
            return _told(text, edition, UNCHANGED)
        before = edition.digest
        if before and not replace:
            told = _("%(day)s 起施行的文本已经载入，文字与这份不同。如果这份是更正，请加 --replace 再载入。")
            raise Conflict("law.other", told % {"day": edition.in_force_from.isoformat()})
        _write(edition, text, who)
        record(
            "law.replaced" if before else "law.loaded",
            subject=f"law:{instrument.code}",
            who=who,
            facts={
                "title": instrument.title,
                "file": text.file,
                "in_force_from": edition.in_force_from.isoformat(),
                "verified": edition.verified,
                "articles": edition.articles,
                "digest": text.digest,
                **({"replaced": before} if before else {}),
            },
        )
    return _told(text, edition, LOADED)


def _told(text: Text, edition: Edition, state: str) -> Outcome:
    return Outcome(
        text.file,
        text.key,
        state,
        edition.why,
        edition.in_force_from,
        edition.verified,
        len(text.articles),
        text.remarks,
    )


def _instrument(text: Text, declared: Known | None) -> Instrument:
    if declared:
        return _upsert(declared)
    held = Instrument.objects.filter(key=text.key).first()
    return held or Instrument.objects.create(
        code=code_of(text.key), key=text.key, title=text.key, level=_level(text), issuer=""
    )


def code_of(key: str) -> str:
    """The code of an instrument nobody declared: the same wherever and whenever it is loaded."""
    return "x" + hashlib.sha256(key.encode()).hexdigest()[:12]


def _level(text: Text) -> str:
    """What the head says the text is."""
    signs = {
        "人民代表大会": "法律",  # not shown: read only
        "国务院令": "行政法规",  # not shown: read only
        "总局令": "部门规章",  # not shown: read only
        "部令": "部门规章",  # not shown: read only
        "人民法院": "司法解释",  # not shown: read only
    }
    for sign, level in signs.items():
        if sign in text.head.replace("中华人民共和国国务院", "国务院"):  # not shown: read only
            return level
    return "未写明"


def _edition(instrument: Instrument, text: Text, dated: Dating, declared: KnownEdition | None) -> Edition:
    """The row of this edition: the one with these words, else the one of its days, else a new one."""
    held = list(instrument.editions.all())
    days = {dated.in_force_from, declared.in_force_from if declared else None}
    found = next((row for row in held if row.digest == text.digest), None)
    found = found or next((row for row in held if row.in_force_from == dated.in_force_from), None)
    found = found or next((row for row in held if row.in_force_from in days and not row.digest), None)
    row = found or Edition(instrument=instrument)
    if row.digest != text.digest:
        row.in_force_from, row.how = dated.in_force_from, dated.how
        row.verified, row.why = dated.verified, dated.why
        row.adopted = text.day or row.adopted
        row.number = text.number or row.number
        row.ended = text.ended and row.until is None
    return row


def _write(edition: Edition, text: Text, who: Who) -> None:
    edition.digest, edition.file, edition.articles = text.digest, text.file[:200], len(text.articles)
    edition.loaded_at, edition.loaded_by = clock.now(), who.name[:64]
    edition.save()
    summaries = dict(_summaries(edition))
    edition.provisions.all().delete()
    Provision.objects.bulk_create(
        [
            Provision(
                edition=edition,
                article=article.number.article,
                inserted=article.number.inserted,
                chapter=article.chapter[:100],
                text=article.text,
                summary=summaries.get(article.number, ""),
            )
            for article in text.articles
        ],
        batch_size=500,
    )


def _summaries(edition: Edition) -> Iterable[tuple[Number, str]]:
    return ((row.number, row.summary) for row in edition.provisions.exclude(summary=""))


def install(*, who: Who = SYSTEM) -> int:
    """Bring the declared instruments into the library; one whose declaration is unchanged is left alone."""
    held = dict(Instrument.objects.values_list("key", "digest"))
    changed = [one for one in known.declared().values() if held.get(one.key) != _digest(one)]
    for one in changed:
        with transaction.atomic():
            _upsert(one)
            record(
                "law.declared",
                subject=f"law:{one.code}",
                who=who,
                facts={"title": one.title, "editions": len(one.editions), "digest": _digest(one)},
            )
    return len(changed)


def _digest(declared: Known) -> str:
    editions = [
        (*map(str, (e.in_force_from, e.adopted, e.number, e.verified, e.read, e.until, e.note)), sorted(_tokens(e)))
        for e in declared.editions
    ]
    plain = (declared.code, declared.title, declared.level, declared.issuer, editions)
    return hashlib.sha256(repr(plain).encode()).hexdigest()


def _tokens(edition: KnownEdition) -> list[tuple[str, str]]:
    return [(number.token, words) for number, words in edition.summaries.items()]


def _upsert(declared: Known) -> Instrument:
    """The row of a declared instrument with its editions; what a loaded text says of itself is left as it is."""
    digest = _digest(declared)
    about = {"code": declared.code, "title": declared.title, "level": declared.level, "issuer": declared.issuer}
    row, made = Instrument.objects.get_or_create(key=declared.key, defaults={**about, "digest": digest})
    if not made and row.digest == digest:
        return row
    Instrument.objects.filter(pk=row.pk).update(**about, digest=digest)
    editions = list(row.editions.all())
    for one in declared.editions:
        edition = next((e for e in editions if e.in_force_from == one.in_force_from), None)
        edition = edition or next((e for e in editions if one.adopted and e.adopted == one.adopted), None)
        edition = edition or Edition(instrument=row, in_force_from=one.in_force_from)
        edition.until, edition.note, edition.read = one.until, one.note, one.read
        edition.number = edition.number or one.number
        edition.adopted = edition.adopted or one.adopted
        if edition.how in {"", "declared"}:
            edition.verified, edition.in_force_from = one.verified, one.in_force_from
        edition.save()
        _write_summaries(edition, one)
    row.refresh_from_db()
    return row


def _write_summaries(edition: Edition, declared: KnownEdition) -> None:
    held: Sequence[Provision] = list(edition.provisions.all())
    edition.provisions.filter(text="").delete()
    rows = {row.number: row for row in held if row.text}
    for row in rows.values():
        row.summary = declared.summaries.get(row.number, "")
    Provision.objects.bulk_update(rows.values(), ["summary"], batch_size=500)
    if edition.digest:
        return  # the words are there: a summary of an article they do not have says nothing
    Provision.objects.bulk_create(
        Provision(edition=edition, article=number.article, inserted=number.inserted, summary=words)
        for number, words in declared.summaries.items()
    )
