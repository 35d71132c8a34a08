"""公众窗口: the ways to complain, sending a letter, following it, adding to it, rating it. Nobody needs an account."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shiheng.accounts.addresses import address_of
from shiheng.accounts.doors import anyone
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Missing, Problem, Refused
from shiheng.procedures.contents import pointing, procedure_of
from shiheng.procedures.models import Paper, Party, Proceeding
from shiheng.publication.middleware import Budget, TooMany
from shiheng.services import actions, attaching, codes, letters, queries
from shiheng.services.models import Follow
from shiheng.ui import pdf
from shiheng.ui.pages import render

FOLLOWED, DONE = "followed", "counter_done"
OPEN_FOR = timedelta(minutes=30)
A_MINUTE = 12
_letters = Budget()


def _spend(request: HttpRequest) -> None:
    """A budget an address, so that nobody floods a desk or counts through codes."""
    if wait := _letters.spend(address_of(request), A_MINUTE):
        raise TooMany("counter.often", _("提交得太快了，请 %(seconds)s 秒后再试。") % {"seconds": round(wait) + 1})


@anyone
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """The ways to complain, report and ask, what each is for, and what the law says comes of it."""
    offered = [(one, queries.promises(one)) for one in letters.offered()]
    return render(request, "services/counter.html", {"offered": offered, "bureaus": letters.bureaus()})


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Write one letter."""
    procedure = procedure_of(code, on=clock.today())
    if procedure.public is None:
        raise Missing("counter.closed", _("这一事项不能在网上提交。"))
    form = letters.form(procedure)
    if request.method == "POST" and (given := form.read(request)):
        try:
            _spend(request)
            facts, parties, scope = letters.taken(procedure, given.model_dump())
            key = UUID(str(form.key))
            attached = attaching.kept([given_file for name in letters.FILES if (given_file := getattr(given, name))])
            made, _code = actions.send(code, facts, parties=parties, scope=scope, attached=attached, key=key)
        except Problem as problem:
            form.refuse(pointing(problem))
        else:
            request.session[DONE] = [str(key), made.pk]
            return redirect("counter-done")
    context = {
        "procedure": procedure,
        "form": form,
        "most": attaching.MOST_FILES,
        "promises": queries.promises(procedure),
    }
    return render(request, "services/new.html", context, status=form.status)


def _attached(request: HttpRequest) -> list[actions.Attached]:
    return attaching.kept(request.FILES.getlist("papers"))


@anyone
@require_safe
@never_cache
def done(request: HttpRequest) -> HttpResponseBase:
    """The number of a letter just sent, and the code by which it is followed."""
    held = request.session.get(DONE)
    if not held:
        return redirect("counter")
    made = Proceeding.objects.filter(pk=held[1]).first()
    if made is None:
        return redirect("counter")
    context = {"file": made, "code": codes.query_code(UUID(held[0])), "promises": queries.promises_of(made)}
    return render(request, "services/done.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow(request: HttpRequest) -> HttpResponseBase:
    """By number and query code, or by number and a code sent to the telephone."""
    said = {name: request.POST.get(name, "").strip()[:80] for name in ("number", "code", "phone", "sent")}
    context: dict[str, Any] = {"said": said, "by_phone": bool(settings.CODE_CHANNEL), "asked": "", "shown": ""}
    status = 200
    if request.method == "POST":
        try:
            _spend(request)
            if request.POST.get("way") == "ask":
                shown = actions.send_code(said["number"], said["phone"], key=uuid4())
                context |= {"asked": "1", "shown": "" if settings.PRODUCTION else shown}
            else:
                by_phone = request.POST.get("way") == "sent"
                held = (
                    actions.enter_sent(said["number"], said["phone"], said["sent"])
                    if by_phone
                    else actions.enter(said["number"], said["code"])
                )
                _open(request, held)
                return redirect("counter-file")
        except Problem as problem:
            status = 422
            context |= {"fault": problem.message, "asked": "1" if request.POST.get("way") == "sent" else ""}
    return render(request, "services/follow.html", context, status=status)


def _open(request: HttpRequest, held: Follow) -> None:
    request.session[FOLLOWED] = [held.proceeding_id, held.party, (clock.now() + OPEN_FOR).isoformat()]


def followed(request: HttpRequest) -> tuple[Proceeding, Party]:
    """The file somebody entered not long ago, and as whom. Raises ``Refused`` where he did not."""
    held = request.session.get(FOLLOWED)
    if held and datetime.fromisoformat(held[2]) > clock.now():
        found = Proceeding.objects.select_related("subject", "officer").filter(pk=held[0]).first()
        party = found.parties.filter(number=held[1], gone=False).first() if found else None
        if found and party:
            return found, party
    raise Forbidden("follow.over", _("请先用编号和查询码进入。"))


@anyone
@require_safe
@never_cache
def file(request: HttpRequest) -> HttpResponseBase:
    """What becomes of a letter, for whoever sent it."""
    try:
        found, party = followed(request)
    except Forbidden:
        return redirect("counter-follow")
    context = {
        "told": queries.told_to(found, party, calendar()), "file": found, "keys": [uuid4() for _n in "123"],
        "scores": range(actions.BEST, 0, -1), "most": attaching.MOST_FILES,
    }  # fmt: skip
    return render(request, "services/file.html", context)


@anyone
@require_POST
def act(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Add words or papers, agree or not, withdraw, rate."""
    found, party = followed(request)
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    _spend(request)
    text = request.POST.get("text", "")[:4000]
    if kind == "rate":
        score = request.POST.get("score", "")
        actions.rate(found, party, int(score) if score.isdigit() else 0, text, key=key)
        messages.success(request, _("谢谢您的评价。"))
    elif kind == "withdraw":
        at_once = actions.withdraw(found, party, text, key=key)
        messages.success(request, _("已撤回。") if at_once else _("已收到撤回的请求，承办人会办理终止。"))
    else:
        actions.add(found, party, kind, text, attached=_attached(request), key=key)
        messages.success(request, _("已提交，承办人会看到。"))
    return redirect("counter-file")


@anyone
@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """Leave the file, as on a shared machine."""
    request.session.pop(FOLLOWED, None)
    request.session.pop(DONE, None)
    return redirect("counter")


@anyone
@require_safe
@never_cache
def paper(request: HttpRequest, paper: int) -> HttpResponseBase:
    """A paper that was served on whoever follows, as PDF."""
    found, party = followed(request)
    held: Paper | None = next((one for one in queries.papers_of(found, party) if one.pk == paper), None)
    if held is None:
        raise Missing("paper.unknown", _("案卷里没有这份文书。"))
    answer = HttpResponse(pdf.compiled(queries.document(held, request)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=paper-{held.pk}.pdf"
    return answer
