"""变动预览: what would move which open file, from which day to which; confirming it or not; choosing the rule."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures.contents import all_on, procedure_of, version_of
from shiheng.procedures.definition import Procedure
from shiheng.procedures.models import Move, Moved
from shiheng.procedures.moves import actions, queries
from shiheng.ui import forms
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

TONES = {
    "reading": "wait", "waiting": "warn", "running": "wait", "done": "ok", "adopted": "ok", "declined": "done",
    "superseded": "done",
}  # fmt: skip
ROW_TONES = {"would": "warn", "stays": "done", "moved": "ok", "changed": "wait"}


def _limit(row: Moved) -> str:
    for version in (row.version_after, row.version_before):
        try:
            held = version_of(row.proceeding.procedure, version).limit(row.limit)
        except Missing:
            continue
        if held:
            return str(say(held.title))
    return row.limit


def _versions(row: Moved) -> str:
    if row.version_before == row.version_after:
        return str(_("%(day)s 起施行的版本") % {"day": row.version_before})
    return str(_("%(before)s → %(after)s") % {"before": row.version_before, "after": row.version_after})


def _table(move: Move) -> Table:
    return Table(
    "moved",
    "将变动的案卷",
    [
        Column("number", "编号", "proceeding.number", kind="link",
               href=lambda row: reverse("file", args=[row.proceeding_id])),
        Column("title", "名称", "proceeding.title"),
        Column("limit", "期限事项", _limit),
        Column("before", "原届满日", "before", kind="day", sort="before"),
        Column("after", "新届满日", "after", kind="day", sort="after"),
        Column("versions", "适用规定", _versions, hidden=move.kind == "calendar"),
        Column("outcome", "结果", lambda row: (str(say(row.get_outcome_display())), ROW_TONES[row.outcome]),
               kind="badge"),
        Column("why", "原因", lambda row: say(row.why)),
        Column("officer", "承办人", "proceeding.officer_name", kind="person", hidden=True),
    ],
    [
        Filter("outcome", "结果", "choice", apply=lambda rows, code: rows.filter(outcome=code),
               choices=lambda: list(Moved.OUTCOMES.items())),
        Filter("q", "编号", apply=lambda rows, text: rows.filter(proceeding__number__contains=text.strip())),
    ],
    default_sort="pk",
    empty="没有案卷变动。",
    row_label="proceeding.number",
)  # fmt: skip


class Deciding(BaseModel):
    """处理"""

    verdict: str = Field(
        title="处理", json_schema_extra={"choices": {"yes": "确认变动", "no": "不采用"}, "widget": "radio"}
    )
    reason: str | None = Field(default=None, title="理由", max_length=500, description="不采用的，必须写明理由。")


@needs(May.ASSIGN_FILES)
@require_safe
@never_cache
def every(request: HttpRequest) -> HttpResponseBase:
    """Every preview, and by which rule each procedure that leaves a choice goes now."""
    who = who_at(request)
    chosen = [(one, _rule_words(one, queries.rule_of(one.code))) for one in all_on(clock.today())
              if one.transition.choices]  # fmt: skip
    context = {
        "moves": [(move, _called(move), TONES[move.state]) for move in queries.listed()[:200]],
        "chosen": chosen,
        "decides": queries.may_decide(who),
    }
    return render(request, "procedures/moves/every.html", context)


def _called(move: Move) -> str:
    kind = str(say(move.get_kind_display()))
    if move.kind == "calendar":
        return kind
    held = procedure_of(move.procedure, on=clock.today())
    words = f"{kind}{_('：')}{say(held.title)}"
    return f"{words}{_('，')}{_rule_words(held, move.rule)}" if move.kind == "choice" else words


def _rule_words(procedure: Procedure, rule: str) -> str:
    step = procedure.step(rule)
    if step is None:
        return str(_("按收到之日的规定"))
    return str(_("按“%(step)s”之日的规定") % {"step": say(step.title)})


@needs(May.ASSIGN_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one(request: HttpRequest, number: int) -> HttpResponseBase:
    """One preview: the files it would move, exported as seen; the head confirms it or not."""
    who = who_at(request)
    move = queries.find(who, number)
    decides = move.state == "waiting" and queries.may_decide(who) and not queries.outside(who, move)
    form = forms.from_model(Deciding, code="procedures.move", about=str(number))
    if request.method == "POST" and decides and (given := form.read(request)):
        try:
            held = actions.decide(
                who, number, confirms=given.verdict == "yes", reason=given.reason or "", key=UUID(str(form.key))
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            told = _("已确认，正在变动案卷。") if held.state == "running" else _("已记录，案卷一律不变。")
            messages.success(request, told)
            return redirect("file-move", number)
    listing = _table(move).read(request, queries.rows_for(who, move))
    if listing.wants_export:
        return listing.response()
    context = {
        "move": move,
        "called": _called(move),
        "tone": TONES[move.state],
        "listing": listing,
        "form": form if decides else None,
        "again": move.state == "declined" and move.kind == "calendar" and queries.may_decide(who),
        "key": uuid4(),
    }
    return render(request, "procedures/moves/one.html", context, status=form.status)


@needs(May.ASSIGN_FILES)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponseBase:
    """Work a declined calendar out once more."""
    who = who_at(request)
    queries.find(who, number)
    try:
        actions.again(who, number)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("file-move", number)


@needs(May.DECIDE_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest, code: str) -> HttpResponseBase:
    """Choose by which day the version of a procedure's files is found, where the law leaves it open."""
    who = who_at(request)
    procedure = procedure_of(code, on=clock.today())
    if not procedure.transition.choices:
        raise Missing("move.rule", _("这个程序没有可以选择的适用规则。"))
    model = create_model(
        "Choosing", rule=(str, Field(title="适用规则", json_schema_extra={"widget": "radio"})),
        reason=(str, Field(title="理由和依据", max_length=500)),
    )  # fmt: skip
    rules = [(rule, _rule_words(procedure, rule)) for rule in (queries.RECEIPT, *procedure.transition.choices)]
    form: forms.Form[Any] = forms.from_model(
        model, code="procedures.choose", about=code, choices={"rule": rules},
        initial={"rule": queries.rule_of(code)},
    )  # fmt: skip
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        try:
            made = actions.choose(who, code, values["rule"], reason=values["reason"], key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("正在计算哪些案卷将变动，算好后请核对确认。"))
            return redirect("file-move", made.pk)
    context = {"procedure": procedure, "form": form}
    return render(request, "procedures/moves/choose.html", context, status=form.status)
