"""What a credit report says, as data and as a document: the same words in both, in the order of its parts."""

from collections.abc import Iterable
from typing import Any

from shiheng.publication.portal.projection import PublicFile, PublicRecord
from shiheng.ui.documents import Check, Document, Made

TITLE = "公共信用信息报告"
NOTHING = {"none": "查无此类信息。", "missing": "未取得：还没有部门报送这类信息，不代表没有。"}


def content_of(file: PublicFile, *, number: str, made_at: str, bureau: str) -> dict[str, Any]:
    """The report as data: what is hashed, and what a program reads."""
    return {
        "title": TITLE,
        "number": number,
        "made_at": made_at,
        "bureau": bureau,
        "name": file.name,
        "uscc": file.uscc,
        "status": file.status_title,
        "summary": {"good": len(file.good), "bad": len(file.bad), "plain": len(file.plain)},
        "facts": [[f.title, _said(f.state, f.value), f.source, f.day] for f in file.facts if f.state != "masked"],
        "former": [[text, since, until] for text, _current, since, until in file.former],
        "parts": [
            {"section": section, "records": [_record(record) for record in records]}
            for section, records in sections(file)
        ],
        "unsent": {side: state for side, state in file.parts.items() if state != "held"},
    }


def sections(file: PublicFile) -> list[tuple[str, list[PublicRecord]]]:
    """The records under the headings of the report, in the order they are declared in."""
    found: dict[str, list[PublicRecord]] = {}
    for side in ("good", "plain", "bad"):
        for record in file.of_side(side):
            found.setdefault(record.section, []).append(record)
    return list(found.items())


def _said(state: str, value: str) -> str:
    return {"none": "查无", "missing": "未取得"}.get(state, value)


def _record(record: PublicRecord) -> dict[str, Any]:
    return {
        "id": record.id, "title": record.title, "state": record.state, "day": record.day, "ended": record.ended,
        "source": record.source, "facts": [[title, value] for title, value in record.pairs],
    }  # fmt: skip


def document_of(content: dict[str, Any], check: Check, *, day: str) -> Document:
    """The report as blocks of a document, for the page to look at and for paper."""
    blocks = [
        Made("facts", rows=[["名称", content["name"]], ["统一社会信用代码", content["uscc"] or "未取得"],
                            ["登记状态", content["status"]], ["出具时间", content["made_at"][:16].replace("T", " ")],
                            ["出具平台", content["bureau"]]]),
        Made("heading", "一、概览", 2),
        Made("table", head=["许可与守信", "检查与抽检", "处罚与名录"],
             rows=[[f"{content['summary'][side]} 条" for side in ("good", "plain", "bad")]]),
        Made("heading", "二、登记注册基础信息", 2),
        Made("table", head=["项目", "内容", "来源", "日期"], rows=[list(row) for row in content["facts"]]),
    ]  # fmt: skip
    if content["former"]:
        blocks.append(Made("text", "曾用名：" + "；".join(text for text, _since, _until in content["former"]) + "。"))
    for numeral, part in zip("三四五六七八九十", content["parts"], strict=False):
        blocks.append(Made("heading", f"{numeral}、{part['section']}信息", 2))
        blocks += _records(part["records"])
    blocks.append(Made("heading", "说明", 2))
    blocks.append(Made("list", items=_notes(content, day)))
    return Document(TITLE, f"报告编号：{content['number']}", blocks, check=check)


def _records(records: Iterable[dict[str, Any]]) -> list[Made]:
    made = []
    for record in records:
        head = " · ".join(filter(None, (record["title"], record["state"], record["day"])))
        rows = [["事项", head], *record["facts"]]
        if record["ended"]:
            rows.append(["移出日期", record["ended"]])
        made.append(Made("facts", rows=[*rows, ["来源", record["source"]]]))
    return made


def _notes(content: dict[str, Any], day: str) -> list[str]:
    unsent = [f"{_SIDE[side]}：{NOTHING[state]}" for side, state in content["unsent"].items()]
    return [
        *unsent,
        f"本报告由公开信息自动汇集，只反映 {day} 所知；依法不公开、已到公示期限和已撤下的信息不在其中。",
        "个人信息依法隐去。各项信息由注明的来源负责；有误的，可在信用门户该主体页面上提出。",
        "本报告免费出具，不作为行政处罚、行政许可的决定。扫描二维码或用离线核验程序可核对内容有无改动。",
    ]


_SIDE = {"good": "许可与守信", "bad": "处罚与名录", "plain": "检查与抽检"}
