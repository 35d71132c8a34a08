"""What the pages of the 权责清单 ask."""

from datetime import date
from typing import Annotated, Literal

from django.core.files.uploadedfile import UploadedFile
from pydantic import BaseModel, ConfigDict, Field

from shiheng.catalogue.powers.definition import KINDS, LEVELS, TRIGGERS

Short = Annotated[str, Field(max_length=200)]
LIMIT_HINT = "如 20wd（20个工作日）、60cd（60日）、3m（3个月）；没有的留空"


class Why(BaseModel):
    """Why a list is changed and from when; every change names this."""

    trigger: Annotated[
        Literal["law", "devolution", "reform", "upper"],
        Field(title="调整原因", json_schema_extra={"choices": TRIGGERS, "group": "调整"}),
    ]
    instrument: Annotated[str, Field(title="依据文件", description="引起调整的文件名称和文号", max_length=200)]
    reason: Annotated[str, Field(title="理由", max_length=500, json_schema_extra={"widget": "textarea"})]
    in_force_from: Annotated[date, Field(title="生效日期")]


class Amend(Why):
    """The fields of a power, as they shall be."""

    title: Annotated[str, Field(title="职权名称", max_length=200, json_schema_extra={"group": "内容"})]
    kind: Annotated[str, Field(title="职权类别", json_schema_extra={"choices": KINDS})]
    field: Annotated[str, Field(title="业务领域", max_length=20)]
    unit: Annotated[str, Field(title="责任科室", max_length=40)]
    levels: Annotated[list[str], Field(title="行使层级", min_length=1, json_schema_extra={"choices": LEVELS})]
    law: Annotated[str, Field(title="设定依据", max_length=100)]
    article: Annotated[str, Field(title="条款", max_length=60)]
    statutory: Annotated[str, Field("", title="法定期限", description=LIMIT_HINT, max_length=6)]
    promised: Annotated[str, Field("", title="承诺期限", description=LIMIT_HINT, max_length=6)]
    content: Annotated[str, Field("", title="行使内容", max_length=500, json_schema_extra={"widget": "textarea"})]
    fee: Annotated[str, Field("", title="收费", max_length=100)]
    base_code: Annotated[str, Field("", title="基本编码", description="上级目录的编码，没有的留空", max_length=40)]


class Add(Amend):
    """A power the lines do not declare."""

    power: Annotated[
        str,
        Field(
            title="职权编码",
            description="小写字母、数字、点和下划线，如 local.night_market",
            pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$",
            max_length=80,
        ),
    ]


class Cancel(Why):
    """Taking a power off the list."""


class Devolve(Why):
    levels: Annotated[
        list[str], Field(title="由谁行使", min_length=1, json_schema_extra={"choices": LEVELS, "group": "下放"})
    ]


class Entrust(Why):
    """Entrusting a power (APL art 20): written, published, not passed on."""

    entrusted_to: Annotated[str, Field(title="受委托组织", max_length=100, json_schema_extra={"group": "委托"})]
    agreement: Annotated[str, Field(title="委托书文号", max_length=100)]
    published_where: Annotated[str, Field(title="委托书公布的网址或者方式", max_length=200)]
    ends: Annotated[date, Field(title="委托期限至")]
    onward: Annotated[bool, Field(False, title="委托书允许受委托组织再委托")]


CHANGE_FORMS: dict[str, type[Why]] = {"amend": Amend, "cancel": Cancel, "devolve": Devolve, "entrust": Entrust}


class Opinion(BaseModel):
    """One step of a change."""

    opinion: Annotated[str, Field("", title="意见或者理由", max_length=500, json_schema_extra={"widget": "textarea"})]
    text_read: Annotated[bool, Field(False, title="已核对所引条款的原文")]


class Upload(BaseModel):
    """The catalogue of the level above."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    title: Annotated[str, Field(title="目录名称", max_length=200)]
    issued_by: Annotated[str, Field(title="发布机关", max_length=100)]
    issued_on: Annotated[date, Field(title="发布日期")]
    file: Annotated[
        UploadedFile,
        Field(
            title="目录文件",
            description="csv 或 xlsx，不超过 8 MB，列为：基本编码、职权名称、类别、设定依据、行使层级、法定期限",
            json_schema_extra={"accept": ".csv,.xlsx"},
        ),
    ]


class Use(BaseModel):
    knowing: Annotated[bool, Field(False, title="已知悉有未读入的行，它们不参与比对")]


class Adopt(BaseModel):
    """Taking over what the catalogue above says."""

    reason: Annotated[str, Field(title="理由", max_length=500, json_schema_extra={"widget": "textarea"})]
    in_force_from: Annotated[date, Field(title="生效日期")]


class AdoptNew(Adopt):
    """Taking over an item we lack: which field it belongs to and which unit is responsible, we say ourselves."""

    field: Annotated[str, Field(title="业务领域", max_length=20)]
    unit: Annotated[str, Field(title="责任科室", max_length=40)]
