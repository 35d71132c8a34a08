"""What a letter may be, beside the form it is opened with and beside its file: suggested with reasons, judged by a
person; repeats, equal letters, facts about the sender."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.shortcuts import render as render_part
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.procedures import queries, tables
from shiheng.procedures.contents import procedure_of, version_of
from shiheng.procedures.models import Judged, Proceeding, Sketch
from shiheng.procedures.triage import actions, groups, repeats, senders, sketches, suggest
from shiheng.procedures.triage.declared import letter_of
from shiheng.procedures.triage.definition import BOTH, WANTS, Letter
from shiheng.procedures.triage.suggest import Suggestion
from shiheng.registers.definition import choices_of
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Subject
from shiheng.ui import forms
from shiheng.ui.forms import Form
from shiheng.ui.pages import render
from shiheng.ui.wording import say


@needs(May.HANDLE_FILES)
@require_POST
@never_cache
def opening(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the words typed so far suggest, beside the form of opening; nothing is kept of it."""
    who = who_at(request)
    procedure = procedure_of(code, on=clock.today())
    held = letter_of(code)
    if held is None:
        raise Missing("triage.letter", _("这种案卷不是来信，不作甄别。"))
    letter = held[1]
    facts = {name: request.POST.get(name, "")[:4000] for name in letter.text}
    firm = _firm(request.POST.get(f"subject_{letter.against}_", ""))
    name = request.POST.get(f"name_{letter.against}_", "")[:300]
    scope = request.POST.get("scope_", "") or next(iter(sorted(who.paths(May.HANDLE_FILES))), "")
    suggestion = suggest.of_text(
        code, facts, scope=scope, address=request.POST.get(f"address_{letter.against}_", "")[:200],
        place=firm.scope if firm else "",
    )  # fmt: skip
    near = repeats.repeats_of_words(
        who, code, letter.words_of(facts), phone=request.POST.get(f"phone_{letter.sender}_", "")[:40],
        against=sketches.against_of(firm.pk if firm else None, name),
    )  # fmt: skip
    context = {"suggestion": suggestion, "repeats": _lines(near), "procedure": procedure, "letter": letter,
               "chosen": request.POST.get(letter.kind, "")}  # fmt: skip
    return render_part(request, "procedures/triage/opening.html", context)


def _firm(text: str) -> Subject | None:
    if not text.strip():
        return None
    try:
        return subjects.identities().only("id", "scope").filter(pk=subjects.by_key(text)).first()
    except Missing:
        return None


@needs(May.READ_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """What is suggested of a letter and what was judged; which may be the same, which are equal, who sent it."""
    who = who_at(request)
    found = queries.find(who, number)
    held = letter_of(found.procedure)
    suggestion = suggest.of_file(found)
    if held is None or suggestion is None:
        raise Missing("triage.letter", _("这种案卷不是来信，不作甄别。"))
    handles = who.may(May.HANDLE_FILES, found.scope)
    own = _sketch(found)
    judged = suggest.last_judged(found)
    form = _form(found, suggestion, own) if handles else None
    if request.method == "POST" and form and (given := form.read(request)):
        try:
            actions.judge(who, number, given.model_dump(), key=UUID(str(form.key)))
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已记下您的判断。"))
            return redirect("file-triage", number)
    letter = held[1]
    near = repeats.repeats(who, found, own) if handles else []
    equal = repeats.equals(who, found, own) if handles else []
    group = groups.of_file(found)
    context = {
        "file": found, "suggestion": suggestion, "sketch": own, "judged": judged, "form": form, "handles": handles,
        "agrees": _agrees(judged), "repeats": _lines(near), "equals": _lines(equal), "group": group,
        "group_offered": _lines_of_group(who, found, own, group), "letter": letter, "key": uuid4(),
        "handled": _handled(found, letter), "other": _other(found, suggestion, letter),
        "signals": senders.of_sender(who, own) if handles else [], "laws": suggestion.lexicon.laws,
        "history": Judged.objects.filter(proceeding=found).select_related("other").order_by("-number"),
    }  # fmt: skip
    return render(request, "procedures/triage/file.html", context, status=form.status if form else 200)


def _sketch(found: Proceeding) -> Sketch:
    row = Sketch.objects.filter(proceeding=found).first() or sketches.keep(found)
    if row is None:
        raise Missing("triage.letter", _("这种案卷不是来信，不作甄别。"))
    return row


def _form(found: Proceeding, suggestion: Suggestion, own: Sketch) -> Form[Any]:
    """What a letter is, filled in with what stands: what was judged, else what the file says and the words suggest."""
    info = version_of(found.procedure, found.version).facts.model_fields[suggestion.letter.kind]
    rules = {kind: [(rule.code, rule.title) for rule in suggestion.lexicon.of(kind)] for kind in ("urgent", "tag")}
    model: type[BaseModel] = create_model(
        "Judging",
        kind=(str, Field(title="问题类别")),
        wants=(str, Field(title="诉求", description="两者都有的，另行登记一件，分别办理。")),
        urgent=(list[str], Field(default=[], title="紧急情形")),
        tags=(list[str], Field(default=[], title="专题")),
    )
    choices = {"kind": list(choices_of(info).items()), "wants": list(WANTS.items()), "urgent": rules["urgent"],
               "tags": rules["tag"]}  # fmt: skip
    start = {"kind": own.kind or suggestion.kind, "wants": own.wants or suggestion.letter.says, "urgent": own.urgent,
             "tags": own.tags}  # fmt: skip
    return forms.from_model(model, code="triage.judge", about=str(found.pk), choices=choices, initial=start)


def _agrees(judged: Judged | None) -> bool:
    """Whether the person said what was suggested."""
    if judged is None:
        return False
    told, said = judged.suggested, judged.chosen
    return all(
        not told.get(name) or told.get(name) == said.get(name) or (isinstance(said.get(name), list)
        and sorted(told.get(name) or ()) == sorted(said[name])) for name in ("kind", "wants", "urgent", "tags")
    )  # fmt: skip


def _lines(near: list[repeats.Near]) -> list[tuple[repeats.Near, tuple[str, str]]]:
    return [(one, tables.state_of(one.file)) for one in near]


def _lines_of_group(who: Who, found: Proceeding, own: Sketch, group: Any) -> list[Any]:
    """The groups against the same business this file could join."""
    if group or found.ended or not own.against:
        return []
    rows = groups.visible_to(who).filter(against=own.against, procedure=found.procedure)
    return list(rows.filter(members__left_at=None, members__proceeding__ended=False).distinct()[:5])


def _handled(found: Proceeding, letter: Letter) -> list[tuple[Proceeding, tuple[str, str], str]]:
    """Each letter this one repeats, and where the law has a step for one already handled, that step filled in."""
    shown = []
    step = version_of(found.procedure, found.version).step(letter.repeat_step) if letter.repeat_step else None
    course = queries.course_of(found) if step else None
    open_ = bool(step and course and step in course.procedure.steps_from(course.state) and not found.ended)
    for earlier in repeats.same_as(found):
        facts = {name: value.replace("{number}", earlier.number) for name, value in letter.repeat_facts.items()}
        href = f"{reverse('file-take', args=[found.pk, letter.repeat_step])}?{urlencode(facts)}" if open_ else ""
        shown.append((earlier, tables.state_of(earlier), href))
    return shown


def _other(found: Proceeding, suggestion: Suggestion, letter: Letter) -> str:
    """Where the second file is opened from this one, when a letter is both and there is none yet."""
    judged = Sketch.objects.filter(proceeding=found).values_list("wants", flat=True).first()
    if not letter.other or judged not in {BOTH, *({suggestion.wants} if suggestion.otherwise else ())}:
        return ""
    if any(other.procedure == letter.other for _kind, other in queries.links_of(found)):
        return ""
    return f"{reverse('file-new', args=[letter.other])}?about={found.pk}"


@needs(May.HANDLE_FILES)
@require_POST
def same(request: HttpRequest, number: int, other: int) -> HttpResponseBase:
    """Say that two letters are one sent twice, or are not."""
    is_same = request.POST.get("same") == "1"
    actions.same(who_at(request), number, other, is_same=is_same, key=_key(request))
    messages.success(request, _("已认定为重复，两件已关联。") if is_same else _("已记下：不是重复。"))
    return redirect("file-triage", number)


@needs(May.HANDLE_FILES)
@require_safe
@never_cache
def signal(request: HttpRequest, number: int, code: str) -> HttpResponseBase:
    """The files behind one fact about the sender of a letter."""
    who = who_at(request)
    found = queries.find(who, number)
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Missing("signal.unknown", _("没有这项事实，或它背后的案卷不在您的办理范围内。"))
    held = senders.find(who, _sketch(found), code)
    rows = [(row, str(say(tables.procedure_title(row))), tables.state_of(row)) for row in senders.files_of(who, held)]
    letter = letter_of(found.procedure)
    context = {"file": found, "signal": held, "rows": rows, "laws": letter[0].laws if letter else ()}
    return render(request, "procedures/triage/signal.html", context)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key.form", _("这张表单不完整，请刷新页面后重试。")) from None
