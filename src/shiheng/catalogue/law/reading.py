"""Reading texts of law out of a bureau's files: Markdown, one text a file, or rows of articles as JSON. Pure.

A text of which a part is missing or run together is refused whole: half a law would answer "there is no such article"
without a sign.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from shiheng.catalogue.law.definition import Article, Text, missing
from shiheng.kernel.citation import Number, canonical, read_number
from shiheng.kernel.errors import Refused

LARGEST = 10 * 1024 * 1024
NAMED = re.compile(r"(?P<title>.+?)[（(](?P<day>\d{4}-\d{1,2}-\d{1,2})[）)]")  # not shown: read only
_N = "[〇零一二两三四五六七八九十百千0-9]+"  # not shown: read only
_ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?(\s*)(.*)", re.DOTALL)  # not shown: read only
_CHAPTER = re.compile(rf"(第{_N}(?:编|分编|章|节))\s*(.*)")  # not shown: read only
_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")  # not shown: read only
_STATED = re.compile(rf"自\s*{_DAY.pattern}\s*起(?:正式)?(?:施行|执行|实施|生效)")  # not shown: read only
_PUBLISHED = re.compile(r"自(?:公布|发布|印发)之日起(?:施行|执行|实施|生效)")  # not shown: read only
_ORDER = re.compile(r"[\u4e00-\u9fff]*令\s*第\s*\d+\s*号")  # not shown: read only
_FOOT = re.compile(
    r"(?:国家市场监督管理总局发布)?(?:国家规章库)?(?:扫一扫在手机打开当前页)?"  # not shown: read only
    r"(?:打印本页关闭本页|(?:【(?:打印|我要纠错|关闭窗口)】)+)\s*$"  # not shown: read only
)
_TAGS = re.compile(r"<[^>]*>|\*\*|&emsp;|&nbsp;|[\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or one text of it, that was not taken, and why."""

    file: str
    title: str
    why: str


Found = Text | Unread


def read(name: str, content: bytes) -> list[Found]:
    """The texts of one file; what cannot be taken is told, not raised."""
    try:
        if len(content) > LARGEST:
            raise Refused("law.size", "文件超过10MB，不像法规文本，请确认选对了文件。")
        words = _decoded(content)
        if name.lower().endswith(".jsonl"):
            return list(_read_rows(name, words))
        if name.lower().endswith(".md"):
            return [_read_markdown(name, words)]
        raise Refused("law.kind", "不认识的文件。只收“名称(公布日期).md”和“articles.jsonl”，请转换后再放入。")
    except Refused as problem:
        return [Unread(name, "", problem.message)]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused("law.charset", "读不出文件中的文字，请另存为 UTF-8 后再载入。")


def _read_markdown(name: str, content: str) -> Text:
    stem = re.sub(r"\.md$", "", name.rsplit("/", 1)[-1], flags=re.IGNORECASE)
    named = NAMED.fullmatch(stem)
    day = _day(named["day"]) if named else None
    if named and day is None:
        raise Refused("law.day", f"文件名里的日期“{named['day']}”不存在，请改为公布或修正的日期。")
    title, head, chapter = "", [], ""
    articles: list[tuple[Number, str, list[str]]] = []
    for raw in content.splitlines():
        line = re.sub(r"[ \t\u3000]+", " ", _TAGS.sub("", raw)).strip()
        if not line:
            continue
        heading = re.match(r"#+\s*(.+)", line)
        if heading and not title:
            title = heading[1].strip()
        elif heading:
            chapter = _chapter(heading[1])
        elif number := _begins(line, articles[-1][0] if articles else None):
            articles.append((number[0], chapter, [number[1]]))
        elif articles and not line.startswith(">"):
            articles[-1][2].append(line)
        else:
            head.append(line.lstrip("> "))
    expected = named["title"] if named else stem
    if not title:
        title = expected
    if canonical(title) != canonical(expected):
        raise Refused("law.title", f"文件名是“{expected}”，文首标题是“{title}”，请核对是不是放错了文件。")
    made = [Article(number, "\n".join(filter(None, lines)), under) for number, under, lines in articles]
    return _text(name, title, made, day=day, head="\n".join(head))


def _begins(line: str, before: Number | None) -> tuple[Number, str] | None:
    """The number and words of an article that begins with this line.

    A paragraph may begin with another article's number: without a space after it, only the next number begins one.
    """
    match = _ARTICLE.fullmatch(line)
    if match is None:
        return None
    article, inserted = read_number(match[1]) or 0, read_number(match[2] or "") or 0
    if not article:
        return None
    number, words = Number(article, inserted), match[4]
    following = before is None or (number > before and number.article - before.article <= 1)
    return (number, words) if following or match[3] else None


def _chapter(text: str) -> str:
    match = _CHAPTER.fullmatch(text.strip())
    return f"{match[1]} {''.join(match[2].split())}".strip() if match else text.strip()


def _read_rows(name: str, content: str) -> Iterator[Found]:
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for place, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            title, words = str(row["title"]).strip(), str(row["content"]).strip()
        except (ValueError, KeyError, TypeError):
            raise Refused(
                "law.row", f"第{place}行读不出：每行须是一个 JSON 对象，有 title（名称和条号）和 content（条文）。"
            ) from None
        instrument, _, article = title.rpartition(" ")
        if not instrument or not re.fullmatch(rf"第{_N}条(?:之{_N})?", article):  # not shown: read only
            instrument, article = title, ""
        groups.setdefault(instrument, []).append((article, words, str(row.get("law_status") or "")))
    for title, rows in groups.items():
        try:
            yield _of_rows(name, title, rows)
        except Refused as problem:
            yield Unread(name, canonical(title), problem.message)


def _of_rows(name: str, title: str, rows: list[tuple[str, str, str]]) -> Text:
    articles = []
    for said, words, _ in rows:
        begun = _begins(said, None) if said else None
        if begun is None:
            raise Refused("law.article", "没有条号，不是按条排列的法规文本，没有载入。请删去这些行，或补上条号。")
        articles.append(Article(begun[0], words))
    ended = any("废止" in status for *_, status in rows)  # not shown: read only
    return _text(name, canonical(title), articles, ended=ended)


def _text(
    name: str, title: str, articles: list[Article], *, day: date | None = None, head: str = "", ended: bool = False
) -> Text:
    if not articles:
        raise Refused("law.empty", "文件里没有“第一条”这样的条文，请核对内容。")
    remarks = []
    bare = _FOOT.sub("", articles[-1].text).rstrip()
    if bare != articles[-1].text:
        remarks.append("去掉了末条后面的网页尾注")
        articles[-1] = Article(articles[-1].number, bare, articles[-1].chapter)
    _check(articles)
    stated, on_publication = _stated(articles)
    events = _events(head)
    orders = [order for on, words in events if on == day for order in _ORDER.findall(words)]
    return Text(
        file=name,
        title=title,
        articles=tuple(articles),
        digest=digest(articles),
        day=day,
        head=head,
        published=tuple(on for on, words in events if "公布" in words or "发布" in words),  # not shown: read only
        stated=stated or next((on for on, words in events if words.startswith("施行")), None),  # not shown: read only
        on_publication=on_publication,
        ended=ended,
        number=orders[-1] if orders else "",
        remarks=tuple(remarks),
    )


def _check(articles: list[Article]) -> None:
    for before, after in pairwise(articles):
        if after.number == before.number:
            raise Refused("law.twice", f"{after.number}出现了两次，请核对原文后删去一处。")
        if after.number < before.number:
            raise Refused("law.order", f"{after.number}排在{before.number}之后，请按条号排好。")
    if empty := [str(article.number) for article in articles if not article.text.strip()]:
        raise Refused("law.void", f"{_listed(empty)}只有条号没有文字，请补上。")
    last = articles[-1]
    following = Number(last.number.article + 1)
    if re.search(rf"[。；]\s*(?:第)?{following}(?!规定|的|、|和)", last.text):  # not shown: read only
        raise Refused("law.joined", f"{last.number}的文字里连着{following}，没有分开。请把以后各条分开后再载入。")
    if gone := [str(number) for number in missing(article.number for article in articles)]:
        raise Refused("law.gap", f"缺{_listed(gone)}，文本不完整，没有载入。请换用完整的文本。")


def _listed(words: list[str]) -> str:
    return "、".join(words[:5]) + (f"等{len(words)}条" if len(words) > 5 else "")


def _stated(articles: list[Article]) -> tuple[date | None, bool]:
    """The day set for coming into force by the last articles, and whether it is that of promulgation."""
    for article in reversed(articles[-4:]):
        if match := _STATED.search(article.text):
            return _date(match), False
        if _PUBLISHED.search(article.text):
            return None, True
    return None, False


def _events(head: str) -> list[tuple[date, str]]:
    """The days the head names, each with the words that follow it."""
    found = list(_DAY.finditer(head))
    ends = [*(match.start() for match in found[1:]), len(head)][: len(found)]
    events = [(_date(match), head[match.end() : end].strip()) for match, end in zip(found, ends, strict=True)]
    return [(on, words) for on, words in events if on]


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date(*(int(part) for part in text.split("-")))
    except ValueError:
        return None


def digest(articles: list[Article]) -> str:
    """The same for the same words, however lines were broken."""
    plain = [[article.number.token, re.sub(r"\s", "", article.text)] for article in articles]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()
