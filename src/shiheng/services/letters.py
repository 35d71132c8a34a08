"""The form of a letter from outside: what its procedure asks, who writes, whom it is about, where it goes."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, create_model

from shiheng.accounts.models import Office
from shiheng.kernel import clock
from shiheng.procedures.actions import Standing
from shiheng.procedures.contents import CONTACT, all_on
from shiheng.procedures.definition import PartyKind, Procedure
from shiheng.registers.contents import choices_in
from shiheng.subjects import queries as subjects
from shiheng.ui import forms
from shiheng.ui.forms import Form

ANY = ConfigDict(arbitrary_types_allowed=True)
FILES = ("file_1_", "file_2_", "file_3_")


def offered() -> list[Procedure]:
    """What anybody may send by the net, as their lines declare it."""
    return [one for one in all_on(clock.today()) if one.public is not None]


def bureaus() -> list[Office]:
    """Where a letter can go: the bureaus of the districts, or the one there is."""
    held = list(Office.objects.filter(kind="district", closed_on=None).order_by("path"))
    return held or list(Office.objects.filter(kind="city", closed_on=None).order_by("path"))


def writer(procedure: Procedure) -> PartyKind | None:
    """As what the person who writes stands in the file."""
    return next((kind for kind in procedure.parties if kind.masked), None)


def meant(procedure: Procedure) -> PartyKind | None:
    """As what the business stands in it that the letter is about."""
    return next((kind for kind in procedure.parties if kind.subject), None)


def form(procedure: Procedure) -> Form[Any]:
    """What is asked of whoever writes."""
    fields: dict[str, Any] = {}
    if kind := meant(procedure):
        group: dict[str, Any] = {"group": _("被反映的经营者")}
        hint = "营业执照、招牌、小票或者网店上的名称。"
        fields["firm_"] = (str, Field(title=f"{kind.title}名称", max_length=300, description=hint,
                                      json_schema_extra=group))  # fmt: skip
        fields["firm_code_"] = (str | None, Field(default=None, title="统一社会信用代码", max_length=18,
                                                  description="不知道的留空。"))  # fmt: skip
        fields["place_"] = (str | None, Field(default=None, title="地址", max_length=200,
                                              description="店铺的地址或者网址。"))  # fmt: skip
    if kind := writer(procedure):
        group = {"group": _("您的信息")}
        fields["name_"] = _name(kind, group)
        required = not kind.hidden
        hint = "用于告知结果和查询进度，经营者看不到。" if required else "匿名的留空；凭查询码也能查询结果。"
        if not meant(procedure):
            hint = "用于告知结果和查询进度。"
        phone: Any = (str, Field(title="联系电话", max_length=20, description=hint))
        fields["phone_"] = phone if required else (str | None, Field(default=None, title="联系电话", max_length=20,
                                                                     description=hint))  # fmt: skip
        fields["address_"] = (str | None, Field(default=None, title="通讯地址", max_length=200))
    hint = "照片、票据、聊天截图等，每个不超过 20 MB。"
    for n, name in enumerate(FILES):
        extra: dict[str, Any] = {"group": _("材料")} if n == 0 else {}
        fields[name] = (UploadedFile | None, Field(default=None, title=f"附件 {n + 1}", json_schema_extra=extra,
                                                   description=hint if n == 0 else None))  # fmt: skip
    places = [(one.path, one.title) for one in bureaus()]
    choices = dict(choices_in(procedure.facts))
    if len(places) > 1:
        to = "发生地的市场监管局" if meant(procedure) else "受理的市场监管局"
        fields["scope_"] = (str, Field(title=to, json_schema_extra={"group": _("提交给")}))
        choices["scope_"] = places
    asked: dict[str, Any] = {
        name: (info.annotation, info)
        for name, info in procedure.facts.model_fields.items()
        if name not in (procedure.public or {})
    }
    model: type[BaseModel] = create_model("Letter", __config__=ANY, **asked, **fields)
    return forms.from_model(model, code=f"services.{procedure.code}", choices=choices)


def _name(kind: PartyKind, group: dict[str, Any]) -> Any:
    if kind.hidden:
        return (str | None, Field(default=None, title="姓名", max_length=60, description="匿名的留空。",
                                  json_schema_extra=group))  # fmt: skip
    return (str, Field(title="姓名", max_length=60, description="投诉须用真实姓名。" if kind.subject else None,
                       json_schema_extra=group))  # fmt: skip


def taken(procedure: Procedure, values: dict[str, Any]) -> tuple[dict[str, Any], list[Standing], str]:
    """What was filled in, as a file takes it: its facts, who stands in it, and where it goes."""
    facts = {n: values[n] for n in procedure.facts.model_fields if values.get(n) is not None}
    standing: list[Standing] = []
    firm, person = meant(procedure), writer(procedure)
    if person is not None:
        name = values.get("name_") or (str(_("匿名")) if person.hidden else "")
        contact = {fact: str(values.get(f"{fact}_") or "") for fact in CONTACT}
        standing.append(Standing(person.code, name, contact))
        if person.hidden and "anonymous" in procedure.facts.model_fields:
            facts["anonymous"] = not values.get("name_")
    if firm is not None and values.get("firm_"):
        code = str(values.get("firm_code_") or "").strip().upper()
        found = subjects.by_key(code) if code else None
        standing.append(Standing(firm.code, str(values["firm_"]), {"address": str(values.get("place_") or "")}, found))
    offices = bureaus()
    chosen = next((one.path for one in offices if one.path == values.get("scope_")), "")
    return facts, standing, chosen or (offices[0].path if offices else "")
