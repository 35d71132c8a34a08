"""What the pages of the bureau's own forms ask."""

from datetime import date
from typing import Annotated

from django.core.files.uploadedfile import UploadedFile
from pydantic import BaseModel, ConfigDict, Field


class Proposal(BaseModel):
    """A Word file to be used as a form, why, and from when."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: Annotated[
        UploadedFile,
        Field(
            title="文书格式文件",
            description="用 Word 或 WPS 编辑的 .docx，不超过 5 MB；事实处照文书页面上的名称写占位符。",
            json_schema_extra={"accept": ".docx"},
        ),
    ]
    in_force_from: Annotated[date, Field(title="启用日期", description="从这一天起制作的文书用这份格式。")]
    reason: Annotated[
        str, Field(title="理由", description="如：按省局文书格式调整。", max_length=500,
                   json_schema_extra={"widget": "textarea"})
    ]  # fmt: skip


class Step(BaseModel):
    """One step of an own form."""

    opinion: Annotated[str, Field("", title="意见或者理由", max_length=500, json_schema_extra={"widget": "textarea"})]
