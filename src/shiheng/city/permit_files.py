"""The permit files departments send by the quarter: food permits, and the list of published permits with the rest.

The first file of each holds every permit granted by then; later ones hold what was granted, renewed or closed since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from shiheng.city import addresses
from shiheng.city import definition as d
from shiheng.city.deliveries import Delivery
from shiheng.city.dirt import Row, another_check
from shiheng.city.draw import pick
from shiheng.city.model import Subject
from shiheng.city.permits import FOOD, NOTICE, OTHERS, Event, Permit, issuer
from shiheng.city.writers import Writer, writer

FOLDER = "permits"
FOOD_COLUMNS = {
    "pripid": "主体身份代码",
    "comp_nm": "经营者名称",
    "uni_social_crd_cd": "社会信用代码（身份证号码）",
    "permit_title": "许可证名称",
    "permit_no": "许可证编号",
    "subject_stat": "主体业态",
    "items": "经营项目",
    "address": "经营场所",
    "issued_on": "发证日期",
    "valid_until": "有效期至",
    "issuer": "发证机关",
    "watched_by": "日常监督管理机构",
    "state": "许可状态",
}
OTHER_COLUMNS = {
    "pripid": "主体身份代码",
    "uni_social_crd_cd": "统一社会信用代码",
    "comp_nm": "行政相对人名称",
    "document_no": "行政许可决定文书号",
    "permit_no": "许可文件编号",
    "permit_title": "许可文件名称",
    "class": "许可类别",
    "content": "许可内容",
    "decided_on": "许可决定日期",
    "valid_from": "有效期自",
    "valid_until": "有效期至",
    "issuer": "许可机关",
    "state": "状态",
}
COLUMNS = {FOOD: FOOD_COLUMNS, OTHERS: OTHER_COLUMNS}
STATE_WORDS = {FOOD: {"valid": "有效", "closed": "注销"}, OTHERS: {"valid": "1", "closed": "注销"}}
DAYS = ("issued_on", "decided_on", "valid_from", "valid_until")
EVERY = 3  # months between two files of one source
# The register's restatement comes second: by then each code of a subject is known to name one subject.
FIRST = {FOOD: 1, OTHERS: 2}
LATER = {FOOD: 3, OTHERS: 5}
_FORMS = {FOOD: ("xlsx", ""), OTHERS: ("csv", "gb18030")}


@dataclass(frozen=True, slots=True)
class PermitDelivery:
    """One permit file: what was decided after ``since`` up to ``as_of``, known from ``known_on``."""

    source: str
    filename: str
    kind: str  # full, increment
    form: str
    charset: str
    since: date
    as_of: date
    known_on: date


def schedule(register: tuple[Delivery, ...], until: date) -> tuple[PermitDelivery, ...]:
    """The permit files that have arrived by ``until``, of both sources in order of arrival."""
    made: list[PermitDelivery] = []
    for source, first in FIRST.items():
        since = date(1900, 1, 1)
        form, charset = _FORMS[source]
        for item in register[first::EVERY]:
            known_on = item.known_on + timedelta(days=LATER[source])
            if known_on > until:
                break
            kind = "increment" if since.year > 1900 else "full"
            name = f"{source.replace('_', '-')}-{item.as_of:%Y-%m}.{form}"
            made.append(PermitDelivery(source, name, kind, form, charset, since, item.as_of, known_on))
            since = item.as_of
    return tuple(sorted(made, key=lambda item: (item.known_on, item.source)))


def open_all(folder: Path, plan: tuple[PermitDelivery, ...]) -> list[Writer]:
    """The files of a plan, ready to be written."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_open(folder, item) for item in plan]


def _open(folder: Path, item: PermitDelivery) -> Writer:
    columns = COLUMNS[item.source]
    days = [place for place, column in enumerate(columns) if column in DAYS]
    return writer(folder / item.filename, item.form, item.charset, tuple(columns.values()), days)


def rows_of(
    rng: Random, subject: Subject, permit: Permit, plan: tuple[PermitDelivery, ...]
) -> Iterator[tuple[int, Row, str]]:
    """Which files speak of a permit, in order: (number in the plan, row, fault or nothing)."""
    twice = permit.kind.source == FOOD and permit.title != NOTICE and rng.random() < d.PERMIT_TWICE
    for number, item in enumerate(plan):
        if item.source != permit.kind.source and not (twice and item.source == OTHERS):
            continue
        event = permit.on(item.as_of)
        if event is None or event.day <= item.since:
            continue
        row = _row(rng, subject, permit, event, item)
        fault = ""
        if not subject.shown and rng.random() < d.FAULTY:
            fault = pick(rng, tuple(d.PERMIT_FAULT_CODES))
            _spoil(rng, row, fault)
        yield number, row, fault


def _row(rng: Random, subject: Subject, permit: Permit, event: Event, item: PermitDelivery) -> Row:
    said = subject.on(event.since)  # a permit names its holder as of the day it was given
    said = said or subject.history[0].values
    known = {
        "pripid": subject.inner,
        "comp_nm": said["name"],
        "uni_social_crd_cd": subject.uscc,
        "permit_title": permit.title,
        "permit_no": permit.number,
        "subject_stat": permit.kind.form,
        "items": permit.kind.content,
        "content": permit.kind.content,
        "address": addresses.spelt(rng, said["address"]),
        "issued_on": event.day.isoformat(),
        "decided_on": event.day.isoformat(),
        "valid_from": event.since.isoformat(),
        "valid_until": event.until.isoformat() if event.until else "",
        "issuer": issuer(subject, permit.kind),
        "watched_by": issuer(subject, permit.kind),
        "document_no": f"云许〔{event.day.year}〕{subject.k % 100_000:05d}号",
        "class": "普通",
        "state": STATE_WORDS[item.source][event.state],
    }
    return {column: known[column] for column in COLUMNS[item.source]}


def _spoil(rng: Random, row: Row, fault: str) -> None:
    if fault == "permit.code":
        row["uni_social_crd_cd"] = another_check(rng, row["uni_social_crd_cd"])
    elif fault == "permit.number":
        row["permit_no"] = pick(rng, ("", " ", "N/A"))
    elif fault == "permit.day":
        row["valid_until"] = pick(rng, ("2027-02-30", "2026-13-05", "0000-00-00", "五年"))
    else:
        row["state"] = pick(rng, ("办理中?", "9", "待定"))


def truth_of(permit: Permit, rows: list[tuple[str, int]]) -> dict[str, object]:
    """What is true of one permit, for the truth beside the files."""
    return {
        "title": permit.title,
        "number": permit.number,
        "fate": permit.fate,
        "events": [[e.day, e.since, e.until, e.state] for e in permit.events],
        "rows": rows,
    }


__all__ = ["FOLDER", "PermitDelivery", "open_all", "rows_of", "schedule", "truth_of"]
