"""Import and export of offices and officers: template, upload, preview, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field

from shiheng.accounts import actions, layouts, queries
from shiheng.accounts.doors import View, needs, who_at
from shiheng.accounts.loading import Loaded
from shiheng.accounts.permissions import May, Who
from shiheng.kernel.errors import Refused
from shiheng.ledger import files
from shiheng.ui import forms, htmx
from shiheng.ui.pages import render

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREVIEW_SECONDS = 3600
SHOWN = 200


class Upload(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: Annotated[
        UploadedFile,
        Field(
            title="Excel 文件", description="按模板填写的 .xlsx，不超过 10 MB", json_schema_extra={"accept": ".xlsx"}
        ),
    ]


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between offices and officers."""

    code: str
    title: str
    power: str
    sheets: tuple[layouts.Sheet, ...]
    load: Callable[..., Loaded]
    rows: Callable[[Who], list[tuple[layouts.Sheet, layouts.Rows]]]


def _office_rows(who: Who) -> list[tuple[layouts.Sheet, layouts.Rows]]:
    return [(layouts.OFFICES, queries.office_rows(who)), (layouts.TOWNS, queries.town_rows(who))]


def _officer_rows(who: Who) -> list[tuple[layouts.Sheet, layouts.Rows]]:
    return [(layouts.OFFICERS, queries.officer_rows(who))]


OFFICES = Kind(
    "offices", "机构", May.MANAGE_OFFICES, (layouts.OFFICES, layouts.TOWNS), actions.load_offices_xlsx, _office_rows
)
PEOPLE = Kind("people", "人员", May.MANAGE_ACCOUNTS, (layouts.OFFICERS,), actions.load_officers_xlsx, _officer_rows)


def _upload(kind: Kind) -> View:
    @needs(kind.power)
    def upload(request: HttpRequest) -> HttpResponse:
        """Choose a file; what it would do is shown before anything is written."""
        form = forms.from_model(Upload, code=f"accounts.{kind.code}")
        loaded, token = None, ""
        if request.method == "POST" and (value := form.read(request)):
            try:
                content = value.file.read()
                loaded = kind.load(who_at(request), content, apply=False)
            except Refused as problem:
                form.refuse(problem)
            else:
                if loaded.changes and not loaded.faults:
                    token = _token(who_at(request), kind, files.keep(BytesIO(content)).sha256)
        context = {
            "title": _(kind.title), "form": form, "loaded": loaded, "token": token, "key": form.key, "shown": SHOWN,
            "list": reverse(kind.code), "apply": reverse(f"{kind.code}-apply"),
            "template": reverse(f"{kind.code}-template"), "sheets": kind.sheets,
        }  # fmt: skip
        status = 422 if loaded is not None and loaded.faults else form.status
        return render(request, "accounts/load.html", context, status=status)

    return upload


def _apply(kind: Kind) -> View:
    @needs(kind.power)
    @require_POST
    def confirm(request: HttpRequest) -> HttpResponse:
        """Write what the preview showed; what has changed since is judged anew."""
        who = who_at(request)
        content = files.path_of(_sha256(request, who, kind)).read_bytes()
        loaded = kind.load(who, content, apply=True, key=UUID(request.POST["_key"]))
        if not loaded.applied:
            context = {"kind": kind, "loaded": loaded, "form": forms.from_model(Upload), "list": reverse(kind.code),
                       "template": reverse(f"{kind.code}-template"), "sheets": kind.sheets, "shown": SHOWN}  # fmt: skip
            return render(request, "accounts/load.html", context, status=422)
        told = {"rows": loaded.rows, "changes": len(loaded.changes)}
        messages.success(request, _("已导入：共 %(rows)s 行，写入 %(changes)s 处。") % told)
        return htmx.redirect(request, reverse(kind.code))

    return confirm


def _export(kind: Kind) -> View:
    @needs(kind.power)
    def export(request: HttpRequest) -> HttpResponse:
        """What is held, in the layout of the import."""
        return _workbook(layouts.workbook(*kind.rows(who_at(request))), f"{kind.title}.xlsx")

    return export


def _template(kind: Kind) -> View:
    @needs(kind.power)
    def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
        """The empty layout with one row of examples."""
        return _workbook(layouts.template(*kind.sheets), f"{kind.title}导入模板.xlsx")

    return template


upload_offices, apply_offices = _upload(OFFICES), _apply(OFFICES)
export_offices, template_offices = _export(OFFICES), _template(OFFICES)
upload_people, apply_people = _upload(PEOPLE), _apply(PEOPLE)
export_people, template_people = _export(PEOPLE), _template(PEOPLE)


def _token(who: Who, kind: Kind, sha256: str) -> str:
    return signing.dumps([who.key, kind.code, sha256], salt="accounts.load")


def _sha256(request: HttpRequest, who: Who, kind: Kind) -> str:
    try:
        owner, code, sha256 = signing.loads(
            request.POST.get("token", ""), salt="accounts.load", max_age=PREVIEW_SECONDS
        )
        UUID(request.POST.get("_key", ""))
    except (signing.BadSignature, ValueError):
        raise Refused("preview.stale", "预览已超过一小时或不完整，请重新上传文件。") from None
    if (owner, code) != (who.key, kind.code):
        raise Refused("preview.other", "这份预览不是您的，请重新上传文件。")
    return str(sha256)


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=WORKBOOK)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
