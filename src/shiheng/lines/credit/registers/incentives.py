"""What the honest are entitled to, department by department, and what was used; the credit file of a park."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, NoteKind, Register, Role, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
JOINT = "国务院关于建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设的指导意见"
HONOURS = ("守合同重信用", "诚信示范", "纳税信用A级", "放心消费", "政府质量奖", "知识产权贯标")


class Measure(BaseModel):
    """激励措施"""

    number: str = fact("措施编号", indexed=True, public=True, max_length=20)
    name: str = fact("措施名称", public=True, max_length=100)
    department: str = fact("实施部门", indexed=True, public=True, max_length=60)
    honour: str = fact("适用对象", indexed=True, public=True, choices=HONOURS)
    kind: str = fact(
        "措施类别", indexed=True, public=True, choices=("容缺受理", "优先办理", "减少检查", "资金扶持", "宣传推介")
    )
    detail: str = fact("措施内容", public=True, max_length=500, widget="textarea", default="")


declare(
    Register(
        code="credit.incentive_measures",
        title="守信激励措施清单",
        in_force_from=date(2016, 5, 30),
        group="lists",
        about="各部门对守信主体的激励措施：谁实施、给谁、给什么。",
        facts=Measure,
        basis=(Basis(JOINT, "第二部分", verified=False, note=UNREAD),),
        bound="thing",
        key=("number",),
        name="name",
        counted_by=("department", "honour", "kind"),
        kept_by=KEEPERS,
        public=True,
    )
)


class Entitlement(BaseModel):
    """享受激励"""

    measure: str = fact("措施编号", indexed=True, public=True, max_length=20)
    department: str = fact("实施部门", indexed=True, public=True, max_length=60)
    honour: str = fact("凭什么享受", indexed=True, public=True, choices=HONOURS)
    used: bool = fact("已经享受", indexed=True, default=False)
    used_on: date | None = fact("享受日期", indexed=True, default=None)
    result: str = fact("享受内容", max_length=200, default="")


declare(
    Register(
        code="credit.incentives",
        title="守信激励对象与享受记录",
        in_force_from=date(2016, 5, 30),
        group="lists",
        about="哪家企业凭什么可以享受哪项激励、享受了没有，每次享受记一条。",
        facts=Entitlement,
        basis=(Basis(JOINT, "第二部分", verified=False, note=UNREAD),),
        key=("measure",),
        months=12,
        counted_by=("department", "honour", "used"),
        notes=(NoteKind("used", "享受", "办了什么、快了几天、省了多少"),),
        kept_by=KEEPERS,
    )
)


class ParkFile(BaseModel):
    """园区企业信用档案"""

    park: str = fact("园区", indexed=True, max_length=60, headers=("所在园区",))
    unit: str = fact("楼栋单元", indexed=True, max_length=40, default="")
    grade: str = fact("信用等级", indexed=True, choices=("A", "B", "C", "D"), headers=("等级",))
    assessed: date = fact("评级日期", indexed=True)
    officer: str = fact("户籍管理员", indexed=True, max_length=30, default="")
    why: str = fact("评级理由", max_length=300, widget="textarea", shown=False, default="")


declare(
    Register(
        code="credit.park_files",
        title="园区企业信用档案（户籍化）",
        in_force_from=date(2012, 1, 1),
        group="lists",
        about="园区里每家企业一份信用档案：在哪栋、什么等级、为什么、谁管，走访和变化随时记。",
        facts=ParkFile,
        basis=(Basis("关于推进企业信用风险分类管理进一步提升监管效能的意见", "第三条", verified=False, note=UNREAD),),
        key=("park",),
        months=12,
        counted_by=("park", "grade", "officer"),
        notes=(NoteKind("visit", "走访"), NoteKind("sign", "信用变化")),
        kept_by=(*KEEPERS, Role.INSPECTOR),
    )
)
