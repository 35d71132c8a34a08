"""Who is banned from the trade, what failed again and again, recalls, small makers, canteens."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.SECTION_CHIEF, Role.INSPECTOR, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
READ_2021 = "2021 年修正文本。"
BANNED = Basis("食品安全法", "第一百三十五条", date(2025, 12, 1), verified=True, note=READ_2021)
RECALL = Basis("食品安全法", "第六十三条", date(2025, 12, 1), verified=True, note=READ_2021)
SMALL = Basis("食品安全法", "第三十六条", date(2025, 12, 1), verified=True, note=READ_2021)


class Banned(BaseModel):
    """食品从业禁止人员"""

    name: str = fact("姓名", indexed=True, max_length=30)
    number: str = fact("证件号码", personal="id", max_length=40)
    document: str = fact("处罚决定书文号", indexed=True, max_length=60, headers=("决定文号",))
    cause: str = fact(
        "禁止情形", indexed=True, choices={"revoked": "被吊销许可证（五年）", "crime": "食品安全犯罪（终身）"}
    )
    firm: str = fact("原任职单位", indexed=True, max_length=100)
    post: str = fact("原职务", max_length=30, default="")
    address: str = fact("住址", personal="address", max_length=200, shown=False, default="")


declare(
    Register(
        code="food.banned_persons",
        title="食品从业禁止人员名单",
        in_force_from=date(2015, 10, 1),
        group="people",
        about="五年内或者终身不得从事食品生产经营管理的人员：凭哪份决定、到哪天；终身的不填有效期止。",
        facts=Banned,
        basis=(BANNED,),
        bound="person",
        key=("document", "name"),
        name="name",
        owned=True,
        states=(
            State("on", "禁止中", "late"),
            State("lapsed", "已期满", "done", ended=True),
            State("annulled", "决定已撤销", "done", ended=True),
        ),
        moves=(
            Move("lapse", "期满移出", ("on",), "lapsed", basis=BANNED),
            Move("annul", "决定被撤销", ("on",), "annulled"),
        ),
        counted_by=("cause",),
        kept_by=KEEPERS,
    )
)


class FailedAgain(BaseModel):
    """食品抽检多次不合格"""

    goods: str = fact("食品类别", indexed=True, max_length=60)
    times: int = fact("十二个月内不合格批次", indexed=True, ge=2, le=200)
    item: str = fact("主要不合格项目", indexed=True, max_length=80)
    last: date = fact("最近一次不合格日期", indexed=True)
    recheck_by: date | None = fact("跟踪抽检期限", indexed=True, default=None)


declare(
    Register(
        code="food.failed_repeatedly",
        title="食品抽检多次不合格名单",
        in_force_from=date(2015, 10, 1),
        group="lists",
        about="一年内两批次以上抽检不合格的生产经营者：加密检查、跟踪抽检，连续合格的移出。",
        facts=FailedAgain,
        basis=(Basis("食品安全法", "第一百一十三条", date(2025, 12, 1), verified=True, note=READ_2021),),
        key=("goods",),
        due="recheck_by",
        due_title="跟踪抽检期限",
        counted_by=("goods", "item"),
        notes=(NoteKind("sample", "跟踪抽检"), NoteKind("talk", "责任约谈")),
        kept_by=KEEPERS,
    )
)


class Recall(BaseModel):
    """食品召回"""

    goods: str = fact("食品名称", indexed=True, public=True, max_length=80)
    batch: str = fact("批号", indexed=True, public=True, max_length=60)
    level: str = fact("召回级别", indexed=True, public=True, choices=("一级", "二级", "三级"))
    cause: str = fact("召回原因", public=True, max_length=200)
    made: int = fact("生产数量（件）", indexed=True, ge=0)
    back: int = fact("召回数量（件）", indexed=True, public=True, ge=0, default=0)
    finish_by: date = fact("应完成日期", indexed=True, public=True)


declare(
    Register(
        code="food.recalls",
        title="食品召回",
        in_force_from=date(2015, 9, 1),
        group="projects",
        about="每一批召回的食品：为什么、多少、召回了多少、销毁了没有。",
        facts=Recall,
        basis=(RECALL, Basis("食品召回管理办法", "第十八条", verified=False, note="条文待核对。")),
        key=("goods", "batch"),
        states=(
            State("on", "召回中", "wait"),
            State("done", "已完成", "ok"),
            State("off", "已销毁结案", "done", ended=True),
        ),
        moves=(Move("finish", "召回完成", ("on",), "done"), Move("close", "处置结案", ("done",), "off")),
        due="finish_by",
        due_title="应完成日期",
        counted_by=("level",),
        notes=(NoteKind("stage", "阶段报告"), NoteKind("destroy", "监督销毁")),
        kept_by=KEEPERS,
        public=True,
    )
)


class Workshop(BaseModel):
    """食品小作坊"""

    number: str = fact("登记证编号", indexed=True, public=True, max_length=40)
    kind: str = fact(
        "加工品种",
        indexed=True,
        public=True,
        choices=("米面制品", "豆制品", "糕点", "酱卤肉", "食用油", "酒类", "其他"),
    )
    street: str = fact("所在镇街", indexed=True, public=True, max_length=40)
    grade: str = fact("风险等级", indexed=True, choices=("A", "B", "C", "D"))
    workers: int = fact("从业人数", indexed=True, ge=1, le=100, default=1)


declare(
    Register(
        code="food.workshops",
        title="食品小作坊登记",
        in_force_from=date(2015, 10, 1),
        group="licences",
        about="登记的食品生产加工小作坊：做什么、什么风险等级、登记证到哪天。",
        facts=Workshop,
        basis=(
            SMALL,
            Basis("广东省食品生产加工小作坊和食品摊贩管理条例", "第十一条", verified=False, note="条文待核对。"),
        ),
        key=("number",),
        months=36,
        counted_by=("kind", "grade", "street"),
        notes=(NoteKind("check", "检查"),),
        kept_by=KEEPERS,
        public=True,
    )
)


class Canteen(BaseModel):
    """集中用餐单位食堂"""

    name: str = fact("食堂名称", indexed=True, public=True, max_length=80)
    kind: str = fact(
        "单位类别",
        indexed=True,
        public=True,
        choices=("幼儿园", "小学", "中学", "高校", "养老机构", "工地", "机关企业"),
    )
    eaters: int = fact("供餐人数", indexed=True, ge=1)
    open_kitchen: bool = fact("已接入明厨亮灶", indexed=True, public=True, default=False)
    grade: str = fact("量化等级", indexed=True, public=True, choices=("A", "B", "C"))
    manager: str = fact("食品安全管理员", personal="name", max_length=30, default="")


declare(
    Register(
        code="food.canteens",
        title="集中用餐单位食堂名册",
        in_force_from=date(2015, 10, 1),
        group="places",
        about="学校、养老机构、工地等食堂：供餐多少人、等级、明厨亮灶；不都是经营主体。",
        facts=Canteen,
        basis=(
            Basis("食品安全法", "第五十七条", date(2025, 12, 1), verified=True, note=READ_2021),
            Basis("食品安全法", "第五十五条", date(2025, 12, 1), verified=True, note="倡导公开加工过程，不是义务。"),
        ),
        bound="place",
        key=("name",),
        name="name",
        owned=True,
        counted_by=("kind", "grade", "open_kitchen"),
        notes=(NoteKind("check", "检查"), NoteKind("camera", "视频巡查")),
        kept_by=KEEPERS,
        public=True,
    )
)
