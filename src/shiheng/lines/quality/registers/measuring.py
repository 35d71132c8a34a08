"""Measurement standards, instruments under compulsory verification, laboratories, products that failed repeatedly."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"


class MeasurementStandard(BaseModel):
    """计量标准"""

    number: str = fact("考核证书号", indexed=True, public=True, max_length=60)
    name: str = fact("计量标准名称", indexed=True, public=True, max_length=100)
    kind: str = fact("标准性质", indexed=True, public=True, choices=("社会公用", "部门最高", "企事业最高"))
    accuracy: str = fact("准确度等级", public=True, max_length=60, default="")
    traced_by: date = fact("下次溯源日期", indexed=True)


declare(
    Register(
        code="quality.measurement_standards",
        title="计量标准器具",
        in_force_from=date(2005, 7, 1),
        group="equipment",
        about="经考核的计量标准：证书有效期和下次溯源的日子。",
        facts=MeasurementStandard,
        basis=(Basis("计量标准考核办法", "第十五条", verified=False, note=UNREAD),),
        key=("number",),
        months=60,
        due="traced_by",
        due_title="下次溯源日期",
        counted_by=("kind",),
        kept_by=KEEPERS,
    )
)


class Instrument(BaseModel):
    """强制检定计量器具"""

    number: str = fact("器具编号", indexed=True, max_length=40)
    kind: str = fact(
        "器具种类", indexed=True, choices=("电子秤", "加油机", "出租车计价器", "血压计", "水表", "电能表", "压力表")
    )
    use: str = fact("用途", indexed=True, choices=("贸易结算", "安全防护", "医疗卫生", "环境监测"))
    maker: str = fact("制造单位", max_length=100, shown=False, default="")
    checked: date | None = fact("检定日期", indexed=True, default=None)
    next_check: date = fact("下次检定日期", indexed=True)


declare(
    Register(
        code="quality.instruments",
        title="强制检定计量器具台账",
        in_force_from=date(2019, 10, 23),
        group="equipment",
        about="列入强制检定的在用计量器具：谁在用、检定到哪天，超期未检的单列。",
        facts=Instrument,
        basis=(Basis("计量法", "第九条", verified=False, note=UNREAD),),
        key=("number",),
        states=(
            State("on", "在用", "ok"),
            State("stopped", "停用", "warn"),
            State("off", "已报废", "done", ended=True),
        ),
        moves=(
            Move("stop", "停用", ("on",), "stopped"),
            Move("use", "恢复使用", ("stopped",), "on"),
            Move("scrap", "报废", ("on", "stopped"), "off"),
        ),
        due="next_check",
        due_title="下次检定日期",
        counted_by=("kind", "use"),
        kept_by=KEEPERS,
    )
)


class Laboratory(BaseModel):
    """检验检测机构"""

    number: str = fact("资质认定证书号", indexed=True, public=True, max_length=40)
    fields: list[str] = fact(
        "检测领域",
        public=True,
        min_length=1,
        choices=("食品", "环境", "建筑工程", "机动车", "产品质量", "司法鉴定", "其他"),
    )
    grade: str = fact("监管类别", indexed=True, choices=("A", "B", "C", "D"))
    head: str = fact("技术负责人", max_length=30, default="")


declare(
    Register(
        code="quality.laboratories",
        title="检验检测机构名册",
        in_force_from=date(2015, 8, 1),
        group="licences",
        about="取得资质认定的检验检测机构：证书到哪天、什么领域、监管类别。",
        facts=Laboratory,
        basis=(
            Basis("产品质量法", "第十九条", date(2018, 12, 29), verified=True, note="2018 年修正文本。"),
            Basis("检验检测机构资质认定管理办法", "第十条", verified=False, note=UNREAD),
        ),
        key=("number",),
        months=72,
        counted_by=("grade",),
        notes=(NoteKind("check", "检查"), NoteKind("blind", "能力验证")),
        kept_by=KEEPERS,
        public=True,
    )
)


class FailedAgain(BaseModel):
    """产品抽查多次不合格"""

    product: str = fact("产品", indexed=True, max_length=60)
    times: int = fact("两年内不合格次数", indexed=True, ge=2, le=100)
    item: str = fact("不合格项目", indexed=True, max_length=80)
    recheck_by: date | None = fact("复查期限", indexed=True, default=None)


declare(
    Register(
        code="quality.failed_repeatedly",
        title="产品抽查多次不合格名单",
        in_force_from=date(2014, 1, 1),
        group="lists",
        about="监督抽查多次不合格的企业：限期改正，逾期复查，合格的移出。",
        facts=FailedAgain,
        basis=(Basis("产品质量法", "第十七条", date(2018, 12, 29), verified=True, note="2018 年修正文本。"),),
        key=("product",),
        states=(
            State("on", "限期改正", "wait"),
            State("again", "复查不合格", "late"),
            State("off", "复查合格移出", "done", ended=True),
        ),
        moves=(Move("fail", "复查不合格", ("on",), "again"), Move("pass", "复查合格", ("on", "again"), "off")),
        due="recheck_by",
        due_title="复查期限",
        counted_by=("product", "item"),
        notes=(NoteKind("visit", "帮扶"),),
        kept_by=KEEPERS,
    )
)
