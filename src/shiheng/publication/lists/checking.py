"""任职资格核查: whether a person or a business stands on a list now, with the row that says so; all on record.

A name never tells a person: an entry of the same name is one to look into, with its second signs; only a document
number tells that it is the same person, or that it is not. Numbers are compared sealed and go on no record.
"""

import re
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.columnar import lake
from shiheng.fusion import sources
from shiheng.fusion.models import Batch
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Missing, Refused
from shiheng.kernel.identifiers import normalise, resident_id_fault
from shiheng.kernel.masking import mask_id, mask_name
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring
from shiheng.publication.definition import PublicList
from shiheng.publication.lists import entries
from shiheng.publication.lists.entries import Entry
from shiheng.subjects import queries as subjects

CHECKED = "person.checked"
PURPOSES = {
    "establish": "设立登记",
    "change": "变更登记（法定代表人、董事、监事、高级管理人员）",
    "filing": "董事、监事、高级管理人员备案",
    "permit": "行政许可审查",
    "other": "其他登记事项",
}
#: How sure it is that an entry means who is asked about, the surest first.
SELF, SAME_NAME, REPRESENTED, OTHER_PERSON = "self", "same_name", "represented", "other_person"
SURETY = {
    SELF: ("本人", "late"),
    SAME_NAME: ("同名待核", "warn"),
    REPRESENTED: ("任法定代表人的单位在名单上", "warn"),
    OTHER_PERSON: ("同名，证件号码不同", "done"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that may mean who was asked about, and how sure that is."""

    entry: Entry
    surety: str

    @property
    def words(self) -> tuple[str, str]:
        return SURETY[self.surety]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one list says; ``last`` is None where its source never delivered, and the answer is 未取得."""

    plan: PublicList
    last: date | None
    hits: tuple[Hit, ...]

    @property
    def certain(self) -> bool:
        """Whether who was asked about stands on the list beyond doubt."""
        return any(hit.surety == SELF for hit in self.hits)

    @property
    def open(self) -> bool:
        """Whether something has to be looked into."""
        return any(hit.surety in {SAME_NAME, REPRESENTED} for hit in self.hits)


def check(who: Who, *, name: str, number: str, code: str, purpose: str, reason: str, key: str) -> list[Answer]:
    """What each list says of a person or a business today, after who asked and why has gone on record."""
    name, number, code = " ".join(name.split()), normalise(number), normalise(code)
    if not (name or number or code):
        raise Refused("check.empty", "请填写姓名或名称、证件号码、统一社会信用代码中的至少一项。", field="name")
    if purpose not in PURPOSES:
        raise Refused("check.purpose", "请选择核查用途。", field="purpose")
    if number and (fault := resident_id_fault(number)):
        raise Refused("check.number", _("证件号码有误：%(fault)s") % {"fault": fault}, field="number")
    subject = None
    if code:
        try:
            subject = subjects.by_key(code)
        except Missing:
            told = _("没有代码为 %(code)s 的主体，请核对代码；只按名称核查的，请把这一项留空。")
            raise Refused("check.code", told % {"code": code}, field="code") from None
    today = clock.today()
    answers = [_answer(plan, name, number, subject, today) for plan in entries.plans(today)]
    with transaction.atomic():
        ledger.record(
            CHECKED,
            subject=f"subject:{subject}" if subject is not None else "check",
            who=who,
            facts={
                "purpose": PURPOSES[purpose],
                "reason": reason,
                "name": mask_name(name),
                "number": mask_id(number),
                "code": code,
                "lists": {answer.plan.title: _told(answer) for answer in answers},
            },
            key=f"{CHECKED}:{key}",
        )
    return answers


def _told(answer: Answer) -> str:
    if answer.last is None:
        return "未取得"  # not shown: kept in the ledger
    counts = {words: sum(hit.surety == surety for hit in answer.hits) for surety, (words, _tone) in SURETY.items()}
    return "，".join(f"{words} {count} 条" for words, count in counts.items() if count) or "未见"  # not shown: kept


def _answer(plan: PublicList, name: str, number: str, subject: int | None, today: date) -> Answer:
    last = entries.delivered(plan).last
    if last is None:
        return Answer(plan, None, ())
    on_list = entries.standing(plan, today)
    owned = _owned(plan, number) if number else set()
    wanted = name.casefold()
    hits = []
    for entry in on_list:
        surety = _surety(entry, wanted, number, subject, owned)
        if surety:
            hits.append(Hit(entry, surety))
    order = list(SURETY)
    return Answer(plan, last, tuple(sorted(hits, key=lambda hit: order.index(hit.surety))))


def _surety(entry: Entry, name: str, number: str, subject: int | None, owned: set[tuple[str, str]]) -> str:
    if subject is not None and entry.subject == subject:
        return SELF
    mine = (entry.source, entry.key) in owned
    if mine:
        return SELF if entry.natural else REPRESENTED
    if name and entry.name.casefold() == name and (subject is None or entry.subject is None):
        return OTHER_PERSON if number and not _may_be(number, entry.sealed_id) else SAME_NAME
    if name and not entry.natural and entry.signs.get("representative", "").casefold() == name:
        return REPRESENTED
    return ""


def _may_be(number: str, sealed_id: str) -> bool:
    """Whether a number may be the one an entry holds: courts often send it with its middle starred out."""
    try:
        held = normalise(keyring.unsealed(sealed_id))
    except keyring.UnreadableError:
        return True
    if not held:
        return True
    if "*" not in held:
        return held == number
    ends = re.fullmatch(r"([^*]*)[*]+([^*]*)", held)
    return ends is None or (number.startswith(ends[1]) and number.endswith(ends[2]))


def _owned(plan: PublicList, number: str) -> set[tuple[str, str]]:
    """(source, key) of the records whose rows bear a document number: sealed alike, equal numbers are equal."""
    keys = [keyring.key(n) for n in keyring.numbers()]
    found: set[tuple[str, str]] = set()
    for source in sources.every().values():
        record = source.record
        if record is None or record.kind != plan.kind or not record.person_id:
            continue
        kind = source.sensitive().get(record.person_id, "")
        words = [sealing.seal(text, key, kind) for text in {number, number.lower()} for key in keys]
        found |= {(source.code, key) for key in _keys_of(source.code, plan.kind, words)}
    return found


def _keys_of(source: str, kind: str, words: list[str]) -> set[str]:
    """The keys of records of rows that say one of these words as the person's number."""
    live = set(Batch.objects.filter(source=source, state__in=Batch.LIVE).values_list("pk", flat=True))
    root = settings.HOME / "lake"
    held_parts = [(batch, part) for code, batch, part in lake.parts(root) if code == source and batch in live]
    keys: set[str] = set()
    for batch, part in held_parts:
        said = pl.scan_parquet(lake.part_path(root, source, batch, part))
        rows = said.filter((pl.col("field") == f"{kind}.person_id") & pl.col("value").is_in(words)).select("row")
        held = said.filter(pl.col("field") == f"{kind}.key").join(rows, on="row", how="semi").select("value").collect()
        keys |= set(held["value"].to_list())
    return keys
