"""The list of powers for machines: as on the page, on a day and as it was known on a day."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import needs
from shiheng.accounts.permissions import May
from shiheng.catalogue.powers import comparing, queries
from shiheng.catalogue.powers.definition import FIELDS, KINDS, STATUSES
from shiheng.catalogue.powers.effective import Entry
from shiheng.kernel.errors import Missing
from shiheng.ui.api import PROBLEMS

router = Router(tags=["权责清单"])

On = Annotated[date | None, Query(description="清单日期；留空是今天", examples=["2026-11-01"])]
Known = Annotated[date | None, Query(description="按哪一日已公布的调整计算；留空是现在", examples=["2026-11-01"])]
Kind = Annotated[str, Query(description="职权类别代码，如 penalty；留空是全部", max_length=16, examples=["penalty"])]
Field_ = Annotated[
    str, Query(alias="field", description="业务领域，如 食品；留空是全部", max_length=20, examples=["食品"])
]
Code = Annotated[str, Path(description="职权编码", examples=["food.unlicensed"])]


class PowerOut(Schema):
    code: str = Field(description="职权编码")
    base_code: str = Field(description="上级目录的基本编码，没有的为空")
    title: str = Field(description="职权名称")
    kind: str = Field(description="职权类别代码，如 penalty")
    kind_title: str = Field(description="职权类别的中文名称")
    field: str = Field(description="业务领域")
    unit: str = Field(description="责任科室")
    levels: list[str] = Field(description="行使层级代码：province、city、county、town")
    instrument: str = Field(description="设定依据的文件名称")
    article: str = Field(description="条款")
    verified: bool = Field(description="条文是否与原文核对过")
    statutory: str = Field(description="法定期限：20wd（工作日）、90cd（日）、3m（月），没有的为空")
    promised: str = Field(description="承诺期限，写法同上")
    status: str = Field(description="状态代码：kept、add、amend、cancel、devolve、entrust")
    status_title: str = Field(description="状态的中文名称")
    in_force_from: date = Field(description="生效日期")
    entrusted_to: str = Field(description="受委托组织，没有的为空")


class StepOut(Schema):
    code: str = Field(description="步骤代码")
    title: str = Field(description="步骤")
    duty: str = Field(description="责任事项")
    who: str = Field(description="办理人")
    limit: str = Field(description="期限，没有的为空")
    basis: str = Field(description="依据，没有的为空")
    follows: list[str] = Field(description="下一步的代码")


class PowerFileOut(PowerOut):
    steps: list[StepOut] = Field(description="责任事项与运行流程")


class PowersOut(Schema):
    total: int = Field(description="项数")
    items: list[PowerOut] = Field(description="清单")


class DifferenceOut(Schema):
    field: str = Field(description="不同的项目")
    ours: str = Field(description="本级清单所载")
    theirs: str = Field(description="上级目录所载")


class ComparedOut(Schema):
    key: str = Field(description="基本编码；上级已无的，为本级职权编码")
    title: str = Field(description="职权名称")
    status: str = Field(description="same（一致）、different（内容不同）、lacking（本级缺）或 gone（上级已无）")
    ours: str | None = Field(description="本级职权编码")
    line: int | None = Field(description="上级目录的行号")
    differences: list[DifferenceOut] = Field(description="内容不同的各项")


class ComparisonOut(Schema):
    catalogue: str = Field(description="上级目录的名称")
    unread: int = Field(description="上级目录中未读入、没有参与比对的行数")
    items: list[ComparedOut] = Field(description="逐项比对的结果")


def out(entry: Entry) -> dict[str, object]:
    """One item as machines read it."""
    power = entry.power
    return {
        "code": power.code,
        "base_code": power.base_code,
        "title": power.title,
        "kind": power.kind,
        "kind_title": KINDS[power.kind],
        "field": power.field,
        "unit": power.unit,
        "levels": list(power.levels),
        "instrument": power.basis.instrument,
        "article": power.basis.article,
        "verified": power.basis.verified,
        "statutory": power.statutory,
        "promised": power.promised,
        "status": entry.status,
        "status_title": STATUSES[entry.status],
        "in_force_from": entry.changed_on or power.in_force_from,
        "entrusted_to": entry.entrusted_to,
    }


@router.get("", response={200: PowersOut, **PROBLEMS}, url_name="powers", summary="权责清单")
@needs(May.SEE_DESK)
def listing(
    request: HttpRequest,  # noqa: ARG001 - ninja's shape
    on: On = None,
    known: Known = None,
    kind: Kind = "",
    field: Field_ = "",
) -> PowersOut:
    """某一日的权责清单；带 known 时，只计入到那一日为止已公布、未撤销的调整。"""
    held = [
        PowerOut.model_validate(out(entry))
        for entry in queries.entries(on=on, known=known).values()
        if (not kind or entry.power.kind == kind) and (not field or entry.power.field == field)
    ]
    return PowersOut(total=len(held), items=sorted(held, key=lambda item: item.code))


@router.get("/compare", response={200: ComparisonOut, **PROBLEMS}, url_name="powers_compare", summary="与上级目录比对")
@needs(May.SEE_DESK)
def compare(request: HttpRequest) -> ComparisonOut:  # noqa: ARG001 - ninja's shape
    """现行清单与使用中的上级通用目录逐项比对。"""
    held = queries.current_upper()
    if held is None:
        raise Missing("upper.none", "还没有启用上级目录。")
    return ComparisonOut.model_validate(
        {"catalogue": held.title, "unread": held.faulty, "items": [compared_out(row) for row in queries.compared(held)]}
    )


def compared_out(row: comparing.Compared) -> dict[str, object]:
    return {
        "key": row.key,
        "title": row.title,
        "status": row.status,
        "ours": row.ours.code if row.ours else None,
        "line": row.theirs.line if row.theirs else None,
        "differences": [
            {"field": FIELDS[held.name], "ours": held.ours, "theirs": held.theirs} for held in row.differences
        ],
    }


@router.get("/{code}", response={200: PowerFileOut, **PROBLEMS}, url_name="power", summary="一项职权")
@needs(May.SEE_DESK)
def one(
    request: HttpRequest,  # noqa: ARG001 - ninja's shape
    code: Code,
    on: On = None,
    known: Known = None,
) -> PowerFileOut:
    """一项职权的内容、责任事项和运行流程。"""
    entry = queries.entry(code, on=on, known=known)
    flow = queries.flow(entry.power, on=on)
    steps = [
        {
            "code": step.code,
            "title": step.title,
            "duty": step.duty,
            "who": step.who,
            "limit": step.limit,
            "basis": str(step.basis) if step.basis else "",
            "follows": [goal for goal, _ in step.follows],
        }
        for step in (flow.steps if flow else ())
    ]
    return PowerFileOut.model_validate({**out(entry), "steps": steps})
