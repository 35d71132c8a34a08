"""接口说明: the machine interface as a page to read, made from its own OpenAPI description.

Whatever a room adds to the interface stands here without another word written; what is missing (the meaning of a
parameter or a field) is missing in the description, and a test says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from shiheng.accounts.permissions import POWERS, ROLE_TITLES
from shiheng.ui import pages
from shiheng.ui.wording import say

WHERE = {"path": "路径", "query": "查询串", "header": "请求头", "cookie": "Cookie", "body": "请求体"}
TYPES = {
    "string": "文字", "integer": "整数", "number": "数值", "boolean": "true 或 false", "array": "列表",
    "object": "键值", "null": "null",
}  # fmt: skip
FORMATS = {"date": "日期", "date-time": "时刻（ISO 8601）", "uuid": "UUID"}
STATUSES = {
    200: "成功", 201: "已建立", 202: "已受理，稍后完成", 204: "成功，没有内容",
    400: "请求不合要求：参数的值、游标或幂等键有误", 401: "没有登录，或凭证无效", 403: "没有登录，或岗位没有这项权限",
    404: "没有这项内容，或不在权限范围内", 409: "与现有内容冲突，如同一幂等键带了不同的内容",
    422: "参数缺少或不合类型与限度，逐项见 details.errors", 429: "请求过于频繁", 503: "暂时不能服务，稍后重试",
}  # fmt: skip
READING = frozenset({"get", "head"})


# Receivers of subscriptions are known by the token of theirs, not by a session.
RECEIVERS = ("/exchange/", "/match")
# What is sent there is a question: nothing is written.
QUESTIONS = "/match"


@dataclass(frozen=True, slots=True)
class Item:
    """A parameter of a call, or a field of what is sent or answered; ``name`` tells its place in nested content."""

    name: str
    type: str
    meaning: str
    where: str = ""
    required: bool = False
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One status a call may answer with."""

    status: int
    meaning: str
    fields: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask of the interface."""

    anchor: str
    method: str
    path: str
    title: str
    text: str
    open: bool
    callers: str
    parameters: list[Item]
    answers: list[Answer]
    problems: list[Answer]
    curl: str
    paged: bool
    writes: bool


class Page(DocsBase):
    """What stands at ``docs``: a page in the house's own frame, in plain HTML."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        origin = f"{request.scheme}://{request.get_host()}"
        found = operations(schema, doors(api), origin)
        groups: dict[str, list[Operation]] = {}
        for tag, operation in found:
            groups.setdefault(tag, []).append(operation)
        context = {
            "groups": sorted(groups.items(), key=lambda group: not all(operation.open for operation in group[1])),
            "openapi": request.build_absolute_uri(self.get_openapi_url(api, kwargs)),
            "problem": list(fields_of(schema, {"$ref": "#/components/schemas/ProblemOut"})),
            "writes": any(operation.writes for _tag, operation in found),
            "sign_in": reverse("account_login"),
        }
        return pages.render(request, "site/interface.html", context)


def doors(api: NinjaAPI) -> dict[str, str]:
    """Operation → the door of its view, as the decorator wrote it down."""
    return {
        api.get_openapi_operation_id(operation): str(getattr(operation.view_func, "door", ""))
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }


def operations(schema: Mapping[str, Any], doors: Mapping[str, str], origin: str) -> list[tuple[str, Operation]]:
    """Everything that can be asked, with its heading, in the order of the description."""
    return [
        (
            next(iter(told.get("tags", ())), ""),
            _operation(schema, path, method, told, doors.get(told["operationId"], ""), origin),
        )
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    ]


def _operation(
    schema: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any], door: str, origin: str
) -> Operation:
    parameters = [_parameter(schema, one) for one in told.get("parameters", ())]
    for content in told.get("requestBody", {}).get("content", {}).values():
        parameters += [_in_body(one) for one in fields_of(schema, content["schema"])]
    answers = [_answer(schema, int(status), one) for status, one in told["responses"].items()]
    names = {one.name for one in parameters}
    return Operation(
        anchor=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        method=method.upper(),
        path=path,
        title=told.get("summary", path),
        text=told.get("description", ""),
        open=door == "anyone",
        callers=callers(door),
        parameters=parameters,
        answers=[answer for answer in answers if answer.status < 400],
        problems=[answer for answer in answers if answer.status >= 400],
        curl=curl(path, method, told, door, origin),
        paged={"limit", "cursor"} <= names,
        writes=method not in READING and QUESTIONS not in path,
    )


def callers(door: str) -> str:
    """Who passes a door, in words."""
    if door == "anyone":
        return _("任何人，不需要登录")
    powers = set(door.removeprefix("needs:").split(",")) if door.startswith("needs:") else set()
    if not powers:
        return _("已登录的人员")
    roles = [say(ROLE_TITLES[role]) for role, held in POWERS.items() if powers <= {str(power) for power in held}]
    return _("已登录，且岗位是：%(roles)s") % {"roles": _("、").join(roles)} if roles else _("已登录，且岗位有这项权限")


def curl(path: str, method: str, told: Mapping[str, Any], door: str, origin: str) -> str:
    """A line to copy into a terminal: what is required filled with its example, signed in where that is needed."""
    steps = ["curl"]
    asked = [one for one in told.get("parameters", ()) if one["in"] == "query" and (one["required"] or _shown(one))]
    for one in told.get("parameters", ()):
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(_example(one)))
    if method in READING and asked:
        steps.append("--get")
    elif method not in READING:
        steps += ["--request", method.upper()]
        steps += [] if QUESTIONS in path else ["--header", "'Idempotency-Key: '$(uuidgen)"]
    steps.append(f"'{origin}{path}'")
    if any(part in path for part in RECEIVERS):
        steps += ["--header", "'Authorization: Bearer …'"]
    elif door != "anyone":
        steps += ["--cookie", f"'{settings.SESSION_COOKIE_NAME}=…'"]
    for one in asked:
        steps += ["--data-urlencode", f"'{one['name']}={_example(one)}'"]
    if "requestBody" in told:
        steps += ["--json", "@-"]
    return " ".join(steps)


def _shown(one: Mapping[str, Any]) -> bool:
    return one["name"] == "limit"


def _example(one: Mapping[str, Any]) -> str:
    """A value to try: the one the description gives, else its default, else its own name."""
    told = one.get("schema", {})
    given = next(iter(told.get("examples", ())), None) or told.get("default")
    return str(given).replace("'", "") if given not in (None, "") else one["name"]


def _parameter(schema: Mapping[str, Any], one: Mapping[str, Any]) -> Item:
    told = _resolved(schema, one["schema"])
    return Item(
        name=one["name"],
        type=type_of(schema, told),
        meaning=one.get("description") or told.get("description", ""),
        where=say(WHERE[one["in"]]),
        required=bool(one.get("required")),
        limits=limits_of(told),
    )


def _in_body(one: Item) -> Item:
    return Item(one.name, one.type, one.meaning, say(WHERE["body"]), one.required, one.limits)


def _answer(schema: Mapping[str, Any], status: int, told: Mapping[str, Any]) -> Answer:
    meaning = say(STATUSES[status]) if status in STATUSES else told.get("description", "")
    if status >= 400:
        return Answer(status, meaning)
    return Answer(
        status,
        meaning,
        [one for content in told.get("content", {}).values() for one in fields_of(schema, content["schema"])],
    )


def _resolved(schema: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reference followed to what it names."""
    while "$ref" in told:
        told = schema["components"]["schemas"][told["$ref"].rpartition("/")[2]]
    return told


def _kinds(schema: Mapping[str, Any], told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The forms a value may take, ``null`` among them."""
    told = _resolved(schema, told)
    return [_resolved(schema, one) for one in told.get("anyOf", (told,))]


def type_of(schema: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """What kind of value, in words."""
    words = []
    for kind in _kinds(schema, told):
        word = say(FORMATS.get(kind.get("format", ""), "") or TYPES.get(kind.get("type", ""), "任意"))
        if "enum" in kind:
            word = " / ".join(str(value) for value in kind["enum"])
        words.append(word)
    return _(" 或 ").join(words)


def limits_of(told: Mapping[str, Any]) -> str:
    """How long, how large, and what it is when left out."""
    said = []
    if "minimum" in told and "maximum" in told:
        said.append(_("%(least)s 至 %(most)s") % {"least": told["minimum"], "most": told["maximum"]})
    elif "minimum" in told or "maximum" in told:
        key, text = ("minimum", _("不小于 %(n)s")) if "minimum" in told else ("maximum", _("不大于 %(n)s"))
        said.append(text % {"n": told[key]})
    if told.get("minLength"):
        said.append(_("不少于 %(n)s 字") % {"n": told["minLength"]})
    if "maxLength" in told:
        said.append(_("不超过 %(n)s 字") % {"n": told["maxLength"]})
    if told.get("default") not in (None, ""):
        said.append(_("缺省 %(value)s") % {"value": told["default"]})
    return _("，").join(said)


def fields_of(
    schema: Mapping[str, Any], told: Mapping[str, Any], prefix: str = "", above: tuple[str, ...] = ()
) -> Iterator[Item]:
    """Every field of a content, those of nested content after the field that holds them: ``items[].name``."""
    held = _resolved(schema, told)
    needed = set(held.get("required", ()))
    for name, one in held.get("properties", {}).items():
        place = f"{prefix}{name}"
        meaning = one.get("description") or ""
        yield Item(place, type_of(schema, one), meaning, required=name in needed, limits=limits_of(one))
        for kind in _kinds(schema, one):
            inner, mark = (kind.get("items", {}), "[].") if kind.get("type") == "array" else (kind, ".")
            shape = _resolved(schema, inner)
            title = str(shape.get("title", ""))
            if "properties" in shape and title not in above:
                yield from fields_of(schema, shape, f"{place}{mark}", (*above, title))
