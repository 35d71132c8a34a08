"""Feeds anybody's reader may follow: who came onto and left a list, alerts, recalls. Atom (RFC 4287)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.kernel.registry import all_of
from shiheng.publication.bureau import queries as bureau
from shiheng.publication.lists import entries
from shiheng.publication.opendata import datasets
from shiheng.publication.portal.definition import PUBLIC_FEEDS, PublicFeed
from shiheng.ui.wording import say

MOST = 50


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed among all of them."""

    code: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news: its id never changes."""

    id: str
    title: str
    text: str
    day: date
    address: str


def every() -> list[Feed]:
    """The feeds there are: one a list, and those of alerts."""
    today = clock.today()
    lists = [Feed(f"list-{plan.code}", plan.title, plan.lead) for plan in entries.plans(today)]
    news = Feed("bureau", "政务公开", "新公开和更新的政务公开页。")
    return [*lists, news, *(Feed(feed.code, feed.title, feed.about) for feed in all_of(PUBLIC_FEEDS, on=today))]


def _items(code: str) -> tuple[Feed, list[Item]]:
    found = next((feed for feed in every() if feed.code == code), None)
    if found is None:
        raise Missing("feed.unknown", _("没有这个订阅源。请从开放数据页选择。"))
    today = clock.today()
    for plan in entries.plans(today):
        if code == f"list-{plan.code}":
            return found, _of_list(plan, today)
    if code == "bureau":
        return found, _of_bureau()
    plan_feed = next(feed for feed in all_of(PUBLIC_FEEDS, on=today) if feed.code == code)
    return found, _of_feed(plan_feed)


def _of_list(plan: entries.PublicList, today: date) -> list[Item]:
    """Who stands on the list, the newest first. Who has left is not named again: the page of the list says how many."""
    address = reverse("public-list", args=[plan.code])
    made = []
    for entry in entries.standing(plan, today):
        if entry.day is None:
            continue
        facts = [(fact.title, datasets.fact_of(entry, fact.code, fact.kind)) for fact in plan.shown]
        text = "；".join(f"{say(title)}：{value}" for title, value in facts if value)
        link = reverse("portal-subject", args=[entry.address]) if entry.address else address
        mark = sha256(f"{plan.code}|{entry.source}|{entry.key}".encode()).hexdigest()[:20]
        title = _("%(name)s列入%(list)s") % {"name": entry.shown_name, "list": say(plan.title)}
        made.append(Item(mark, title, text, entry.day, link))
    return sorted(made, key=lambda item: (item.day, item.id), reverse=True)[:MOST]


def _of_feed(feed: PublicFeed) -> list[Item]:
    made = []
    for entry in datasets.entries_of(feed):
        row = datasets.row_of(entry)
        register = datasets.named(entry.register, on=clock.today())
        text = "；".join(f"{say(register.titles.get(n, n))}：{row[n]}" for n in register.public_facts if row.get(n))
        day = entry.since or entry.entered_on
        link = reverse("open-register", args=[entry.register])
        made.append(Item(row["id"], row["heading"], text, day, link))
    return sorted(made, key=lambda item: (item.day, item.id), reverse=True)[:MOST]


def _of_bureau() -> list[Item]:
    made = []
    for page in bureau.public().order_by("-updated_on", "-pk")[:MOST]:
        day = page.updated_on or clock.today()
        link = reverse("bureau-page", args=[page.pk])
        made.append(Item(f"page-{page.pk}-{page.version}", page.title, page.text[:500], day, link))
    return made


def atom(code: str, *, here: str, own: str) -> str:
    """The feed as text; ids are made of the site's own address, so that a reader shows each piece once."""
    feed, items = _items(code)
    at = datetime.combine(max((item.day for item in items), default=clock.today()), time(), tzinfo=clock.SHANGHAI)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<title>{escape(str(say(feed.title)))}</title><subtitle>{escape(str(say(feed.about)))}</subtitle>",
        f"<id>{escape(own)}</id><updated>{at.isoformat()}</updated>",
        f'<link rel="self" href={quoteattr(own)}/><link rel="license" href={quoteattr(datasets.LICENCE_ADDRESS)}/>',
        f"<author><name>{escape(str(say('信用门户')))}</name></author>",
    ]
    for item in items:
        moment = datetime.combine(item.day, time(), tzinfo=clock.SHANGHAI).isoformat()
        lines.append(
            f"<entry><id>{escape(own)}#{item.id}</id><title>{escape(item.title)}</title><updated>{moment}</updated>"
            f"<link href={quoteattr(here + item.address)}/><summary>{escape(item.text)}</summary></entry>"
        )
    return "\n".join([*lines, "</feed>\n"])
