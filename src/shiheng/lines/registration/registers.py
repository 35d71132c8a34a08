"""Registers of registration: permits by other departments, pledges and mortgages, social organisations, key firms."""

from datetime import date

from pydantic import BaseModel

from shiheng.registers.definition import Basis, Feed, Move, NoteKind, Register, Role, State, declare, fact

KEEPERS = (Role.WINDOW_CLERK, Role.SECTION_CHIEF, Role.CITY_OFFICIAL, Role.DATA_OFFICER)
UNREAD = "条文待核对。"
MADE_KNOWN = Basis(
    "企业信息公示暂行条例",
    "第六条",
    date(2014, 10, 1),
    verified=True,
    note="核对的是 2014 年文本，2024 年修改后的待核对。",
)


class Permit(BaseModel):
    """经营许可证照"""

    permit: str = fact("证照名称", indexed=True, public=True, max_length=200)
    number: str = fact("证照编号", indexed=True, public=True, max_length=200)
    content: str = fact("许可内容", public=True, max_length=2000, default="")
    place: str = fact("经营场所", max_length=300, default="")
    issuer: str = fact("发证机关", indexed=True, public=True, max_length=100, default="")


declare(
    Register(
        code="registration.permits",
        title="经营许可证照库",
        in_force_from=date(2014, 10, 1),
        group="licences",
        about="各部门报来的许可证照：谁有什么证、到哪天、谁发的，由部门来文更新，不在这里登记。",
        facts=Permit,
        basis=(
            Basis(
                "企业信息公示暂行条例",
                "第七条",
                date(2014, 10, 1),
                verified=True,
                note="核对的是 2014 年文本，2024 年修改后的待核对。",
            ),
            Basis("行政许可法", "第六十一条", date(2019, 4, 23), verified=True, note="2019 年修正文本。"),
        ),
        key=("number",),
        states=(
            State("on", "有效", "ok"),
            State("suspended", "已暂扣", "warn"),
            State("off", "已失效", "done", ended=True),
        ),
        moves=(),
        counted_by=("permit", "issuer"),
        kept_by=(),
        public=True,
        feed=Feed(
            "permit",
            {"permit": "title", "number": "key", "content": "content", "place": "place", "issuer": "issuer"},
            {"suspended": "suspended", "invalid": "off", "closed": "off", "revoked": "off", "cancelled": "off"},
        ),
    )
)


class Pledge(BaseModel):
    """股权出质"""

    number: str = fact("登记编号", indexed=True, public=True, max_length=40)
    pledgor: str = fact("出质人", indexed=True, public=True, max_length=100)
    pledgee: str = fact("质权人", indexed=True, public=True, max_length=100)
    shares: int = fact("出质股权数额（万元）", indexed=True, public=True, ge=1)
    debt: int = fact("被担保债权数额", indexed=True, widget="money", ge=0)
    pledgor_id: str = fact("出质人证件号码", personal="id", max_length=40, shown=False, default="")


declare(
    Register(
        code="registration.equity_pledges",
        title="股权出质登记",
        in_force_from=date(2008, 10, 1),
        group="assets",
        about="有限责任公司和未上市股份公司的股权出质：设立、变更、注销、撤销，登记信息公示。",
        facts=Pledge,
        basis=(MADE_KNOWN, Basis("股权出质登记办法", "第三条", verified=False, note=UNREAD)),
        key=("number",),
        states=(
            State("on", "有效", "ok"),
            State("released", "已注销", "done", ended=True),
            State("annulled", "已撤销", "done", ended=True),
        ),
        moves=(Move("release", "注销出质", ("on",), "released"), Move("annul", "撤销登记", ("on",), "annulled")),
        counted_by=("pledgee",),
        kept_by=KEEPERS,
        public=True,
    )
)


class Mortgage(BaseModel):
    """动产抵押"""

    number: str = fact("登记编号", indexed=True, public=True, max_length=40)
    mortgagee: str = fact("抵押权人", indexed=True, public=True, max_length=100)
    collateral: str = fact("抵押物", public=True, max_length=300)
    debt: int = fact("被担保债权数额", indexed=True, public=True, widget="money", ge=0)
    released: date | None = fact("注销日期", indexed=True, public=True, default=None)


declare(
    Register(
        code="registration.chattel_mortgages",
        title="动产抵押登记（历史）",
        in_force_from=date(2007, 10, 17),
        group="assets",
        about="2020 年底以前在本局办理的动产抵押登记，只供查询和补录，不再办理。",
        facts=Mortgage,
        basis=(
            MADE_KNOWN,
            Basis("国务院关于实施动产和权利担保统一登记的决定", "第二条", verified=False, note=UNREAD),
        ),
        key=("number",),
        moves=(),
        counted_by=("mortgagee",),
        kept_by=KEEPERS,
        public=True,
        over_since=date(2021, 1, 1),
        over_why="由当事人在中国人民银行征信中心统一登记系统自主办理；",
    )
)


class Organisation(BaseModel):
    """社会组织"""

    code: str = fact("社会信用代码", indexed=True, public=True, max_length=18, headers=("统一社会信用代码",))
    name: str = fact("社会组织名称", indexed=True, public=True, max_length=100)
    kind: str = fact("类别", indexed=True, public=True, choices=("社会团体", "民办非企业单位", "基金会"))
    grade: str = fact("评估等级", indexed=True, public=True, choices=("5A", "4A", "3A", "2A", "1A", "未评估"))
    authority: str = fact("业务主管单位", indexed=True, public=True, max_length=60, default="")
    head: str = fact("负责人", max_length=30, default="")


declare(
    Register(
        code="registration.social_organisations",
        title="社会组织名录",
        in_force_from=date(2016, 9, 1),
        group="lists",
        about="登记在册的社会组织及其评估等级；不是经营主体，单独成册。",
        facts=Organisation,
        basis=(Basis("社会组织评估管理办法", "第二十八条", verified=False, note=UNREAD),),
        bound="thing",
        key=("code",),
        name="name",
        states=(
            State("on", "正常", "ok"),
            State("warned", "列入活动异常", "warn"),
            State("off", "已注销", "done", ended=True),
        ),
        moves=(
            Move("warn", "列入活动异常", ("on",), "warned"),
            Move("clear", "移出活动异常", ("warned",), "on"),
            Move("close", "注销登记", ("on", "warned"), "off"),
        ),
        counted_by=("kind", "grade", "authority"),
        notes=(NoteKind("report", "年度报告"), NoteKind("visit", "检查")),
        public=True,
    )
)


class KeyEnterprise(BaseModel):
    """重点企业"""

    trade: str = fact("所属产业", indexed=True, max_length=40)
    reason: str = fact("纳入类别", indexed=True, choices=("重点企业", "上市后备", "专精特新", "重大项目", "绿色通道"))
    green: bool = fact("开通绿色通道", indexed=True, default=False)
    officer: str = fact("服务专员", indexed=True, max_length=30)
    phone: str = fact("企业联系电话", personal="phone", max_length=20, shown=False, default="")


declare(
    Register(
        code="registration.key_enterprises",
        title="重点企业与绿色通道名单",
        in_force_from=date(2018, 1, 1),
        group="lists",
        about="一对一服务的重点企业和开通绿色通道的企业：谁服务、为什么纳入、每次走访解决了什么。",
        facts=KeyEnterprise,
        basis=(Basis("优化营商环境条例", "第三十六条", verified=False, note=UNREAD),),
        months=24,
        counted_by=("reason", "trade", "officer"),
        notes=(NoteKind("visit", "走访"), NoteKind("need", "诉求"), NoteKind("answer", "办复")),
        kept_by=KEEPERS,
    )
)


class FourNew(BaseModel):
    """“四新”企业"""

    kind: str = fact("认定类别", indexed=True, choices=("新技术", "新产业", "新业态", "新模式"))
    document: str = fact("认定依据", indexed=True, max_length=100, hint="部门名单、认定文件的名称和文号。")
    business: str = fact("主要创新内容", max_length=300, widget="textarea", default="")


declare(
    Register(
        code="registration.four_new",
        title="“四新”企业名录",
        in_force_from=date(2020, 1, 1),
        group="lists",
        about="新技术、新产业、新业态、新模式企业：办理案件时提示先行建议、提醒、警示，守住安全底线。",
        facts=FourNew,
        basis=(Basis("优化营商环境条例", "第五十五条", verified=False, note=UNREAD),),
        key=("kind",),
        months=36,
        counted_by=("kind",),
        notes=(NoteKind("advice", "建议、提醒"), NoteKind("warning", "警示"), NoteKind("talk", "约谈")),
        kept_by=KEEPERS,
    )
)
