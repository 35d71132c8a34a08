"""The form a file is opened with, and opening it as the form was filled in: of the desk and of the telephone alike."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.procedures import actions, bonds
from shiheng.procedures.contents import CONTACT
from shiheng.procedures.definition import PartyKind, Procedure
from shiheng.procedures.evidence import carrying
from shiheng.procedures.evidence.carried_views import CLEARED, choices_of
from shiheng.procedures.measures import queries as measures
from shiheng.procedures.measures.queries import Find
from shiheng.procedures.models import Evidence, Proceeding
from shiheng.registers.contents import choices_in
from shiheng.subjects import queries as subjects
from shiheng.subjects.persons import key_of
from shiheng.ui import forms
from shiheng.ui.forms import Form

SEEN = "heeded_"


def opening_form(
    procedure: Procedure, who: Who, earlier: Proceeding | None = None, *, heeded: bool = False
) -> Form[Any]:  # fmt: skip
    """The procedure's own facts, then each party, then day and office; what an earlier file knows is filled in.

    ``heeded``: measures of credit mean somebody named in it, and whoever opens it says that they were seen.
    """
    extra: dict[str, Any] = {}
    if heeded:
        extra[SEEN] = (bool, Field(default=False, title="已看到上面的信用提示", json_schema_extra={"draft": False}))
    for kind in _asked(procedure):
        extra |= _asked_of(kind)
    short = {"width": "short"}
    extra["day_"] = (
        date | None, Field(default=None, title="收到日期", description="留空是今天。",
                                 json_schema_extra={"group": "收到与承办", **short}),
    )  # fmt: skip
    places = list(offices_of(who))
    choices = choices_in(procedure.facts)
    if len(places) > 1:
        extra["scope_"] = (str, Field(title="承办单位"))
        choices["scope_"] = places
    start = bonds.filled(procedure, earlier) if earlier else {}
    filled = tuple(start)
    if earlier and any(path == earlier.scope for path, _title in places):
        start["scope_"] = earlier.scope  # the office that has the earlier file; another may be chosen
    bases: tuple[type[BaseModel], ...] = (procedure.facts,)
    if items := taken_over(procedure, who, earlier):
        bases = (Taking, procedure.facts)
        choices["carried_"] = choices_of(items)
        start["carried_"] = [str(row.pk) for row in items]
    model: type[BaseModel] = create_model("Opening", __base__=bases, **extra)
    return forms.from_model(
        model, code=f"procedures.{procedure.code}", about=str(earlier.pk) if earlier else "", choices=choices,
        initial=start, sources=dict.fromkeys(filled, earlier.number if earlier else ""),
    )  # fmt: skip


def taken_over(procedure: Procedure, who: Who, earlier: Proceeding | None) -> list[Evidence]:
    """The evidence of the earlier file that a new one can use."""
    return carrying.items_of(who, earlier) if earlier and procedure.bond and procedure.bond.carries else []


class Taking(BaseModel):
    """一并转入的证据"""

    carried_: list[str] = Field(
        default=[], title="转入哪些证据", json_schema_extra={"group": "一并转入的证据", "widget": "checkboxes"}
    )
    cleared_: bool = Field(default=False, title="已核对内容不显示须保密的身份", description=CLEARED)


def _asked(procedure: Procedure) -> list[PartyKind]:
    """Who is asked for when a file is opened."""
    return [kind for kind in procedure.parties if not kind.later]


def _asked_of(kind: PartyKind) -> dict[str, Any]:
    """What is asked of one party: its name, for a business its code, for a person how to reach it."""
    quiet: dict[str, Any] = {"draft": False} if kind.hidden else {}  # a draft lies on the disk as it was typed
    group: dict[str, Any] = {"group": kind.title, **quiet}
    optional = kind.hidden and not kind.sealed
    name: Any = (str | None, Field(default=None, title=f"{kind.title}名称", max_length=300, json_schema_extra=group))
    if not optional:
        name = (str, Field(title=f"{kind.title}名称", max_length=300, json_schema_extra=group))
    found: dict[str, Any] = {f"name_{kind.code}_": name}
    if kind.subject:
        hint = "统一社会信用代码或者主体编号；查不到的留空，以后再并。"
        code = Field(default=None, title="主体", description=hint, json_schema_extra={"widget": "code"})
        found[f"subject_{kind.code}_"] = (str | None, code)
    for fact, (title, _mask) in CONTACT.items():
        if kind.masked or fact != "id":
            asked = Field(default=None, title=title, max_length=200, json_schema_extra=dict(quiet))
            found[f"{fact}_{kind.code}_"] = (str | None, asked)
    return found


def offices_of(who: Who) -> list[tuple[str, str]]:
    """The offices in whose name ``who`` may open files."""
    held = Office.objects.filter(within(who.paths(May.HANDLE_FILES), "path"), closed_on=None)
    return list(held.order_by("path").values_list("path", "title"))


def heeds(procedure: Procedure, values: dict[str, Any]) -> list[Find]:
    """The measures of credit that mean somebody named in an opening form, before anything is opened."""
    firms, people = [], []
    for kind in _asked(procedure):
        text, name = values.get(f"subject_{kind.code}_"), str(values.get(f"name_{kind.code}_") or "")
        if text:
            firms.append(subjects.by_key(str(text)))
        elif name:
            number = str(values.get(f"id_{kind.code}_") or "")
            people.append(measures.Somebody(name, key_of(number) if number else ""))
    return measures.meaning(procedure.code, firms, people, clock.today())


def open_from(
    who: Who, procedure: Procedure, values: dict[str, Any], key: UUID, earlier: Proceeding | None
) -> Proceeding:
    """Open a file as its opening form was filled in."""
    facts = {n: values[n] for n in procedure.facts.model_fields if values.get(n) is not None}
    standing, firm = [], None
    for kind in _asked(procedure):
        name, text = values.get(f"name_{kind.code}_"), values.get(f"subject_{kind.code}_")
        number = subjects.by_key(str(text)) if text else None
        firm = number or firm
        contact = {fact: str(values.get(f"{fact}_{kind.code}_") or "") for fact in CONTACT}
        if name:
            standing.append(actions.Standing(kind.code, name, contact, number))
    return actions.open_file(
        who, procedure.code, facts, parties=standing, subject=firm, day=values.get("day_"),
        scope=values.get("scope_") or "", about=earlier.pk if earlier else None,
        carried=[int(one) for one in values.get("carried_") or ()], cleared=bool(values.get("cleared_")), key=key,
    )  # fmt: skip
