"""Consumer alerts: worded as a draft nobody outside reads, published from a day to a day, withdrawn with a reason."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL)


class Alert(BaseModel):
    """消费警示"""

    title: str = fact("标题", indexed=True, public=True, max_length=80)
    kind: str = fact("种类", indexed=True, public=True, choices=("消费警示", "消费提示", "消费引导"))
    text: str = fact(
        "内容", public=True, widget="textarea", max_length=2000, shown=False,
        hint="写给消费者看：发生了什么、怎样分辨、怎样做。不写任何投诉人、举报人的信息。",
    )  # fmt: skip
    topic: str = fact("专题", indexed=True, public=True, max_length=40, default="")
    source: str = fact("起草依据", max_length=300, default="", shown=False)


declare(
    Register(
        code="complaints.alerts",
        title="消费警示",
        in_force_from=date(2009, 3, 15),
        group="projects",
        about="向社会发布的消费警示和提示：从来信热点起草，改好文字后发布，到期后不再公开。",
        facts=Alert,
        basis=(
            Basis(
                "市场监督管理投诉举报处理办法", "第三十八条", date(2026, 4, 15), verified=True,
                note="2026 年施行的文本。",
            ),
        ),
        bound="thing",
        key=("title",),
        name="title",
        states=(
            State("draft", "草稿", "wait", inner=True),
            State("on", "已发布", "ok"),
            State("off", "已撤下", "done", ended=True),
        ),
        moves=(
            Move("publish", "发布", ("draft",), "on"),
            Move("back", "收回修改", ("on",), "draft"),
            Move("withdraw", "撤下", ("draft", "on"), "off"),
        ),
        counted_by=("kind", "topic"),
        kept_by=KEEPERS,
        public=True,
        passing=True,
    )
)  # fmt: skip
