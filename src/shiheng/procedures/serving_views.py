"""Serving a paper: one try at a time with its proof; the envelope for what is posted; signed addresses."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import BaseModel, Field, create_model

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Problem, Refused
from shiheng.procedures import actions, checking, queries, sending, serving, ways
from shiheng.procedures.models import Paper, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.procedures.paper_actions import paper_of
from shiheng.procedures.ways import RESULTS, Way
from shiheng.ui import forms, pdf
from shiheng.ui.forms import Form
from shiheng.ui.pages import render

CHANNELS = ("短信", "传真", "电子邮件", "即时通讯", "全国12315平台")


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def serve(request: HttpRequest, number: int, paper: int, way: str) -> HttpResponseBase:
    """Write down one try to serve a paper in one way."""
    who = who_at(request)
    found = queries.find(who, number)
    held = paper_of(found, paper)
    chosen = ways.of_code(way, on=clock.today())
    form = _serving(found, held, chosen, request.GET.get("party", ""))
    if request.method == "POST" and (given := form.read(request)):
        values = given.model_dump()
        party = int(values["party"]) if str(values["party"] or "").isdigit() else 0
        try:
            actions.serve_paper(
                who, number, paper, way=way, party=party, to=values["to"] or "", day=values["day"],
                result=values.get("result") or "served", officer=values["officer"] or "",
                proof={one.name: str(values.get(one.name) or "") for one in chosen.proof}, key=UUID(str(form.key)),
            )  # fmt: skip
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已登记送达。"))
            return redirect("file-paper", number, paper)
    context = {"file": found, "paper": held, "way": chosen, "form": form, "ways": ways.all_on(clock.today())}
    return render(request, "procedures/serve.html", context, status=form.status)


def _serving(found: Proceeding, held: Paper, way: Way, party: str) -> Form[Any]:
    """The form of a way: on whom, on which day, with which outcome, and the proof it needs."""
    parties = [(str(row.number), row.name) for row in serving.people(found)]
    choices: dict[str, list[tuple[str, str]]] = {"party": [*parties, ("0", str(_("其他受送达人")))]}
    fields: dict[str, Any] = {
        "party": (str, Field(title="受送达人")),
        "to": (str | None, Field(default=None, title="其他受送达人名称", max_length=300)),
        "day": (date | None, Field(default=None, title="送达日期", description="留空是今天。",
                                   json_schema_extra={"width": "short"})),
    }  # fmt: skip
    if len(way.results) > 1:
        fields["result"] = (str, Field(title="结果"))
        choices["result"] = [(code, RESULTS[code]) for code in way.results]
    for one in way.proof:
        kind, default = (str | None, None) if one.optional else (str, ...)
        fields[one.name] = (kind, Field(default, title=one.title, description=one.hint or None, max_length=200))
        if one.choices:
            choices[one.name] = [(said, said) for said in one.choices]
    fields["officer"] = (str | None, Field(default=None, title="另一名送达人", max_length=100))
    model: type[BaseModel] = create_model(f"Serving_{way.code}", **fields)
    first = party or (str(held.to[0]) if held.to else parties[0][0] if len(parties) == 1 else "")
    initial = {"party": first} if first else {}
    about = f"{held.pk}-{way.code}"
    return forms.from_model(model, code="procedures.serve", about=about, choices=choices, initial=initial)


@needs(May.HANDLE_FILES)
@require_POST
def send(request: HttpRequest, number: int, paper: int, party: int) -> HttpResponseBase:
    """Send a paper to a party that agreed to it, through the channel that is set up."""
    who = who_at(request)
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError:
        raise Refused("key_missing", _("这次提交缺少防重编号，请返回重试。")) from None
    held = paper_of(queries.find(who, number), paper)
    sending.send_paper(who, number, paper, party=party, link=checking.check_of(held, request).address, key=key)
    messages.success(request, _("已经发出，收到回执后记为送达。"))
    return redirect("file-paper", number, paper)


@needs(May.READ_FILES)
@require_safe
@never_cache
def envelope(request: HttpRequest, number: int, paper: int, party: int) -> HttpResponseBase:
    """The label for the envelope of a paper to one party."""
    found = queries.find(who_at(request), number)
    held = paper_of(found, paper)
    row = found.parties.filter(number=party, gone=False).first()
    if row is None:
        raise Missing("serve.party", _("案卷里没有这一方。"))
    name, address, phone = serving.posted_to(found, row)
    if not address:
        raise Refused("serve.address", _("没有这一方的地址。请先登记送达地址确认书，再打印信封标签。"))
    bureau = bureau_of(found.scope)
    label = {"name": name, "address": address, "phone": phone, "from": bureau.title if bureau else "",
             "number": held.number, "title": held.title}  # fmt: skip
    answer = HttpResponse(pdf.laid_out("label.typ", label), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=envelope-{held.pk}-{party}.pdf"
    return answer


class Confirming(BaseModel):
    """登记送达地址确认书"""

    address: str = Field(title="送达地址", max_length=200)
    receiver: str | None = Field(default=None, title="收件人", max_length=100, description="留空是当事人本人。")
    phone: str | None = Field(default=None, title="联系电话", max_length=30)
    channel: str | None = Field(
        default=None, title="同意的电子送达方式", description="不同意电子送达的留空。",
        json_schema_extra={"choices": {one: one for one in CHANNELS}, "widget": "select"},
    )  # fmt: skip
    electronic: str | None = Field(default=None, title="接收的号码或者地址", max_length=120)
    signed_on: date = Field(title="签署日期", json_schema_extra={"width": "short"})


@needs(May.HANDLE_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address(request: HttpRequest, number: int, party: int) -> HttpResponseBase:
    """Write down the address a party confirmed with its signature."""
    who = who_at(request)
    found = queries.find(who, number)
    row = found.parties.filter(number=party, gone=False).first()
    if row is None:
        raise Missing("serve.party", _("案卷里没有这一方。"))
    form = forms.from_model(Confirming, code="procedures.address", about=f"{number}-{party}")
    if request.method == "POST" and (given := form.read(request)):
        values = {name: value or "" for name, value in given.model_dump(exclude={"signed_on"}).items()}
        try:
            actions.confirm_address(who, number, party, signed_on=given.signed_on, key=UUID(str(form.key)), **values)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("已登记送达地址确认书。"))
            return redirect("file", number)
    context = {"file": found, "party": row, "form": form, "held": serving.address_of(found, party)}
    return render(request, "procedures/address.html", context, status=form.status)
