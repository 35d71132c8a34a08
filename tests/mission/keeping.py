"""A register kept through its pages, as its keeper does: entering, stepping, noting, listing, counting, exporting."""

import csv
import io
import re
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shiheng.kernel import clock
from shiheng.registers.contents import register_of
from shiheng.registers.definition import SUBJECT
from shiheng.registers.models import Act, Entry

DISTRICT = "4499.01."


def send(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"_key": str(uuid4()), **values})


def enter(client: Client, code: str, subject: str = "", **facts: Any) -> Entry:
    """One entry through the form; a refusal fails with the page."""
    given = {"subject_": subject, **facts} if subject else facts
    if register_of(code, on=clock.today()).bound != SUBJECT:
        given = {"scope_": DISTRICT, **given}
    answer = send(client, f"/registers/{code}/new/", **given)
    assert answer.status_code == 302, words(answer)
    return Entry.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def step(client: Client, entry: Entry, move: str, reason: str, **around: Any) -> Entry:
    answer = send(client, f"/registers/{entry.register}/{entry.pk}/move/{move}/", reason_=reason, **around)
    assert answer.status_code == 302, words(answer)
    entry.refresh_from_db()
    return entry


def note(client: Client, entry: Entry, kind: str, text: str, day: str = "2026-11-20") -> str:
    """A dated line under an entry; gives the page it then stands on."""
    answer = send(client, f"/registers/{entry.register}/{entry.pk}/", kind=kind, text=text, day=day)
    assert answer.status_code == 302, words(answer)
    return page(client, f"/registers/{entry.register}/{entry.pk}/")


def change(client: Client, entry: Entry, reason: str, **facts: Any) -> Entry:
    answer = send(client, f"/registers/{entry.register}/{entry.pk}/change/", reason_=reason, **facts)
    assert answer.status_code == 302, words(answer)
    entry.refresh_from_db()
    return entry


def bring(client: Client, code: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Act:
    """Many entries from a file, seen first and confirmed; every row must be good."""
    made = io.StringIO()
    csv.writer(made).writerows([header, *rows])
    file = SimpleUploadedFile("名册.csv", made.getvalue().encode("utf-8-sig"))
    answer = send(client, f"/registers/{code}/import/", file=file)
    assert answer.status_code == 302, words(answer)
    act = Act.objects.filter(register=code, kind="import").latest("pk")
    assert (act.state, act.faulty) == ("preview", 0), list(act.lines.values_list("line", "why"))
    send(client, f"/registers/acts/{act.pk}/confirm/")
    act.refresh_from_db()
    assert (act.state, act.taken) == ("done", len(rows))
    return act


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, words(answer)
    return str(answer.content.decode())


def titles(client: Client, code: str, **asked: str) -> set[str]:
    """Whom a list shows: the first column of what its export holds."""
    answer = client.get(f"/registers/{code}/", {**asked, "export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {row[0] for row in list(csv.reader(io.StringIO(text)))[1:]}


def figures(client: Client, code: str) -> str:
    return page(client, f"/registers/{code}/figures/")


def words(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"(<[^>]+>|\s)+", " ", page[page.find("<main") :])[:1500]
