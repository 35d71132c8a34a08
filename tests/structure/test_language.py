"""The language of pages: Chinese words are the message ids, every room keeps the English of its own.

A room alone: ``pytest tests/structure/test_language.py -k ledger``.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.base import TokenType
from django.test import Client
from django.urls import reverse
from django.utils.translation.reloader import translation_file_changed

from shiheng.site import translate, wordings
from tests.structure import world
from tests.structure.reading import PACKAGE, place

CHINESE = wordings.CHINESE
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

# Templates that may hold Chinese as it stands, and why.
MAY_HOLD_CHINESE = {
    "ui/gallery.html": "invented samples: long Chinese names are what the page of components is looked at for",
    "ui/parts/document.html": "official documents are made in Chinese whatever the page's language",
}
# Words of a page in English that stay Chinese: each language is offered by its own name.
KEPT_CHINESE = re.compile(r'<button name="language"[^>]*lang="zh-CN".*?</button>', re.DOTALL)


def templates_of(room: str) -> Iterator[Path]:
    for path in sorted((PACKAGE / room).rglob("*.html")):
        if "/".join(path.parts[path.parts.index("templates") + 1 :]) not in MAY_HOLD_CHINESE:
            yield path


def bare_chinese(text: str) -> Iterator[tuple[int, str]]:
    """Chinese of a template outside ``translate``, ``blocktranslate``, comments and the gated tags of ``ui``."""
    from django.template.base import DebugLexer

    skipping = ""
    for token in DebugLexer(text).tokenize():
        name = token.contents.split()[0] if token.token_type is TokenType.BLOCK and token.contents.split() else ""
        if skipping:
            skipping = "" if name == f"end{skipping}" else skipping
            continue
        if name in {"comment", "blocktranslate", "blocktrans"}:
            skipping = name
            continue
        if token.token_type is TokenType.COMMENT or name in {"translate", "trans", *wordings.GATED_TAGS}:
            continue
        said = re.sub(r"""_\(("[^"]*"|'[^']*')\)""", "", token.contents)
        if CHINESE.search(said):
            yield token.lineno or 0, said.strip()


@pytest.mark.parametrize("room", translate.ROOMS)
def test_no_template_holds_words_that_cannot_be_translated(room: str) -> None:
    wrong = [
        f"{place(path)}:{line}: {said}"
        for path in templates_of(room)
        for line, said in bare_chinese(path.read_text(encoding="utf-8").replace(OWN_NAME, ""))
    ]
    assert not wrong, "\n".join(wrong)


OWN_NAME = "中文"  # the switch names each language in that language


@pytest.mark.parametrize("room", translate.ROOMS)
def test_a_room_s_catalogue_holds_just_the_words_of_its_source(room: str) -> None:
    shown = {found for found, _file in wordings.wordings(room)}
    held = {translate.identity(message) for message in translate.read_catalogue(room) if message.id}
    assert held == shown, (
        f"python -m shiheng.site.translate extract {room}\n"
        f"missing: {sorted(f.text for f in shown - held)}\nleft over: {sorted(f.text for f in held - shown)}"
    )


@pytest.mark.parametrize("room", translate.ROOMS)
def test_every_word_of_a_room_has_its_english(room: str) -> None:
    catalogue = translate.read_catalogue(room)
    bare = [message.id for message in catalogue if message.id and not translate.translated(message)]
    assert not bare, "\n".join(str(text) for text in bare)
    still_chinese = [message.id for message in catalogue if message.id and CHINESE.search(str(message.string))]
    assert not still_chinese, "\n".join(str(text) for text in still_chinese)


@pytest.mark.parametrize("room", translate.ROOMS)
def test_the_english_has_the_same_facts_as_the_chinese(room: str) -> None:
    wrong = [
        f"{message.id!r} -> {message.string!r}"
        for message in translate.read_catalogue(room)
        if message.id
        and sorted(PLACEHOLDER.findall(str(message.id))) != sorted(PLACEHOLDER.findall(str(message.string)))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", translate.ROOMS)
def test_a_word_reads_the_same_in_every_room(room: str) -> None:
    assert not [f"{text!r}: {held}" for text, held in translate.disagreements() if room in held]


def test_the_modules_left_out_exist() -> None:
    assert not [part for part in wordings.NOT_PAGES if not (PACKAGE / part).exists()]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""文档"""\nA = "名称"', ["名称"]),
        ('def f():\n    """说明"""\n    return f"共 {n} 条" + "条"', ["条"]),
        ('A = "字典"  # not shown: data\nB = "标题"', ["标题"]),
        ('_("甲")\nB = "乙"', ["乙"]),
    ],
)
def test_the_extractor_takes_shown_literals_alone(source: str, found: list[str]) -> None:
    assert [f.text for f in wordings.literals(source)] == found


def test_the_extractor_reads_templates() -> None:
    text = '{% translate "甲" %}{% blocktranslate with n=x %}共 {{ n }} 条{% endblocktranslate %}{% notice "乙" "ok" %}'
    assert {f.text for f in wordings.in_template(text)} == {"甲", "共 %(n)s 条", "乙"}


@pytest.mark.parametrize("text", ['<p title="标题">', "<p>正文</p>", '{{ x|default:"无" }}', '{% if x == "按期" %}'])
def test_bare_words_in_a_template_are_found(text: str) -> None:
    assert list(bare_chinese(text))


# -- pages


@pytest.fixture
def english() -> Iterator[None]:
    """Catalogues as they are now: compiled, and none held from before."""
    translate.compile_catalogues()
    translation_file_changed(None, Path("django.mo"))
    yield
    translation_file_changed(None, Path("django.mo"))


def choose(client: Client, language: str) -> None:
    client.post(reverse("language"), {"language": language, "next": "/"})


def words(response: Any) -> str:
    """The text and attributes a person meets, without scripts and without the offered languages' own names."""
    return KEPT_CHINESE.sub("", response.content.decode())


def left_in_chinese(page: str, data: tuple[str, ...] = ()) -> list[str]:
    for text in sorted(data, key=len, reverse=True):
        page = page.replace(text, "")
    return re.findall("[\u3400-\u9fff]+", page)


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("name", ["home", "portal-search", "account_login", "ledger", "ledger-check"])
def test_public_pages_read_in_english_once_it_is_chosen(name: str) -> None:
    client = Client()
    choose(client, "en")
    page = words(client.get(reverse(name)))
    assert '<html lang="en"' in page
    assert not left_in_chinese(page)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("admin", "jobs"),
        ("admin", "ledger-overview"),
        ("admin", "ledger-leaves"),
        ("admin", "people"),
        ("admin", "offices"),
        ("chief", "subjects"),
        ("chief", "permits"),
        ("data", "batches"),
        ("data", "sources"),
        ("data", "quarantine"),
    ],
)
def test_an_officer_s_list_reads_in_english(column: str, name: str, cast: SimpleNamespace, sign_in: Any) -> None:
    world.build(cast, 2)
    client = sign_in(column)
    choose(client, "en")
    page = words(client.get(reverse(name)))
    assert not left_in_chinese(CELL.sub("", page), data())


# A cell holds data of its row, an option the value it stands for; badges and times are the page's own words and stay.
CELL = re.compile(r"<td(?:(?!badge|<time|</td>).)*</td>|(?<=<option) value=\"[^\"]*\"", re.DOTALL)


def data() -> tuple[str, ...]:
    """Names of people, offices and places that also stand outside cells: in menus, filters, labels of rows."""
    from shiheng.accounts.models import Account, Office, Town
    from shiheng.subjects.models import Subject

    return (
        *Office.objects.values_list("title", flat=True),
        *Account.objects.values_list("name", flat=True),
        *Town.objects.values_list("title", flat=True),
        *Subject.objects.values_list("name", flat=True),
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_what_a_browser_says_it_prefers_is_not_asked() -> None:
    client = Client(headers={"accept-language": "en"})
    page = client.get(reverse("account_login")).content.decode()
    assert '<html lang="zh-CN"' in page
    assert "登录" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_the_choice_is_taken_back() -> None:
    client = Client()
    choose(client, "en")
    choose(client, "zh-hans")
    assert '<html lang="zh-CN"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.django_db
def test_an_unknown_language_is_refused_and_a_forged_cookie_ignored() -> None:
    client = Client()
    assert client.post(reverse("language"), {"language": "fr"}).status_code == 422
    client.cookies["language"] = "fr"
    assert '<html lang="zh-CN"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_refusal_reads_in_english_and_the_machine_interface_stays_chinese() -> None:
    client = Client()
    choose(client, "en")
    page = words(client.get("/no-such-page/"))
    assert not left_in_chinese(page)
    assert CHINESE.search(client.get("/api/v1/no-such/").content.decode())
