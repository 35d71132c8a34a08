"""Registers of special equipment: every device with its user and next inspection, key units, operators, maintainers."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Feed, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
READ = "2014-01-01 起施行的文本。"
KINDS = ("锅炉", "压力容器", "电梯", "起重机械", "场（厂）内专用机动车辆", "大型游乐设施", "压力管道", "客运索道")


class Device(BaseModel):
    """特种设备"""

    kind: str = fact("设备种类", indexed=True, max_length=60)
    number: str = fact("使用登记证编号", indexed=True, max_length=200)
    used_at: str = fact("使用地点", max_length=300, default="")
    next_inspection: date | None = fact("下次检验日期", indexed=True, default=None)
    inspection: str = fact("检验结论", indexed=True, max_length=40, default="")
    inspected: date | None = fact("检验日期", indexed=True, default=None)
    name: str = fact("设备名称", shown=False, max_length=200, default="")
    laboratory: str = fact("检验机构", indexed=True, shown=False, max_length=100, default="")
    maintained_by: str = fact("维保单位", indexed=True, shown=False, max_length=100, default="")
    maker: str = fact("制造单位", shown=False, max_length=200, default="")
    code: str = fact("设备代码", shown=False, max_length=64, default="")


declare(
    Register(
        code="equipment.devices",
        title="特种设备与使用单位库",
        in_force_from=date(2014, 1, 1),
        group="equipment",
        about="每一台在册特种设备：谁在用、什么状态、下次检验哪天，超期未检的单列；由部门来文更新。",
        facts=Device,
        basis=(
            Basis("特种设备安全法", "第三十三条", verified=True, note=READ),
            Basis("特种设备安全法", "第四十条", verified=True, note=READ),
        ),
        key=("number",),
        states=(
            State("on", "在用", "ok"),
            State("stopped", "停用", "warn", idle=True),
            State("off", "已注销", "done", ended=True),
        ),
        moves=(),
        due="next_inspection",
        due_title="下次检验日期",
        counted_by=("kind", "inspection", "maintained_by"),
        kept_by=(),
        feed=Feed(
            "equipment",
            {
                "kind": "title",
                "number": "key",
                "name": "name",
                "used_at": "used_at",
                "inspected": "inspected",
                "inspection": "inspection",
                "next_inspection": "next_inspection",
                "laboratory": "laboratory",
                "maintained_by": "maintained_by",
                "maker": "maker",
                "code": "code",
            },
            {"停用": "stopped", "报废": "off", "注销": "off", "迁出": "off"},
        ),
    )
)


class KeyUnit(BaseModel):
    """特种设备重点监管单位"""

    kind: str = fact("设备种类", indexed=True, choices=KINDS)
    count: int = fact("设备台数", indexed=True, ge=1)
    cause: str = fact(
        "列为重点的原因",
        indexed=True,
        choices=("公众聚集场所", "老旧设备", "曾发生事故", "隐患未整改", "超期未检", "危险介质"),
    )
    officer: str = fact("责任监察员", indexed=True, max_length=30, default="")
    visit_by: date = fact("下次检查期限", indexed=True)


declare(
    Register(
        code="equipment.key_units",
        title="特种设备重点监管单位名录",
        in_force_from=date(2022, 7, 1),
        group="lists",
        about="特种设备的重点监管单位：什么设备、为什么列为重点、谁负责、每次检查的情况。",
        facts=KeyUnit,
        basis=(Basis("特种设备安全监督检查办法", "第九条", verified=True, note="2022-07-01 起施行的文本。"),),
        key=("kind",),
        due="visit_by",
        due_title="下次检查期限",
        counted_by=("kind", "cause", "officer"),
        notes=(NoteKind("visit", "检查"), NoteKind("order", "监察指令"), NoteKind("mended", "整改复查")),
        kept_by=KEEPERS,
    )
)


class Operator(BaseModel):
    """特种设备作业人员"""

    number: str = fact("作业证编号", indexed=True, max_length=40)
    name: str = fact("姓名", indexed=True, max_length=30)
    item: str = fact(
        "作业项目", indexed=True, choices=("锅炉作业", "压力容器作业", "电梯作业", "起重机作业", "叉车司机", "安全管理")
    )
    identity: str = fact("证件号码", personal="id", max_length=40, shown=False, default="")
    phone: str = fact("联系电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="equipment.operators",
        title="特种设备作业人员",
        in_force_from=date(2014, 1, 1),
        group="people",
        about="持证的作业人员和安全管理人员：做什么、在哪家、证书到哪天。",
        facts=Operator,
        basis=(Basis("特种设备安全法", "第十四条", verified=True, note=READ),),
        bound="person",
        key=("number",),
        name="name",
        owned=True,
        months=48,
        counted_by=("item",),
        kept_by=KEEPERS,
    )
)


class Maintainer(BaseModel):
    """电梯维保单位"""

    licence: str = fact("许可证编号", indexed=True, public=True, max_length=40)
    grade: str = fact("许可级别", indexed=True, public=True, choices=("A1", "A2", "B"))
    lifts: int = fact("维保台数", indexed=True, public=True, ge=0)
    staff: int = fact("持证人员数", indexed=True, ge=0)
    stars: str = fact("信用星级", indexed=True, public=True, choices=("五星", "四星", "三星", "二星", "一星"))


declare(
    Register(
        code="equipment.maintainers",
        title="电梯维护保养单位名册",
        in_force_from=date(2014, 1, 1),
        group="lists",
        about="在辖区维保电梯的单位：许可级别、台数、人员和信用星级。",
        facts=Maintainer,
        basis=(Basis("特种设备安全法", "第四十五条", verified=True, note=READ),),
        key=("licence",),
        months=48,
        counted_by=("grade", "stars"),
        notes=(NoteKind("check", "维保质量抽查"), NoteKind("talk", "约谈")),
        kept_by=KEEPERS,
        public=True,
    )
)
