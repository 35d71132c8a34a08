"""What the pages of the bureau's own boundaries ask."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

from shiheng.catalogue.boundaries.definition import CHOSEN, EFFECTS, adjustable
from shiheng.catalogue.violations import Scale

EFFECT = "effect_"


class Proposal(BaseModel):
    """A boundary, why, and from when."""

    lighter: Annotated[
        int,
        Field(
            title="从轻的上限（%）",
            description="罚款在法定幅度的百分之几以下算从轻，如 30",
            ge=1,
            le=98,
            json_schema_extra={"group": "等级的分界"},
        ),
    ]
    general: Annotated[
        int, Field(title="一般的上限（%）", description="超过从轻、到百分之几算一般，再往上算从重，如 70", ge=2, le=99)
    ]


class Grounds(BaseModel):
    """On what a boundary rests and from when it counts. ``seen``: of what its changes were shown."""

    instrument: Annotated[
        str,
        Field(
            title="依据文件",
            description="定下分界的文件名称和文号",
            max_length=200,
            json_schema_extra={"group": "依据与施行"},
        ),
    ]
    article: Annotated[str, Field("", title="条款", max_length=60)]
    reason: Annotated[str, Field(title="理由", max_length=500, json_schema_extra={"widget": "textarea"})]
    in_force_from: Annotated[date, Field(title="施行日期")]
    seen: Annotated[str, Field("", title="", max_length=64, json_schema_extra={"widget": "hidden"})]


def proposal_of(shipped: Scale) -> type[BaseModel]:
    """The form of a boundary: the two shares, each circumstance the law does not weigh, and the grounds."""
    asked: dict[str, Any] = {}
    for n, factor in enumerate(adjustable(shipped)):
        extra: dict[str, Any] = {"choices": {code: EFFECTS[code] for code in CHOSEN}, "widget": "select"}
        if n == 0:
            extra["group"] = "情节的作用"
        asked[EFFECT + factor.code] = (Annotated[str, Field(title=factor.title, json_schema_extra=extra)], ...)
    made = create_model("Boundary", __base__=Proposal, **asked)
    # What comes first in the form comes first among the fields: the grounds last.
    return create_model("Asked", __base__=made, **{n: (i.annotation, i) for n, i in Grounds.model_fields.items()})  # type: ignore[call-overload]


def content(given: BaseModel) -> dict[str, Any]:
    """What a form says of the boundary itself, without its grounds."""
    values = given.model_dump()
    effects = {name.removeprefix(EFFECT): held for name, held in values.items() if name.startswith(EFFECT)}
    return {"lighter": values["lighter"], "general": values["general"], "effects": effects}


class Step(BaseModel):
    """One step of a boundary."""

    opinion: Annotated[str, Field("", title="意见或者理由", max_length=500, json_schema_extra={"widget": "textarea"})]
    text_read: Annotated[bool, Field(False, title="已核对所引条款的原文")]
