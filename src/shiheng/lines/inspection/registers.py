"""The one list and the two libraries of random inspection: items with their rules, objects, inspectors."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
RANDOM = Basis(
    "国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见",
    "第二部分",
    verified=False,
    note="条文待核对。",
)
OFFICERS = Basis("行政处罚法", "第四十二条", date(2021, 7, 15), verified=True, note="2021-07-15 起施行的文本。")
AVOIDING = Basis("行政处罚法", "第四十三条", date(2021, 7, 15), verified=True, note="2021-07-15 起施行的文本。")
FIELDS = (
    "登记",
    "公示信息",
    "价格",
    "广告",
    "产品质量",
    "食品",
    "特种设备",
    "计量",
    "认证检测",
    "知识产权",
    "网络交易",
)


class Item(BaseModel):
    """抽查事项"""

    number: str = fact("事项编码", indexed=True, public=True, max_length=30)
    name: str = fact("抽查事项", public=True, max_length=100)
    field: str = fact("抽查类别", indexed=True, public=True, choices=FIELDS)
    kind: str = fact("事项类别", indexed=True, public=True, choices=("一般检查事项", "重点检查事项"))
    objects: str = fact("检查对象", public=True, max_length=100)
    way: str = fact("检查方式", public=True, max_length=60, default="")
    basis: str = fact("检查依据", public=True, max_length=300, widget="textarea")
    rule: str = fact("实施细则", public=True, max_length=2000, widget="textarea", shown=False)


declare(
    Register(
        code="inspection.items",
        title="随机抽查事项清单与实施细则",
        in_force_from=date(2016, 1, 1),
        group="lists",
        about="一单一细则：查什么、查谁、凭什么、怎么查，每一项附实施细则。",
        facts=Item,
        basis=(RANDOM,),
        bound="thing",
        key=("number",),
        name="name",
        counted_by=("field", "kind"),
        kept_by=KEEPERS,
        public=True,
    )
)


class Inspector(BaseModel):
    """执法检查人员"""

    name: str = fact("姓名", indexed=True, max_length=30)
    card: str = fact("执法证号", indexed=True, max_length=40)
    unit: str = fact("所在单位", indexed=True, max_length=60)
    fields: list[str] = fact("专业类别", choices=FIELDS, min_length=1)
    post: str = fact("岗位", indexed=True, choices=("检查人员", "法制审核", "听证主持", "专业技术"))
    avoids: list[str] = fact("应当回避的对象", hint="一行一个，写单位名称和原因。", default=[])
    phone: str = fact("联系电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="inspection.inspectors",
        title="执法检查人员库",
        in_force_from=date(2016, 1, 1),
        group="people",
        about="有执法资格的检查人员：证号、证件有效期、专业、应当回避谁。",
        facts=Inspector,
        basis=(RANDOM, OFFICERS, AVOIDING),
        bound="person",
        key=("card",),
        name="name",
        months=60,
        states=(
            State("on", "在岗", "ok"),
            State("paused", "暂停执法", "warn"),
            State("off", "已离岗", "done", ended=True),
        ),
        moves=(
            Move("pause", "暂停执法", ("on",), "paused"),
            Move("resume", "恢复执法", ("paused",), "on"),
            Move("leave", "离岗", ("on", "paused"), "off"),
        ),
        counted_by=("unit", "post"),
        notes=(NoteKind("training", "培训考核"),),
        kept_by=KEEPERS,
    )
)


class InspectionObject(BaseModel):
    """非经营主体检查对象"""

    number: str = fact("对象编号", indexed=True, max_length=40)
    name: str = fact("对象名称", indexed=True, max_length=100)
    kind: str = fact(
        "对象类别", indexed=True, choices=("学校", "医疗机构", "社会组织", "机关事业单位", "工地", "住宅小区", "其他")
    )
    fields: list[str] = fact("涉及检查类别", choices=FIELDS, min_length=1)
    street: str = fact("所在镇街", indexed=True, max_length=40)
    risk: str = fact("风险等级", indexed=True, choices=("A", "B", "C", "D"))


declare(
    Register(
        code="inspection.objects",
        title="非经营主体检查对象库",
        in_force_from=date(2016, 1, 1),
        group="lists",
        about="主体档案以外的检查对象：学校、医院、小区、工地，按类别和镇街分。",
        facts=InspectionObject,
        basis=(RANDOM,),
        bound="thing",
        key=("number",),
        name="name",
        counted_by=("kind", "street", "risk"),
        notes=(NoteKind("visit", "检查"),),
        kept_by=KEEPERS,
    )
)
