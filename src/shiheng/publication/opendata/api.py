"""The interface of open data: sets, rows, and what changed. No key is asked for; nobody who asks is written down."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from shiheng.accounts.doors import anyone
from shiheng.kernel.errors import Refused
from shiheng.publication.opendata import datasets, queries, writing
from shiheng.ui.api import PROBLEMS

router = Router(tags=["开放数据"])
PAGE_MOST = 1_000


class ColumnOut(Schema):
    code: str = Field(description="列的代码，用于 JSON 和 Parquet")
    title: str = Field(description="列的中文名称，用于 CSV 表头")


class FileOut(Schema):
    form: str = Field(description="格式：csv、json 或 parquet")
    address: str = Field(description="下载地址（相对网站根）")
    sha256: str = Field(description="文件的 SHA-256，与存证所记相同")
    size: int = Field(description="字节数")


class DatasetOut(Schema):
    """A set and its newest version."""

    code: str = Field(description="数据集代码")
    title: str = Field(description="数据集名称")
    about: str = Field(description="收录什么")
    licence: str = Field(description="许可：注明来源即可自由使用")
    version: int | None = Field(description="现行版本，还没有生成时为 null")
    rows: int | None = Field(description="行数")
    made_at: str | None = Field(description="生成时间（ISO 8601）")
    columns: list[ColumnOut] = Field(description="列")
    files: list[FileOut] = Field(description="现行版本的文件")


class RowsOut(Schema):
    version: int = Field(description="这些行出自哪个版本")
    rows: list[dict[str, str]] = Field(description="行，按文件中的次序")
    next: int | None = Field(description="下一页的 offset，没有更多时为 null")


class DeltaOut(Schema):
    since: int = Field(description="自哪个版本")
    version: int = Field(description="至哪个版本")
    added: list[dict[str, str]] = Field(description="新增的行，整行")
    changed: list[dict[str, str]] = Field(description="更改的行，整行")
    removed: list[str] = Field(description="撤下的行编号：请从您的数据中删除")


Code = Annotated[str, Path(description="数据集代码", examples=["subjects"])]
Offset = Annotated[int, Query(ge=0, lt=10**9, description="从第几行起，从头取为 0")]
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST, description="最多几行")]
Since = Annotated[int, Query(ge=1, lt=10**9, description="您手上的版本", examples=[1])]


def _out(held: queries.Offered) -> dict[str, Any]:
    dataset, version = held.dataset, held.version
    files = [
        {"form": form, "address": f"/open-data/{dataset.code}/{version.number}.{form}", **version.files[form]}
        for form in writing.FORMS
    ] if version else []  # fmt: skip
    return {
        "code": dataset.code, "title": dataset.title, "about": dataset.about, "licence": datasets.LICENCE,
        "version": version.number if version else None, "rows": version.rows if version else None,
        "made_at": version.made_at.isoformat() if version else None, "files": files,
        "columns": [{"code": code, "title": title} for code, title in dataset.columns],
    }  # fmt: skip


@router.get("", response={200: list[DatasetOut], **PROBLEMS}, url_name="open_datasets", summary="开放数据目录")
@anyone
def catalogue(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's shape
    """全部数据集和各自的现行版本。不需要凭证。"""
    return [_out(held) for held in queries.offered()]


@router.get("/{code}", response={200: DatasetOut, **PROBLEMS}, url_name="open_dataset", summary="一个数据集")
@anyone
def one(request: HttpRequest, code: Code) -> Any:  # noqa: ARG001
    """一个数据集的列、现行版本和文件。"""
    return _out(queries.one(code))


@router.get("/{code}/rows", response={200: RowsOut, **PROBLEMS}, url_name="open_rows", summary="逐页取行")
@anyone
def rows(request: HttpRequest, code: Code, offset: Offset = 0, limit: Limit = 100) -> Any:  # noqa: ARG001
    """按文件中的次序逐页取现行版本的行。取整份数据请下载文件。"""
    version = queries.newest(code)
    found = writing.rows_at(queries.path_of(version, "parquet"), offset=offset, limit=limit)
    after = offset + len(found)
    return {"version": version.number, "rows": found, "next": after if after < version.rows else None}


@router.get("/{code}/changes", response={200: DeltaOut, **PROBLEMS}, url_name="open_changes", summary="取增量")
@anyone
def changes(request: HttpRequest, code: Code, since: Since) -> Any:  # noqa: ARG001
    """自某个版本以来新增、更改和撤下的行。撤下的只给行编号。"""
    found = queries.delta(code, since)
    if len(found.added) + len(found.changed) > 100 * PAGE_MOST:
        raise Refused("opendata.much", "增量超过 10 万行，请取整份数据。")
    return {"since": since, "version": found.version.number, "added": found.added, "changed": found.changed,
            "removed": found.removed}  # fmt: skip
