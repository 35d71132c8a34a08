"""The peer of ``benchmarks.desk``: bare Django views over plain tables that show what the desk and a dossier show.

What the plain side has easier: a column for each thing shown, words and reasons stored ready, an index for each order,
no territory to narrow by but the filter asked for, no versions of rules, no sealed or masked fields, no filters, views,
columns, exports or bulk steps above the list. What both have alike: server, middleware, session, the person's post, the
database, the rows and columns, and the frame of the page (``ui/desk.html`` with its menu and its two counts).
``framed=False`` leaves the frame off too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines

from shiheng.accounts.doors import signed_in
from shiheng.accounts.jurisdictions import ScopeField, after
from shiheng.kernel import clock

HEADS = ("编号", "名称", "程序", "主体", "状态", "期限", "承办人")
FACTS = ("投诉事项", "接收渠道", "来源编号", "问题类别", "事实经过", "投诉请求", "争议金额", "消费日期", "同意公示",
         "同意委托调解")  # fmt: skip
LIST = """<div>{% for title, number in counts %}<a href="?x">{{ title }} <b>{{ number }}</b></a>{% endfor %}</div>
<table class="table"><tr>{% for h in heads %}<th>{{ h }}</th>{% endfor %}</tr>
{% for row in rows %}<tr><td><a href="/x/{{ row.id }}">{{ row.number }}</a></td><td>{{ row.title }}</td>
<td>{{ row.procedure }}</td><td><a href="/s/{{ row.firm_id }}">{{ row.firm }}</a></td>
<td><span class="badge">{{ row.state }}</span></td><td><span class="badge">{{ row.due|date:"Y-m-d" }}</span></td>
<td>{{ row.officer_name }}</td></tr>{% endfor %}</table><p>{{ count }}</p>"""
FILE = """<p><span class="badge">{{ file.state }}</span> <span class="badge">{{ file.due|date:"Y-m-d" }}</span></p>
<dl><dt>编号</dt><dd>{{ file.number }}</dd><dt>程序</dt><dd>{{ file.procedure }}</dd><dt>收到日期</dt>
<dd>{{ file.received|date:"Y-m-d" }}</dd><dt>承办人</dt><dd>{{ file.officer_name }}</dd>
<dt>主体</dt><dd><a href="/s/{{ file.firm_id }}">{{ file.firm }}</a></dd></dl>
<h2>期限</h2>{% for one in clocks %}<p><b>{{ one.title }}</b> {{ one.due|date:"Y-m-d" }}</p><details><p>{{ one.words }}</p>
<ul>{% for day, role, number in one.days %}<li class="{{ role }}">{{ day|date:"m-d" }}{% if number %} <b>{{ number }}</b>{% endif %}</li>{% endfor %}</ul></details>{% endfor %}
<h2>当事各方</h2><dl>{% for one in parties %}<dt>{{ one.kind }}</dt><dd>{{ one.name }}</dd>{% endfor %}</dl>
<h2>登记内容</h2><dl>{% for title, words in facts %}<dt>{{ title }}</dt><dd>{{ words|default:"—" }}</dd>{% endfor %}</dl>
<h2>证据</h2>{% for one in evidence %}<p>{{ one.title }}</p>{% endfor %}
<h2>文书</h2>{% for one in papers %}<p>{{ one.title }}</p>{% endfor %}
<select>{% for one in forms %}<option>{{ one.title }}</option>{% endfor %}</select>
<h2>关联案卷</h2>{% for one in links %}<p>{{ one.title }}</p>{% endfor %}
<ul>{% for one in joins %}<li><a href="/n/{{ one.id }}">{{ one.title }}</a></li>{% endfor %}</ul>
<ul>{% for one in shut %}<li><b>{{ one.title }}</b>：{{ one.why }}<span>{{ one.basis }}</span></li>{% endfor %}</ul>
<h2>办理过程</h2><ol>{% for row in rows %}<li>{{ row.title }} {{ row.day|date:"Y-m-d" }}<p>{{ row.by }}，{{ row.at|date:"Y-m-d H:i" }}</p>
<dl>{% for title, words in row.told %}<dt>{{ title }}</dt><dd>{{ words }}</dd>{% endfor %}</dl></li>{% endfor %}</ol>"""  # noqa: E501 - a template
BUTTONS = """{% for one in open %}<a class="button" href="/t/{{ one.id }}">{{ one.title }}</a> {% endfor %}"""


@dataclass(frozen=True)
class Plain:
    """The plain tables, filled by the benchmark."""

    File: Any
    Passage: Any
    Clock: Any
    Choice: Any
    Thing: Any


def tables() -> Plain:
    class PlainFile(models.Model):
        number = models.CharField(max_length=80)
        title = models.CharField(max_length=300)
        procedure = models.CharField(max_length=60)
        firm = models.CharField(max_length=300)
        firm_id = models.IntegerField()
        state = models.CharField(max_length=32)
        officer = models.IntegerField()
        officer_name = models.CharField(max_length=60)
        due = models.DateField(null=True)
        ended = models.BooleanField(default=False)
        received = models.DateField()
        scope = ScopeField(db_index=False)
        facts = models.JSONField()

        class Meta:
            app_label = "procedures"
            indexes = [
                models.Index(fields=["ended", "due", "id", "scope"], name="plain_file_due"),
                models.Index(fields=["officer", "ended", "due", "id"], name="plain_file_mine"),
            ]

    class PlainPassage(models.Model):
        file = models.IntegerField(db_index=True)
        title = models.CharField(max_length=60)
        day = models.DateField()
        at = models.DateTimeField()
        by = models.CharField(max_length=60)
        told = models.JSONField()

        class Meta:
            app_label = "procedures"

    class PlainClock(models.Model):
        file = models.IntegerField(db_index=True)
        title = models.CharField(max_length=60)
        start = models.DateField()
        due = models.DateField()
        workdays = models.BooleanField()
        words = models.CharField(max_length=1_000)

        class Meta:
            app_label = "procedures"

    class PlainChoice(models.Model):
        """What may be done in a state and what not, with its words: the same for every file of it."""

        state = models.CharField(max_length=32, db_index=True)
        kind = models.CharField(max_length=10)
        title = models.CharField(max_length=60)
        why = models.CharField(max_length=500)
        basis = models.CharField(max_length=200)

        class Meta:
            app_label = "procedures"

    class PlainThing(models.Model):
        """Who stands in a file, what is kept in it: the measured files have none, on either side."""

        file = models.IntegerField()
        kind = models.CharField(max_length=10)
        title = models.CharField(max_length=60)

        class Meta:
            app_label = "procedures"
            indexes = [models.Index(fields=["file", "kind"], name="plain_things")]

    with connection.schema_editor() as editor:
        for model in (PlainFile, PlainPassage, PlainClock, PlainChoice, PlainThing):
            editor.create_model(model)
    return Plain(PlainFile, PlainPassage, PlainClock, PlainChoice, PlainThing)


def fill_choices(plain: Plain, code: str, state: str) -> None:
    """What the page of a file in that state offers and refuses, in the words it uses, stored ready."""
    from shiheng.procedures.contents import all_on

    every = all_on(clock.today())
    procedure = next(one for one in every if one.code == code)
    rows = []
    for step in procedure.steps_from(state):
        why = "".join(guard.why for guard in step.guards)[:500]
        rows.append(("shut" if why else "open", step.title, why, str(step.basis or "")))
    rows += [("join", one.title, "", "") for one in every if one.bond and one.bond.takes(code)]
    rows += [("form", title, "", "") for title in ("投诉登记表", "投诉受理决定书", "更正书")]
    made = [plain.Choice(state=state, kind=kind, title=title, why=why, basis=basis) for kind, title, why, basis in rows]
    plain.Choice.objects.bulk_create(made)


def counted(one: Any) -> list[tuple[date, str, int]]:
    """Every day of a count, its role and its number, as a plain view would reckon them."""
    days, number = [(one.start, "trigger", 0)], 0
    for n in range(1, (one.due - one.start).days + 1):
        day = one.start + timedelta(days=n)
        if one.workdays and day.weekday() > 4:
            days.append((day, "skipped", 0))
        else:
            number += 1
            days.append((day, "counted", number))
    return days


def views(plain: Plain, *, framed: bool) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The two plain views."""
    files, django = plain.File, engines["django"]
    page, one = django.from_string(_page("待办案卷", LIST, "", framed)), django.from_string(
        _page("{{ file.title }}", FILE, BUTTONS, framed)
    )  # fmt: skip

    @signed_in
    def desk(request: Any) -> Any:
        today, rows = clock.today(), files.objects.filter(ended__in=(False,))
        own = rows.filter(officer=request.who.account_id)
        late = rows.filter(due__lt=today)
        soon = rows.filter(due__gte=today, due__lte=today + timedelta(days=3))
        counts = [("我承办的", own.count()), ("我的已超期", own.filter(due__lt=today).count()),
                  ("辖区已超期", late.count()), ("三日内到期", soon.count())]  # fmt: skip
        if request.GET.get("mine"):
            rows = own
        if request.GET.get("late"):
            rows = rows.filter(due__lt=today)
        if value := request.GET.get("office"):
            rows = rows.filter(scope__gte=value, scope__lt=after(value))
        count = rows.order_by()[:1001].count()
        shown = list(rows.order_by("due", "id")[:50])
        return HttpResponse(page.render({"rows": shown, "count": count, "counts": counts, "heads": HEADS}, request))

    @signed_in
    def dossier(request: Any, number: int) -> Any:
        held = get_object_or_404(files, pk=number)
        choices: dict[str, list[Any]] = {"open": [], "shut": [], "join": [], "form": []}
        for choice in plain.Choice.objects.filter(state=held.state):
            choices[choice.kind].append(choice)
        things: dict[str, list[Any]] = {"party": [], "evidence": [], "paper": [], "link": []}
        for thing in plain.Thing.objects.filter(file=number):
            things[thing.kind].append(thing)
        clocks = list(plain.Clock.objects.filter(file=number))
        for held_clock in clocks:
            held_clock.days = counted(held_clock)
        context = {
            "file": held, "rows": plain.Passage.objects.filter(file=number).order_by("-id"), "clocks": clocks,
            "facts": [(title, held.facts.get(title)) for title in FACTS], "parties": things["party"],
            "evidence": things["evidence"], "papers": things["paper"], "links": things["link"],
            "open": choices["open"], "shut": choices["shut"], "joins": choices["join"], "forms": choices["form"],
        }  # fmt: skip
        return HttpResponse(one.render(context, request))

    return desk, dossier


def _page(heading: str, content: str, actions: str, framed: bool) -> str:
    if not framed:
        return f"<!doctype html><title>plain</title><h1>{heading}</h1>{actions}{content}"
    return (
        '{% extends "ui/desk.html" %}'
        f"{{% block title %}}plain{{% endblock %}}{{% block heading %}}{heading}{{% endblock %}}"
        f"{{% block actions %}}{actions}{{% endblock %}}{{% block content %}}{content}{{% endblock %}}"
    )
