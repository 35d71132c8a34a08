"""Rights campaigns at festivals and in business districts: when, where, by which stations, what came of them."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.WINDOW_CLERK, Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)


class RightsAction(BaseModel):
    """维权行动"""

    title: str = fact("行动名称", indexed=True, public=True, max_length=80)
    occasion: str = fact(
        "时机", indexed=True, public=True,
        choices=("三一五", "春节", "五一", "国庆", "双十一", "开学", "旅游旺季", "专项整治", "其他"),
    )  # fmt: skip
    district: str = fact("商圈", indexed=True, public=True, max_length=40, hint="一个商圈一条；全区开展的写“全区”。")
    stations: str = fact("参加的维权服务站", public=True, max_length=300, default="", hint="几个的用顿号隔开。")
    begins: date = fact("开始日期", indexed=True, public=True)
    ends: date = fact("结束日期", indexed=True, public=True)
    received: int = fact("现场受理", indexed=True, ge=0, default=0)
    settled: int = fact("就地化解", indexed=True, ge=0, default=0)
    refunded: int | None = fact("挽回损失", indexed=True, widget="money", default=None)


declare(
    Register(
        code="complaints.rights_actions",
        title="商圈和节日维权行动",
        in_force_from=date(2009, 3, 15),
        group="projects",
        about="节假日和专项整治期间，各商圈的维权服务站一起开展的行动：什么时候、在哪里、受理和化解多少。",
        facts=RightsAction,
        basis=(
            Basis(
                "市场监督管理投诉举报处理办法", "第六条", date(2026, 4, 15), verified=True, note="2026 年施行的文本。"
            ),
        ),
        bound="thing",
        key=("title", "district"),
        name="title",
        owned=True,
        states=(
            State("planned", "已安排", "wait"),
            State("running", "进行中", "ok"),
            State("done", "已总结", "done"),
        ),
        moves=(Move("begin", "开始", ("planned",), "running"), Move("finish", "总结", ("running",), "done")),
        counted_by=("occasion", "district"),
        notes=(NoteKind("visit", "到站检查"), NoteKind("result", "成效")),
        kept_by=KEEPERS,
        public=True,
    )
)
