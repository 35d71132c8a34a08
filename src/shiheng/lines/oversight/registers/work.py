"""Tasks of the plan with their state and evidence, results worth keeping, the list of law education."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
PLAN = Basis("法治政府建设实施纲要（2021—2025年）", "第九部分", verified=False, note=UNREAD)


class Project(BaseModel):
    """重点项目"""

    number: str = fact("项目编号", indexed=True, max_length=30)
    name: str = fact("项目名称", max_length=100)
    area: str = fact(
        "所属领域", indexed=True, choices=("商事改革", "质量强区", "食品安全", "知识产权", "执法规范", "消费维权")
    )
    unit: str = fact("牵头科室", indexed=True, max_length=60)
    progress: int = fact("进度（%）", indexed=True, ge=0, le=100, default=0)
    finish_by: date = fact("完成时限", indexed=True)
    evidence: str = fact("佐证材料", max_length=300, widget="textarea", default="")


declare(
    Register(
        code="oversight.projects",
        title="项目库",
        in_force_from=date(2010, 1, 1),
        group="projects",
        about="年度工作要点里的每一项：谁牵头、做到哪一步、凭什么说做到了。",
        facts=Project,
        basis=(PLAN,),
        bound="thing",
        key=("number",),
        name="name",
        states=(
            State("on", "进行中", "wait"),
            State("done", "已完成", "ok"),
            State("off", "已中止", "done", ended=True),
        ),
        moves=(
            Move("finish", "完成", ("on",), "done"),
            Move("reopen", "退回", ("done",), "on"),
            Move("stop", "中止", ("on",), "off"),
        ),
        due="finish_by",
        due_title="完成时限",
        counted_by=("area", "unit"),
        notes=(NoteKind("step", "进展"), NoteKind("urge", "督办"), NoteKind("evidence", "佐证")),
        kept_by=KEEPERS,
    )
)


class Result(BaseModel):
    """工作成果"""

    number: str = fact("成果编号", indexed=True, max_length=30)
    name: str = fact("成果名称", max_length=100)
    kind: str = fact(
        "成果类别", indexed=True, choices=("制度文件", "试点经验", "获奖表彰", "媒体报道", "调研报告", "信息系统")
    )
    project: str = fact("来自项目", indexed=True, max_length=30, default="")
    level: str = fact("层级", indexed=True, choices=("国家级", "省级", "市级", "区级"))
    made: date = fact("形成日期", indexed=True)
    place: str = fact("存放位置", max_length=200, default="")


declare(
    Register(
        code="oversight.results",
        title="成果库",
        in_force_from=date(2010, 1, 1),
        group="projects",
        about="项目做成以后留下的成果：是什么、哪一级认可、材料放在哪里。",
        facts=Result,
        basis=(PLAN,),
        bound="thing",
        key=("number",),
        name="name",
        counted_by=("kind", "level"),
        notes=(NoteKind("use", "推广应用"),),
        kept_by=KEEPERS,
    )
)


class Lesson(BaseModel):
    """普法责任"""

    number: str = fact("清单编号", indexed=True, public=True, max_length=30)
    law: str = fact("普法内容", indexed=True, public=True, max_length=100)
    group: str = fact("普法对象", indexed=True, public=True, choices=("本系统工作人员", "经营主体", "社会公众"))
    unit: str = fact("责任科室", indexed=True, public=True, max_length=60)
    way: str = fact("普法形式", public=True, max_length=200, default="")
    next_on: date | None = fact("下次活动日期", indexed=True, default=None)


declare(
    Register(
        code="oversight.law_education",
        title="普法责任清单",
        in_force_from=date(2017, 5, 17),
        group="lists",
        about="对谁普什么法、哪个科室负责，办过的活动逐次记录。",
        facts=Lesson,
        basis=(Basis("关于实行国家机关“谁执法谁普法”普法责任制的意见", "第二条", verified=False, note=UNREAD),),
        bound="thing",
        key=("number",),
        name="law",
        due="next_on",
        due_title="下次活动日期",
        counted_by=("group", "unit"),
        notes=(NoteKind("activity", "活动"),),
        kept_by=KEEPERS,
        public=True,
    )
)
