"""The page about the machine interface says all that its description says, and an example of it works as written."""

import json
import re
import shlex
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.publication.opendata import actions as opendata
from shiheng.registers import actions
from shiheng.site import interface
from shiheng.site.api import api
from tests import factories

DOCS = "/api/v1/docs"


def operations() -> list[tuple[str, interface.Operation]]:
    return interface.operations(api.get_openapi_schema(), interface.doors(api), "http://testserver")


def test_every_operation_parameter_and_field_says_what_it_means() -> None:
    found = operations()
    assert found
    for tag, one in found:
        assert tag, one.path
        assert one.title != one.path, f"{one.path} has no title"
        assert re.search("[\u4e00-\u9fff]", one.text), one.path
        for item in (*one.parameters, *(field for answer in one.answers for field in answer.fields)):
            assert re.search("[\u4e00-\u9fff]", item.meaning), f"{one.path}: {item.name} has no meaning"
        assert all(problem.meaning for problem in one.problems)


def test_every_operation_stands_on_the_page_with_an_anchor(db: None, client: Any) -> None:
    page = client.get(DOCS).content.decode()
    for _tag, one in operations():
        assert f'id="{one.anchor}"' in page
        assert f'href="#{one.anchor}"' in page
        assert one.callers in page
        for item in one.parameters:
            assert f'<code class="code">{item.name}</code>' in page
    for anchor in ("callers", "paging", "writing", "problems"):
        assert f'id="{anchor}"' in page
    assert 'href="http://testserver/api/v1/openapi.json"' in page
    assert "1 至 200，缺省 50" in page
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page))
    assert "swagger" not in page.lower()


def test_the_page_says_who_may_call_as_the_doors_do(db: None) -> None:
    told = {one.path: one for _tag, one in operations()}
    assert told["/api/v1/subjects"].callers == "任何人，不需要登录"
    assert told["/api/v1/desk/subjects"].callers == "已登录，且岗位是：科长、市局工作人员"
    assert not told["/api/v1/desk/subjects"].open


# Figures, and lists that are of the bureau itself.
OF_NO_BUSINESS = re.compile("/api/v1/(desk/(growth|powers|registers$)|open-data($|/subjects($|/changes)))")


def test_a_copied_line_asks_this_very_host_and_is_answered(offices: Any, clock: Any, sign_in: Any, client: Any) -> None:
    firm = factories.subject("云泽市临江区恒达酒楼")
    listed = actions.enter(SYSTEM, "quality.fixed_point", {"product": "电线", "grade": "B"}, subject=firm.pk)
    opendata.make(only="subjects")
    page = client.get(DOCS, headers={"host": "testserver"}).content.decode()
    lines = [unescape(line) for line in re.findall(r'<pre id="[^"]*-curl"[^>]*>([^<]+)</pre>', page)]
    assert len(lines) == len(operations())
    for line in lines:
        words = shlex.split(line)
        (address,) = (word for word in words if word.startswith("http"))
        assert address.startswith("http://testserver/api/v1/")
        asked = dict(words[n + 1].split("=", 1) for n, word in enumerate(words) if word == "--data-urlencode")
        browser = sign_in("chief") if "--cookie" in words else client
        url = (
            urlsplit(address)
            .path.replace("92449901MA0000001E", firm.uscc)
            .replace("/subjects/1/", f"/subjects/{firm.pk}/")
            .replace("/quality.fixed_point/1", f"/quality.fixed_point/{listed.pk}")
        )
        if any(word.startswith("Authorization: Bearer") for word in words):
            method = client.post if "POST" in words else client.get
            assert method(f"{url}?{urlencode(asked)}").status_code == 403, "without a token there is nothing to take"
            continue
        answer = browser.get(f"{url}?{urlencode(asked)}")
        if url == "/api/v1/desk/powers/compare":
            assert answer.status_code == 404, "no list of a higher bureau is in force here"
            continue
        assert answer.status_code == 200, (line, answer.content)
        told = json.dumps(answer.json(), ensure_ascii=False)
        assert firm.name in told or OF_NO_BUSINESS.match(url), "what is asked of a business bears its name"
        if "--cookie" in words:
            assert client.get(f"{url}?{urlencode(asked)}").status_code == 403


WRITING = {
    "info": {"version": "1"},
    "paths": {
        "/api/v1/things/{id}": {
            "post": {
                "operationId": "made", "tags": ["事项"], "summary": "登记一事", "description": "登记。",
                "parameters": [
                    {"in": "path", "name": "id", "required": True, "schema": {"type": "integer", "minimum": 1}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}},
                    "409": {},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "In": {"title": "In", "required": ["kind"], "properties": {
                "kind": {"type": "string", "enum": ["a", "b"], "description": "类别"},
                "text": {"type": "string", "minLength": 2, "maxLength": 9, "description": "内容"},
            }},
            "Tree": {"title": "Tree", "properties": {
                "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}], "description": "时刻"},
                "under": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}, "description": "下级"},
            }},
        }
    },
}  # fmt: skip


def test_a_write_is_told_with_its_body_its_key_and_its_limits() -> None:
    ((tag, one),) = interface.operations(WRITING, {"made": "needs:subjects.export"}, "https://a.example")
    assert (tag, one.method, one.anchor, one.writes, one.paged) == (
        "事项",
        "POST",
        "post-api-v1-things-id",
        True,
        False,
    )
    told = {item.name: (item.where, item.type, item.required, item.limits) for item in one.parameters}
    assert told == {
        "id": ("路径", "整数", True, "不小于 1"),
        "kind": ("请求体", "a / b", True, ""),
        "text": ("请求体", "文字", False, "不少于 2 字，不超过 9 字"),
    }
    (made,) = one.answers
    assert [(item.name, item.type) for item in made.fields] == [
        ("at", "时刻（ISO 8601） 或 null"),
        ("under", "列表"),
        ("under[].at", "时刻（ISO 8601） 或 null"),
        ("under[].under", "列表"),
    ]
    assert [(problem.status, problem.meaning[:6]) for problem in one.problems] == [(409, "与现有内容冲")]
    for said in ("--request POST", "Idempotency-Key", "'https://a.example/api/v1/things/id'", "--cookie"):
        assert said in one.curl


@pytest.mark.parametrize(
    ("door", "words"),
    [("anyone", "任何人"), ("signed_in", "已登录的人员"), ("", "已登录的人员"), ("needs:no.such", "岗位有这项权限")],
)
def test_a_door_in_words(door: str, words: str) -> None:
    assert words in interface.callers(door)
