"""The invented city through the platform's own door: each planted fault is caught, the subject file is true."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.city import truth
from shiheng.fusion import actions, queries, standardise
from shiheng.fusion.models import Batch, Link, Quarantined
from shiheng.kernel import clock as house
from shiheng.subjects.models import Name, Record, Subject

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def taken_in(django_db_setup: None, django_db_blocker: Any, small_city: SimpleNamespace) -> Any:
    """All files of the city, each on the day it was known, in one transaction that is given back at the end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        for landed in sorted(small_city.manifest.files, key=lambda f: f.known_on):
            path = small_city.path / landed.path
            with house.standing_at(landed.known_on):
                batch = actions.land(landed.source, path, filename=path.name, who=SYSTEM, scope="4499.")
                actions.advance(batch.pk)
        yield small_city
        transaction.set_rollback(True)


def test_the_city_is_known_as_it_is(taken_in: SimpleNamespace) -> None:
    every_row_is_accepted_or_refused_for_the_planted_reason(taken_in)
    the_subject_file_is_the_truth(taken_in)
    every_permit_is_in_its_holders_file(taken_in)
    what_was_known_on_a_day_is_what_the_files_until_then_said(taken_in)


def every_row_is_accepted_or_refused_for_the_planted_reason(city: SimpleNamespace) -> None:
    for landed in city.manifest.files:
        name = landed.path.rsplit("/", 1)[-1]
        batch = Batch.objects.get(filename=name)
        assert (batch.state, batch.rows_in, batch.quarantined) == ("published", landed.rows, landed.faulty), name
        assert batch.accepted == landed.rows - landed.faulty == Link.objects.filter(batch=batch).count()
    refused = {
        (batch, row): [reason["code"] for reason in reasons]
        for batch, row, reasons in Quarantined.objects.values_list("batch__filename", "row", "reasons")
    }
    planted = {place: [line["reason"]] for place, line in city.rows.items() if line["fault"]}
    assert refused == planted, "every planted fault for its own reason and for no other; nothing else"
    assert sum(1 for line in city.rows.values() if line["untidy"]) > 30, "untidy rows are there, and accepted"


def the_subject_file_is_the_truth(city: SimpleNamespace) -> None:
    known = {f.path.rsplit("/", 1)[-1]: f.as_of for f in city.manifest.files}
    expected = {e["uscc"]: e for e in truth.expected(city.path / "truth", as_of=known)}
    # A business that is divided stands twice; the one with its code is the later.
    subjects = {codes_of(s): s for s in sorted(Subject.objects.all(), key=lambda s: bool(s.uscc))}
    regnos = {s["regno"]: s["uscc"] for s in truth.read(city.path / "truth", truth.SUBJECTS) if s["regno"]}
    held = {regnos.get(code, code): subject for code, subject in subjects.items()}
    registered = set(Link.objects.filter(batch__source="register").values_list("subject_id", flat=True))
    assert {code for code, subject in held.items() if subject.pk in registered} == set(expected)
    first = min(known, key=lambda name: known[name])
    wrong: Counter[str] = Counter()
    for code, said in expected.items():
        subject = held[code]
        fields = {
            "name": subject.name,
            "status": subject.status,
            "address": subject.address,
            "rep": subject.representative,
        }
        for field, value in fields.items():
            if not (same(field, value, said[field]) or (said["files"] == [first] and as_sent(subject, field, value))):
                wrong[f"{field}: {value!r} for {said[field]!r} in {said['files']}"] += 1
    assert not wrong, wrong
    histories = {s["uscc"]: s["name"] for s in truth.read(city.path / "truth", truth.SUBJECTS)}
    names: dict[int, set[str]] = {}
    for subject_id, text in Name.objects.values_list("subject_id", "text"):
        names.setdefault(subject_id, set()).add(text)
    for code, said in expected.items():
        spoken = {
            [name for day, name in histories[code] if day <= known[file].isoformat()][-1] for file in said["files"]
        }
        assert spoken <= names[held[code].pk] <= {name for _, name in histories[code]}, "names now and formerly"


def codes_of(subject: Subject) -> str:
    return subject.uscc or subject.fields["regno"]["value"]


def same(field: str, value: str, truly: Any) -> bool:
    if field == "status":
        return value == (truly or "unknown")
    return value == truly


def as_sent(subject: Subject, field: str, value: str) -> bool:
    """Whom only the first full file knows is known as that file spelt it: some without a representative, some addresses
    another way. That is what the platform was told, so it is what it must hold."""
    link = Link.objects.select_related("batch").get(subject=subject, batch__source="register")
    column, read = {"rep": ("法人代表", standardise.person), "address": ("注册地址", standardise.address)}[field]
    cell = queries.original_row(link.batch, link.row)[column]
    return value == ("" if cell in {"", "N/A"} else read(cell)[0])


def every_permit_is_in_its_holders_file(city: SimpleNamespace) -> None:
    sources = {f.path.rsplit("/", 1)[-1]: f.source for f in city.manifest.files}
    true = {
        (subject["uscc"], sources[file], permit["number"])
        for subject in truth.read(city.path / "truth", truth.SUBJECTS)
        for permit in subject["permits"]
        for file, row in permit["rows"]
        if not city.rows.get((file, row), {}).get("fault")
    }
    assert len(true) > 50
    held = Record.objects.filter(kind="permit").values_list("subject__uscc", "source", "key")
    assert sorted(held) == sorted(true), "each once, in the right file"


def what_was_known_on_a_day_is_what_the_files_until_then_said(city: SimpleNamespace) -> None:
    """Subjects that took a new name between two files: the old one before, the new one after, both kept."""
    renamed = list(Name.objects.filter(current=False).select_related("subject")[:10])
    assert renamed
    for old in renamed:
        first = min(Batch.objects.filter(links__subject=old.subject).values_list("known_on", flat=True))
        assert queries.as_of(old.subject_id, first)["name"]["value"] != old.subject.name
        assert Name.objects.get(subject=old.subject, current=True).text == old.subject.name
