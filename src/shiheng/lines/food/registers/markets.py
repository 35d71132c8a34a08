"""Wet markets: the market, its upgrade, what hangs on its wall, what its operator promised, its stalls."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
OPERATOR = Basis("食品安全法", "第六十一条", date(2025, 12, 1), verified=True, note="2021 年修正文本。")
REPORTED = Basis("食品安全法实施条例", "第三十一条", date(2019, 12, 1), verified=True, note="2019-12-01 起施行的文本。")
ON_THE_WALL = (
    "营业执照",
    "食品安全责任人",
    "管理制度",
    "摊位平面图",
    "检测结果",
    "投诉电话",
    "维权服务站",
    "公平秤",
    "不合格摊位名单",
)


class WetMarket(BaseModel):
    """农贸市场"""

    name: str = fact("市场名称", indexed=True, public=True, max_length=80)
    street: str = fact("所在镇街", indexed=True, public=True, max_length=40)
    stalls: int = fact("摊位数", indexed=True, public=True, ge=1, le=5000)
    area: int = fact("营业面积（平方米）", indexed=True, ge=1)
    grade: str = fact("星级", indexed=True, public=True, choices=("五星", "四星", "三星", "未评星"))
    officer: str = fact("监管责任人", max_length=30, default="")


declare(
    Register(
        code="food.wet_markets",
        title="农贸市场名册",
        in_force_from=date(2012, 1, 1),
        group="places",
        about="辖区每一个农贸市场：开办者、摊位、星级和监管责任人。",
        facts=WetMarket,
        basis=(OPERATOR, REPORTED),
        bound="place",
        key=("name",),
        name="name",
        owned=True,
        counted_by=("street", "grade"),
        notes=(NoteKind("check", "检查"), NoteKind("talk", "约谈")),
        kept_by=KEEPERS,
        public=True,
    )
)


class Upgrade(BaseModel):
    """农贸市场升级改造"""

    market: str = fact("市场名称", indexed=True, public=True, max_length=80)
    year: int = fact("计划年度", indexed=True, public=True, ge=2010, le=2100)
    budget: int = fact("概算", indexed=True, public=True, widget="money", ge=0)
    progress: int = fact("进度（%）", indexed=True, public=True, ge=0, le=100, default=0)
    finish_by: date = fact("计划完工日", indexed=True, public=True)
    builder: str = fact("施工单位", max_length=100, default="")


declare(
    Register(
        code="food.market_upgrades",
        title="农贸市场升级改造项目",
        in_force_from=date(2012, 1, 1),
        group="projects",
        about="一个市场一个改造项目：立项、施工、验收，进度和到期未完工的一目了然。",
        facts=Upgrade,
        basis=(OPERATOR,),
        bound="place",
        key=("market", "year"),
        name="market",
        owned=True,
        states=(
            State("on", "已立项", "wait"),
            State("building", "施工中", "wait"),
            State("check", "待验收", "warn"),
            State("done", "已验收", "done", ended=True),
            State("off", "已取消", "done", ended=True),
        ),
        moves=(
            Move("start", "开工", ("on",), "building"),
            Move("finish", "完工报验", ("building",), "check"),
            Move("accept", "验收通过", ("check",), "done"),
            Move("redo", "退回整改", ("check",), "building"),
            Move("cancel", "取消项目", ("on", "building"), "off"),
        ),
        due="finish_by",
        due_title="计划完工日",
        counted_by=("year",),
        notes=(NoteKind("visit", "督办"), NoteKind("meeting", "协调会")),
        kept_by=KEEPERS,
        public=True,
    )
)


class Wall(BaseModel):
    """市场上墙公示"""

    market: str = fact("市场名称", indexed=True, max_length=80)
    checked: date = fact("检查日期", indexed=True)
    hung: list[str] = fact("已上墙项目", choices=ON_THE_WALL, default=[])
    missing: int = fact("缺少项数", indexed=True, ge=0, le=len(ON_THE_WALL), default=0)
    checker: str = fact("检查人", max_length=30, default="")
    mend_by: date | None = fact("整改期限", indexed=True, default=None)


declare(
    Register(
        code="food.market_walls",
        title="农贸市场上墙公示检查",
        in_force_from=date(2015, 1, 1),
        group="places",
        about="市场里该上墙的逐项对照：挂了哪些、缺几项、限哪天补齐。",
        facts=Wall,
        basis=(OPERATOR,),
        bound="place",
        key=("market", "checked"),
        name="market",
        owned=True,
        states=(State("on", "待整改", "wait"), State("whole", "已齐全", "done", ended=True)),
        moves=(Move("mended", "补齐", ("on",), "whole"), Move("again", "复查仍缺", ("whole",), "on")),
        due="mend_by",
        due_title="整改期限",
        counted_by=("missing",),
        kept_by=KEEPERS,
    )
)


class OperatorPromise(BaseModel):
    """市场开办方承诺"""

    market: str = fact("市场名称", indexed=True, public=True, max_length=80)
    year: int = fact("承诺年度", indexed=True, public=True, ge=2010, le=2100)
    items: list[str] = fact(
        "承诺事项",
        public=True,
        min_length=1,
        choices=("查验入场许可证", "签订食品安全协议", "每日检测公示", "先行赔付", "统一计量器具", "环境卫生包干"),
    )
    signer: str = fact("承诺人", public=True, max_length=30, default="")


declare(
    Register(
        code="food.market_promises",
        title="市场开办方公开承诺",
        in_force_from=date(2015, 1, 1),
        group="commitments",
        about="市场开办方每年公开承诺的管理责任；没有做到的记明并公示。",
        facts=OperatorPromise,
        basis=(OPERATOR,),
        bound="place",
        key=("market", "year"),
        name="market",
        owned=True,
        states=(
            State("on", "履行中", "ok"),
            State("broken", "未履行", "late"),
            State("off", "已期满", "done", ended=True),
        ),
        moves=(
            Move("break", "认定未履行", ("on",), "broken"),
            Move("mend", "已补正", ("broken",), "on"),
            Move("end", "期满", ("on", "broken"), "off"),
        ),
        months=12,
        counted_by=("year",),
        notes=(NoteKind("check", "核查"),),
        kept_by=KEEPERS,
        public=True,
    )
)


class Stall(BaseModel):
    """市场摊位"""

    market: str = fact("市场名称", indexed=True, max_length=80)
    stall: str = fact("摊位号", indexed=True, max_length=20, headers=("档口号",))
    goods: str = fact(
        "经营品类", indexed=True, choices=("蔬菜", "肉类", "水产", "禽蛋", "熟食", "豆制品", "水果", "粮油干货")
    )
    licensed: bool = fact("已办登记", indexed=True, default=True)
    scale: bool = fact("计量器具已检定", indexed=True, default=True)
    holder: str = fact("摊主", personal="name", max_length=30, default="")
    phone: str = fact("摊主电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="food.stalls",
        title="农贸市场摊位台账",
        in_force_from=date(2012, 1, 1),
        group="places",
        about="市场下面的每一个摊位：卖什么、谁在卖、证照和秤。",
        facts=Stall,
        basis=(OPERATOR,),
        bound="place",
        key=("market", "stall"),
        name="stall",
        owned=True,
        counted_by=("market", "goods", "licensed"),
        notes=(NoteKind("check", "检查"),),
        kept_by=KEEPERS,
    )
)
