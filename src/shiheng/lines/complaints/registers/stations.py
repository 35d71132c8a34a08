"""Consumer-rights service stations, what they settle, the sentinel points and the signals they send."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.WINDOW_CLERK, Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
STATIONS = Basis("市场监督管理投诉举报处理办法", "第六条", date(2026, 4, 15), verified=True, note="2026 年施行的文本。")


class Station(BaseModel):
    """消费维权服务站"""

    name: str = fact("服务站名称", indexed=True, public=True, max_length=80)
    kind: str = fact(
        "设立场所", indexed=True, public=True, choices=("市场", "商场超市", "社区", "景区", "行业协会", "企业")
    )
    street: str = fact("所在镇街", indexed=True, public=True, max_length=40)
    district: str = fact(
        "所在商圈",
        indexed=True,
        public=True,
        max_length=40,
        default="",
        hint="步行街、购物中心等；没有的留空。",
    )
    address: str = fact("站址", public=True, max_length=120, default="")
    phone: str = fact("服务电话", public=True, max_length=20, default="")
    keeper: str = fact("站长", personal="name", max_length=30, default="")


declare(
    Register(
        code="complaints.stations",
        title="消费维权服务站",
        in_force_from=date(2009, 3, 15),
        group="places",
        about="设在市场、商场、社区的维权服务站：在哪、谁管，指导和培训随时记。",
        facts=Station,
        basis=(STATIONS,),
        bound="place",
        key=("name",),
        name="name",
        owned=True,
        states=(
            State("on", "运行中", "ok"),
            State("paused", "暂停", "warn"),
            State("off", "已撤站", "done", ended=True),
        ),
        moves=(
            Move("pause", "暂停", ("on",), "paused"),
            Move("resume", "恢复", ("paused",), "on"),
            Move("close", "撤站", ("on", "paused"), "off"),
        ),
        counted_by=("kind", "street", "district"),
        notes=(NoteKind("guide", "指导"), NoteKind("training", "培训"), NoteKind("campaign", "维权行动")),
        kept_by=KEEPERS,
        public=True,
    )
)


class StationDispute(BaseModel):
    """服务站受理的纠纷"""

    number: str = fact("纠纷编号", indexed=True, max_length=30)
    station: str = fact("服务站名称", indexed=True, max_length=80)
    received: date = fact("受理日期", indexed=True)
    matter: str = fact("纠纷内容", max_length=300)
    result: str = fact("处理方式", indexed=True, choices=("就地化解", "上报监管所", "消费者撤回"))
    refunded: int | None = fact("挽回损失", indexed=True, widget="money", default=None)
    consumer: str = fact("消费者电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="complaints.station_disputes",
        title="服务站纠纷登记",
        in_force_from=date(2009, 3, 15),
        group="projects",
        about="服务站受理的每一件纠纷：就地化解的和上报的分开数，挽回多少损失。",
        facts=StationDispute,
        basis=(STATIONS,),
        bound="thing",
        key=("number",),
        name="matter",
        owned=True,
        states=(State("on", "办理中", "wait"), State("settled", "已办结", "ok"), State("up", "已上报", "warn")),
        moves=(Move("settle", "办结", ("on", "up"), "settled"), Move("report", "上报监管所", ("on",), "up")),
        counted_by=("station", "result"),
        kept_by=KEEPERS,
    )
)


class Sentinel(BaseModel):
    """消费维权哨点"""

    name: str = fact("哨点名称", indexed=True, max_length=80)
    field: str = fact("监测领域", indexed=True, choices=("食品", "药品", "价格", "计量", "广告", "服务", "其他"))
    street: str = fact("所在镇街", indexed=True, max_length=40)
    watcher: str = fact("信息员", personal="name", max_length=30, default="")
    phone: str = fact("信息员电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="complaints.sentinels",
        title="消费维权哨点",
        in_force_from=date(2019, 1, 1),
        group="places",
        about="设在经营场所的哨点：看什么、谁在看。",
        facts=Sentinel,
        basis=(STATIONS,),
        bound="place",
        key=("name",),
        name="name",
        owned=True,
        months=36,
        counted_by=("field", "street"),
        notes=(NoteKind("training", "培训"),),
        kept_by=KEEPERS,
    )
)


class Signal(BaseModel):
    """哨点信号"""

    number: str = fact("信号编号", indexed=True, max_length=30)
    sentinel: str = fact("哨点名称", indexed=True, max_length=80)
    field: str = fact("监测领域", indexed=True, choices=("食品", "药品", "价格", "计量", "广告", "服务", "其他"))
    level: str = fact("信号等级", indexed=True, choices={"red": "红", "yellow": "黄", "blue": "蓝"})
    seen: date = fact("发现日期", indexed=True)
    said: str = fact("信号内容", max_length=300)


declare(
    Register(
        code="complaints.signals",
        title="哨点信号",
        in_force_from=date(2019, 1, 1),
        group="projects",
        about="哨点报来的苗头：谁报的、什么等级，核实后转为线索或者销号。",
        facts=Signal,
        basis=(STATIONS,),
        bound="thing",
        key=("number",),
        name="said",
        owned=True,
        states=(
            State("on", "待核实", "wait"),
            State("lead", "已转线索", "warn"),
            State("off", "已销号", "done", ended=True),
        ),
        moves=(Move("lead", "转为线索", ("on",), "lead"), Move("close", "核实销号", ("on", "lead"), "off")),
        counted_by=("sentinel", "field", "level"),
        kept_by=KEEPERS,
    )
)
