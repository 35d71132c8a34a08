"""Forms made from Pydantic models: one declaration gives labels, hints, checks, errors in Chinese and the value.

Titles and hints stand in ``Field(title=…, description=…)``; how a field is asked stands in ``json_schema_extra``:
``{"widget": …}``  ``textarea``, ``money`` (yuan typed, fen kept), ``radio``, ``password``, ``file``, ``lines`` (one a
                   line), ``hidden``, ``code``, ``search``; else the type decides
``{"choices": …}`` gives codes their titles, ``{"food": "食品"}``
``{"group": …}``   begins a fieldset with this title
``{"source": …}``  marks what the file already knew, ``"登记机关，2026-03-02"``
``{"draft": …}``   False keeps a field out of drafts
``{"width": …}``   ``short`` or ``medium``: how long an answer is
"""

import types
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Problem, Refused
from shiheng.ui import drafts, formats
from shiheng.ui.models import Draft
from shiheng.ui.pages import owner_of
from shiheng.ui.wording import in_words, say

Value = TypeVar("Value", bound=BaseModel)
Choice = tuple[str, str]

WIDGETS = {
    "text",
    "textarea",
    "money",
    "number",
    "day",
    "moment",
    "select",
    "radio",
    "checkbox",
    "checkboxes",
    "lines",
    "file",
    "password",
    "hidden",
    "code",
    "search",
}
FEW = 5


@dataclass
class FormField:
    """One question as the page asks it and what stands in it now."""

    name: str
    title: str
    widget: str
    required: bool
    kind: Any
    _: KW_ONLY
    hint: str = ""
    choices: Sequence[Choice] = ()
    group: str = ""
    source: str = ""
    width: str = ""
    accept: str = ""
    drafted: bool = True
    limits: dict[str, Any] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def lines(self) -> str:
        return "\n".join(self.values)

    @property
    def checked(self) -> bool:
        return self.value in {"1", "on", "true"}

    @property
    def options(self) -> list[tuple[str, str, bool, int]]:
        return [(v, t, v in self.values, n) for n, (v, t) in enumerate(self.choices)]

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}-hint"] if self.hint or self.source else []
        return " ".join([*ids, f"{self.id}-error"] if self.error else ids)

    @property
    def many(self) -> bool:
        return self.widget in {"radio", "checkboxes"}

    @property
    def anchor(self) -> str:
        """Where the error summary leads: the control itself, of a group its first choice."""
        return f"{self.id}-0" if self.many else self.id


@dataclass
class Form(Generic[Value]):
    """A form for one model. Unread it shows ``initial``; read and refused it keeps every value with its error."""

    model: type[Value]
    code: str
    fields: list[FormField]
    about: str = ""
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    errors: list[tuple[str, str]] = field(default_factory=list)  # (anchor or "", sentence)
    bound: bool = False

    def __getitem__(self, name: str) -> FormField:
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)

    @property
    def groups(self) -> list[tuple[str, list[FormField]]]:
        found: list[tuple[str, list[FormField]]] = []
        for item in self.fields:
            if not found or (item.group and item.group != found[-1][0]):
                found.append((item.group, []))
            found[-1][1].append(item)
        return found

    @property
    def has_file(self) -> bool:
        return any(f.widget == "file" for f in self.fields)

    @property
    def undrafted(self) -> str:
        return ",".join(f.name for f in self.fields if not f.drafted)

    @property
    def with_drafts(self) -> bool:
        return any(f.drafted for f in self.fields)

    def read(self, request: HttpRequest) -> Value | None:
        """What was sent, checked; None (with ``errors``) when it cannot be taken."""
        return self.check(request.POST, request.FILES)

    def check(self, posted: QueryDict, files: MultiValueDict[str, UploadedFile] | None = None) -> Value | None:
        """The same for values from elsewhere."""
        self.bound = True
        self.key = _key_of(posted.get("_key", ""))
        self._take(posted)
        raw: dict[str, Any] = {}
        for item in self.fields:
            try:
                given = _parse(item, posted, files or MultiValueDict())
            except ValueError as fault:
                item.error = str(say(str(fault)))
                continue
            if given is not None:
                raw[item.name] = given
            elif item.required:
                item.error = _asked_for(item)
        value = self._validated(raw)
        self._summarise()
        return value

    def _validated(self, raw: dict[str, Any]) -> Value | None:
        try:
            value = self.model.model_validate(raw)
        except ValidationError as fault:
            for problem in fault.errors(include_url=False):
                name = str(problem["loc"][0]) if problem["loc"] else ""
                sentence = in_words(problem)
                if not any(f.name == name for f in self.fields):
                    self.errors.append(("", sentence))
                elif not self[name].error:
                    self[name].error = sentence
            return None
        return None if any(f.error for f in self.fields) else value

    def _summarise(self) -> None:
        of_fields = [(f.anchor, _labelled(f, f.error)) for f in self.fields if f.error]
        self.errors = [*of_fields, *self.errors]

    def refuse(self, problem: Problem) -> None:
        """Show a refusal of the action on the form itself; ``field=`` among its details points at a question."""
        name = str(problem.details.get("field", ""))
        if any(f.name == name for f in self.fields):
            self[name].error = say(problem.message)
            self.errors.append((self[name].anchor, _labelled(self[name], say(problem.message))))
        else:
            self.errors.append(("", say(problem.message)))

    def _take(self, posted: QueryDict) -> None:
        for item in self.fields:
            if item.widget in {"file", "password"}:
                item.values = []
            elif item.widget == "lines":
                item.values = posted.get(item.name, "").splitlines()
            else:
                item.values = posted.getlist(item.name)

    def offered_draft(self, request: HttpRequest) -> Draft | None:
        """The draft to offer on an unread form; ``?_draft=1`` has taken it up and fills the form."""
        if self.bound or not self.with_drafts:
            return None
        draft = drafts.find(owner_of(request), self.code, self.about)
        if draft and request.GET.get("_draft") == "1":
            self._take(drafts.as_posted(draft.data))
        return draft

    @property
    def status(self) -> int:
        """The status of the page that shows this form."""
        return 422 if self.errors else 200


def from_model(
    model: type[Value],
    *,
    initial: Mapping[str, Any] | BaseModel | None = None,
    code: str = "",
    about: str = "",
    choices: Mapping[str, Sequence[Choice]] | None = None,
    sources: Mapping[str, str] | None = None,
) -> Form[Value]:
    """A form for ``model``. ``about`` tells drafts of one form about different objects apart; ``choices`` gives the
    options of a text field that only the request knows; ``sources`` says where a filled-in value comes from."""
    held = initial.model_dump() if isinstance(initial, BaseModel) else dict(initial or {})
    fields = []
    for name, info in model.model_fields.items():
        made = _field(name, info, list((choices or {}).get(name, ())))
        made.source = say((sources or {}).get(name, made.source))
        start = held[name] if name in held else _default(info)
        made.values = as_typed(made, start)
        fields.append(made)
    return Form(
        model=model, code=code or f"{model.__module__.split('.')[-2]}.{model.__name__}", fields=fields, about=str(about)
    )


def _default(info: FieldInfo) -> Any:
    default = info.get_default(call_default_factory=True) if not info.is_required() else None
    return None if default is PydanticUndefined else default


def _field(name: str, info: FieldInfo, given: list[Choice]) -> FormField:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    kind, optional = _bare(info.annotation)
    many = get_origin(kind) in {list, tuple, set, frozenset}
    inner = _bare(get_args(kind)[0])[0] if many and get_args(kind) else kind
    choices = given or _declared(extra) or _choices(inner)
    widget = str(extra.get("widget", "")) or _widget(kind, many=many, choices=choices, inner=inner)
    if widget not in WIDGETS:
        raise ValueError(f"field {name!r}: no widget {widget!r}")
    required = info.is_required() and not optional and kind is not bool
    if widget == "select":
        choices = [("", "请选择"), *choices]
    elif widget == "radio" and not required and not any(v == "" for v, _ in choices):
        choices = [*choices, ("", "不填写")]
    return FormField(
        name,
        str(say(info.title or name)),
        widget,
        required,
        kind,
        hint=str(say(info.description or "")),
        choices=[(v, str(say(t))) for v, t in choices],
        group=str(say(extra.get("group", ""))),
        source=str(extra.get("source", "")),
        width=str(extra.get("width", "")),
        accept=str(extra.get("accept", "")),
        drafted=bool(extra.get("draft", True)) and widget not in {"password", "file", "hidden"},
        limits=_limits(info, extra),
    )


def _bare(kind: Any) -> tuple[Any, bool]:
    """The type without ``Annotated`` and ``| None``, and whether None was allowed."""
    optional = False
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in {Union, types.UnionType} and type(None) in get_args(kind):
            rest = [a for a in get_args(kind) if a is not type(None)]
            kind, optional = (rest[0] if len(rest) == 1 else Union[tuple(rest)]), True  # noqa: UP007
        else:
            return kind, optional


def _choices(kind: Any) -> list[Choice]:
    """Options of a Literal or an Enum; an enum's Chinese titles stand in its ``title`` property."""
    if get_origin(kind) is Literal:
        return [(str(v), str(v)) for v in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [(str(m.value), str(_title_of(m))) for m in kind]
    return []


def _declared(extra: Mapping[str, Any]) -> list[Choice]:
    """Titles of a Literal's codes: ``json_schema_extra={"choices": {"food": "食品"}}``."""
    given = extra.get("choices")
    return [(str(v), str(t)) for v, t in given.items()] if isinstance(given, Mapping) else []


def _title_of(member: Enum) -> Any:
    title = getattr(member, "title", None)
    return title if isinstance(title, str) else member.value


def _widget(kind: Any, *, many: bool, choices: list[Choice], inner: Any) -> str:
    if isinstance(inner, type) and issubclass(inner, UploadedFile):
        return "file"
    if many:
        return "checkboxes" if choices else "lines"
    if choices:
        return "radio" if len(choices) <= FEW else "select"
    by_kind: dict[Any, str] = {
        bool: "checkbox",
        int: "number",
        float: "number",
        Decimal: "number",
        date: "day",
        datetime: "moment",
    }
    return by_kind.get(kind, "text")


def _limits(info: FieldInfo, extra: Mapping[str, Any]) -> dict[str, Any]:
    """HTML attributes from the field's own limits: the same check, told earlier."""
    found: dict[str, Any] = {}
    for rule in info.metadata:
        if getattr(rule, "max_length", None) is not None:
            found["maxlength"] = rule.max_length
        for attribute, name in (("ge", "min"), ("le", "max")):
            if getattr(rule, attribute, None) is not None and extra.get("widget") != "money":
                found[name] = getattr(rule, attribute)
    for name in ("autocomplete", "inputmode", "placeholder", "rows"):
        if name in extra:
            found[name] = say(extra[name])
    return found


def as_typed(item: FormField, value: Any) -> list[str]:
    """A value as somebody would have typed it."""
    if value is None or isinstance(value, UploadedFile):
        return []
    if isinstance(value, list | tuple | set | frozenset):
        return [text for v in value for text in as_typed(item, v)]
    if item.widget == "money":
        return [f"{formats.yuan(value):.2f}"]
    if isinstance(value, bool):
        return ["1"] if value else []
    if isinstance(value, datetime):
        return [f"{value.astimezone(SHANGHAI) if value.tzinfo else value:%Y-%m-%dT%H:%M}"]
    if isinstance(value, Enum):
        return [str(value.value)]
    return [f"{value:f}" if isinstance(value, Decimal) else str(value)]


def _key_of(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise Refused("key_missing", "这次提交缺少防重编号。请刷新页面后重新提交。") from None


def _asked_for(item: FormField) -> str:
    chosen = item.choices or item.widget == "file"
    return (_("请选择%(title)s") if chosen else _("请填写%(title)s")) % {"title": item.title}


def _labelled(item: FormField, sentence: str) -> str:
    return _("%(title)s：%(sentence)s") % {"title": item.title, "sentence": sentence}


def _parse(item: FormField, posted: QueryDict, files: MultiValueDict[str, UploadedFile]) -> Any:
    """What was typed as the model's own kind; None when nothing was; ValueError in Chinese when it makes no sense."""
    if item.widget == "file":
        given = files.getlist(item.name)
        return (given or None) if get_origin(item.kind) in {list, tuple} else (given[0] if given else None)
    if item.widget == "lines":
        return [line.strip() for line in item.values if line.strip()] or None
    if item.widget == "checkboxes":
        return item.values or None
    if item.widget == "checkbox":
        return item.checked
    return typed(item, posted.get(item.name, "") if item.widget == "password" else item.value.strip())


def typed(item: FormField, text: str) -> Any:
    """One text somebody typed, or a cell holds, as the model's own kind; ValueError in Chinese when it is none."""
    if text == "":
        return None
    if "\x00" in text:
        raise ValueError("含有不能保存的控制字符")
    if item.choices and text not in {v for v, _ in item.choices}:
        raise ValueError("请从给出的选项中选择")
    return _PARSERS[item.widget](text) if item.widget in _PARSERS else text


def _money(text: str) -> int:
    """Yuan as typed, in fen; more than two decimals are not rounded away but told."""
    try:
        value = Decimal(text.replace(",", "").replace("，", "").removeprefix("¥").removesuffix("元"))
    except InvalidOperation:
        raise ValueError("请填写数字，例如 12345.00") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 13:
        raise ValueError("金额超出可填写的范围")
    if value * 100 != int(value * 100):
        raise ValueError("金额最多到分（两位小数）")
    return int(value * 100)


def _number(text: str) -> str:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError("请填写数字") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 18:
        raise ValueError("数字超出可填写的范围")
    return f"{value:f}"


def day_of(text: str) -> date:
    """A day as people write it: 2026-11-21, 2026/11/21, 2026年11月21日. ValueError in Chinese when it is none."""
    for separator in "/.年月":  # not shown: read, not said
        text = text.replace(separator, "-")
    parts = text.rstrip("日- ").split("-")  # not shown: read, not said
    try:
        return date(*(int(p) for p in parts))
    except (ValueError, TypeError):
        raise ValueError("请按 2026-11-21 的格式填写日期") from None


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("请按 2026-11-21 14:05 的格式填写时间") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


_PARSERS: dict[str, Any] = {"money": _money, "number": _number, "day": day_of, "moment": _moment}
