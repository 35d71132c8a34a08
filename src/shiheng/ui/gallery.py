"""Every component with sample data, the hard cases first: long names, nothing, errors, a thousand rows.

Names and figures are invented. The page is looked at in both themes and three widths before any other page is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from pydantic import BaseModel, ConfigDict, Field

from shiheng.kernel.clock import SHANGHAI
from shiheng.ui import charts, documents, formats, slots
from shiheng.ui.filters import Filter
from shiheng.ui.forms import Form, from_model
from shiheng.ui.tables import Column, Listing, Step, StepPreview, Table

LONG = "云泽市临江区望江街道沿江大道商业综合体管理有限责任公司第二食品经营分公司（个体转企业）"
PLACES = ("望江街道", "柳荫街道", "古渡镇", "青石镇")
STATES = {"按期": "ok", "临期": "warn", "逾期": "late", "待补正": "wait", "已办结": "done"}
LAST_DAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Sample:
    pk: int
    number: str
    subject: str
    place: str
    state: str
    amount: int
    due: date
    seen: datetime
    officer: str


def samples(count: int = 1000) -> list[Sample]:
    states = list(STATES)
    trades = ("餐饮店", "食品超市", "电梯维保有限公司", "大药房", "五金商行", "家政服务部", "计量检测有限公司")
    return [
        Sample(
            pk=n,
            number=f"云临市监投〔2026〕{n:04}号",
            subject=LONG if n % 9 == 4 else f"云泽市{PLACES[n % 4][:2]}{'恒兴安和顺达'[n % 6]}记{trades[n % 7]}",
            place=PLACES[n % 4],
            state=states[(n * 7) % 5],
            amount=(n * 7919) % 900_000 * 100 + 50,
            due=LAST_DAY + timedelta(days=(n * 5) % 40 - 8),
            seen=datetime(2026, 11, 20, 8 + n % 9, n % 60, tzinfo=SHANGHAI),
            officer=("李窗", "章科", "查宁")[n % 3],
        )
        for n in range(1, count + 1)
    ]


def _has(name: str) -> Any:
    return lambda rows, value: [r for r in rows if value in getattr(r, name)]


def _within(name: str) -> Any:
    def keep(rows: list[Sample], limits: tuple[Any, Any]) -> list[Sample]:
        low, high = limits
        values = ((r, getattr(r, name)) for r in rows)
        return [r for r, v in values if (low is None or v >= low) and (high is None or v <= high)]

    return keep


def _preview(who: Any, rows: list[Sample]) -> StepPreview:  # noqa: ARG001
    return StepPreview(
        [(r.pk, f"{r.number} {r.subject}") for r in rows if r.state != "已办结"],
        [(r.pk, f"{r.number} {r.subject}", "已经办结，不能再转办。") for r in rows if r.state == "已办结"],
    )


TABLE = Table(
    "gallery",
    "待办样例",
    [
        Column("number", "编号", sort="number", kind="code", href=lambda r: f"?row={r.pk}", panel=True),
        Column("subject", "经营主体", sort="subject", kind="link", href=lambda r: f"?row={r.pk}"),
        Column("place", "镇街", sort="place"),
        Column("state", "状态", kind="badge", tone=STATES, sort="state"),
        Column("due", "到期日", kind="day", sort="due", hint="点开编号可看期限凭据"),
        Column("amount", "金额", kind="money", sort="amount"),
        Column("officer", "承办人", kind="person"),
        Column("seen", "最近更新", kind="moment", sort="seen", hidden=True),
    ],
    [
        Filter("subject", "经营主体", apply=_has("subject"), hint="名称中的几个字"),
        Filter("place", "镇街", "choice", choices=[(p, p) for p in PLACES], apply=_has("place")),
        Filter("state", "状态", "choice", choices=[(s, s) for s in STATES], apply=_has("state")),
        Filter("due", "到期日", "day_range", apply=_within("due")),
        Filter("amount", "金额（元）", "money_range", apply=_within("amount")),
        Filter("mine", "只看我承办的", "flag", apply=lambda rows, _: [r for r in rows if r.officer == "李窗"]),
    ],
    default_sort="due",
    page_size=20,
    steps=[Step("transfer", "转办", _preview, lambda _who, ids, _key: f"样例：{len(ids)} 条已核对，未做更改。")],
    row_label="number",
)
EMPTY = Table(
    "gallery-empty", "空列表样例", TABLE.columns[:4], empty="还没有待办。新的投诉分派到您名下后会出现在这里。"
)


class SampleForm(BaseModel):
    """One question of each kind."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    subject: Annotated[
        str,
        Field(
            title="经营主体名称",
            description="与营业执照上的名称一致。",
            max_length=60,
            json_schema_extra={"group": "被投诉人", "source": "登记机关，2026-03-02"},
        ),
    ]
    uscc: Annotated[
        str | None,
        Field(
            title="统一社会信用代码",
            description="18 位。不知道可以不填。",
            max_length=18,
            json_schema_extra={"widget": "code", "width": "medium"},
        ),
    ] = None
    kind: Annotated[
        Literal["food", "price", "quality"],
        Field(
            title="问题类别",
            json_schema_extra={
                "group": "诉求",
                "choices": {"food": "食品安全", "price": "价格收费", "quality": "产品质量"},
            },
        ),
    ]
    town: Annotated[Literal["望江街道", "柳荫街道", "古渡镇", "青石镇", "双桥镇", "白塘镇"], Field(title="发生地")]
    bought_on: Annotated[date, Field(title="购买日期", description="例如 2026-11-18。")]
    amount: Annotated[int, Field(title="涉及金额", ge=0, json_schema_extra={"widget": "money"})]
    pieces: Annotated[int | None, Field(title="件数", ge=1, le=9999)] = None
    wanted: Annotated[
        list[Literal["refund", "exchange", "pay"]],
        Field(
            title="希望怎样解决",
            json_schema_extra={"choices": {"refund": "退款", "exchange": "更换", "pay": "赔偿"}},
        ),
    ] = []
    story: Annotated[
        str,
        Field(
            title="事情经过",
            description="时间、地点、发生了什么。最多 1,000 字。",
            min_length=5,
            max_length=1000,
            json_schema_extra={"widget": "textarea"},
        ),
    ]
    evidence: Annotated[
        UploadedFile | None,
        Field(
            title="凭证",
            description="小票、照片或录像，不超过 20 MB。",
            json_schema_extra={"accept": "image/*,.pdf"},
        ),
    ] = None
    agree: Annotated[bool, Field(title="同意向被投诉人转达我的姓名和电话")] = False


def sample_form() -> Form[SampleForm]:
    return from_model(SampleForm, initial={"subject": LONG}, code="ui.gallery")


def refused_form() -> Form[SampleForm]:
    form = from_model(SampleForm, code="ui.gallery")
    form.check(
        QueryDict(
            "_key=4f5f0a9a-7d0a-4c3c-9d2a-0b8f4e1c2d3e&subject=&bought_on=2026-13-01&amount=12.345&town=&story=短",
            mutable=True,
        )
    )
    return form


def listings(request: HttpRequest) -> dict[str, Listing]:
    """The list as the address asks for it, an empty one, and one whose filter makes no sense."""
    bare, wrong = _with(request, ""), _with(request, "due_from=昨天&amount_from=9&amount_to=3")
    return {
        "listing": TABLE.read(request, samples()),
        "empty": EMPTY.read(bare, []),
        "faulty": Table("gallery-faulty", "筛选有误样例", TABLE.columns[:4], TABLE.filters).read(wrong, samples(40)),
    }


def _with(request: HttpRequest, query: str) -> HttpRequest:
    made = HttpRequest()
    made.method, made.path, made.META = "GET", request.path, request.META
    made.GET = QueryDict(query)
    return made


def context(request: HttpRequest) -> dict[str, Any]:
    """What the gallery's template shows."""
    return {
        **listings(request),
        "form": sample_form(),
        "refused": refused_form(),
        "menu": _menu(request),
        "row": next((s for s in samples() if str(s.pk) == request.GET.get("row")), None),
        "states": list(STATES.items()),
        "now": datetime(2026, 11, 20, 14, 5, tzinfo=SHANGHAI),
        "day": LAST_DAY,
        "facts": facts(),
        "timeline_items": timeline(),
        "charts": drawings(),
        "document": documents.to_html(document()),
    }


def _menu(request: HttpRequest) -> list[slots.MenuSection]:
    entry = slots.MenuEntry
    return [
        slots.MenuSection("今日", (entry("我的待办", request.path, 12, True), entry("即将到期", request.path, 3))),
        slots.MenuSection("经营主体", (entry("一企一档", request.path), entry("数据来源", request.path, 0))),
        slots.MenuSection("投诉举报", (entry("接收登记", request.path, 8), entry("调解与核查", request.path, 126))),
    ]


def facts() -> list[tuple[Any, ...]]:
    return [
        ("统一社会信用代码", formats.code("91449901MA0000000X"), "登记机关，2026-03-02"),
        ("名称", LONG, "登记机关，2026-03-02"),
        ("类型", "有限责任公司分公司"),
        ("负责人", "江明"),
        ("成立日期", formats.day(date(2019, 4, 8))),
        ("注册资本", formats.money(20_000_000_00)),
        ("许可证", None),
        ("参保人数", formats.MISSING, "人社部门接口 2026-11-19 未返回"),
    ]


def timeline() -> list[dict[str, Any]]:
    at = datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
    return [
        {"moment": at, "title": "限期答复", "who": "系统", "tone": "warn", "text": "距到期还有 2 个工作日。"},
        {
            "moment": at - timedelta(days=3),
            "title": "受理",
            "who": "李窗",
            "tone": "ok",
            "text": "符合受理条件，已告知投诉人。",
        },
        {"moment": at - timedelta(days=4), "title": "转办", "who": "12345 热线", "text": f"被投诉人：{LONG}"},
        {"moment": at - timedelta(days=5), "title": "登记", "who": "江某", "tone": "done"},
    ]


def drawings() -> list[charts.Chart]:
    months = [f"{m} 月" for m in range(1, 12)]
    return [
        charts.bar(
            "各所在办件",
            [
                charts.Bar("望江监管所", 126, "?place=望江街道"),
                charts.Bar("柳荫监管所", 84, "?place=柳荫街道"),
                charts.Bar(LONG, 31),
                charts.Bar("青石监管所", 0, "?place=青石镇"),
            ],
            sentence="望江监管所在办最多，占一半以上。",
            unit="件",
        ),
        charts.line(
            "每月投诉与举报",
            months,
            [
                charts.Series("投诉", [310, 280, 295, 330, 360, 342, 351, 402, None, 388, 371]),
                charts.Series("举报", [90, 120, 86, 95, 140, 133, 128, 150, 170, 162, 149]),
            ],
            sentence="投诉 8 月最多；9 月的投诉未取得，不是零。",
            unit="件",
        ),
        charts.stacked(
            "各所办理情况",
            ["望江监管所", "柳荫监管所", "古渡监管所"],
            [
                charts.Series("按期", [80, 60, 22], "ok"),
                charts.Series("临期", [30, 20, 3], "warn"),
                charts.Series("逾期", [16, 4, 1], "late"),
            ],
            sentence="逾期集中在望江监管所。",
            unit="件",
        ),
        charts.lanes(
            "一户的经过",
            [
                charts.Lane(
                    "投诉", [charts.Moment(date(2026, m, 8), "产品质量", "?month=1") for m in (1, 5, 5, 9)], "?all=1"
                ),
                charts.Lane("检查", [charts.Moment(date(2026, 3, 2), "未发现问题")]),
                charts.Lane("处罚", []),
            ],
            since=date(2026, 1, 1),
            until=date(2026, 11, 21),
            sentence="投诉四件，其中两件在同一天。",
            unit="件",
        ),
        charts.cartogram(
            "各镇街在办件",
            [
                charts.Area("望江街道", [(0, 0), (6, 0), (7, 4), (1, 5)], 126, "?place=望江街道"),
                charts.Area("柳荫街道", [(6, 0), (12, 1), (12, 5), (7, 4)], 84),
                charts.Area("古渡镇", [(1, 5), (7, 4), (8, 8), (2, 9)], 31),
                charts.Area("青石镇", [(7, 4), (12, 5), (12, 8), (8, 8)], None),
            ],
            sentence="颜色越深，在办越多。",
            unit="件",
        ),
    ]


FORM = documents.declared(
    {
        "title": "责令改正通知书",
        "number": "云临市监责改〔2026〕{number}号",
        "blocks": [
            {"kind": "flush", "text": "{party}："},
            {
                "kind": "text",
                "text": "经查，你单位存在下列行为，涉及金额{amount:money}。请于{due}前改正，并将改正情况书面报告我局。",
            },
            {"kind": "table", "rows": "items", "columns": [["what", "行为"], ["basis", "依据"]]},
            {"kind": "text", "text": "联系人：{contact}"},
            {"kind": "signatures", "items": ["签收人", "签收日期"]},
            {"kind": "seal", "office": "云泽市临江区市场监督管理局", "day": "{day}"},
        ],
    }
)


def document() -> documents.Document:
    return documents.make(
        FORM,
        {
            "number": 128,
            "party": LONG,
            "amount": 328_000,
            "due": date(2026, 12, 5),
            "day": LAST_DAY,
            "contact": None,
            "items": [{"what": "未明码标价", "basis": "《中华人民共和国价格法》第十三条"}],
        },
    )
