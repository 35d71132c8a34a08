"""食品经营许可: what is told from the application to the permit."""

from datetime import date

from pydantic import BaseModel

from shiheng.procedures.definition import fact

KINDS = {"sale": "食品销售", "catering": "餐饮服务", "canteen": "单位食堂"}
FITS = {"yes": "符合", "no": "不符合"}


class Application(BaseModel):
    """食品经营许可申请"""

    summary: str = fact("申请事项摘要", max_length=120)
    kind: str = fact("主体业态", choices=KINDS, indexed=True)
    scope: str = fact("经营项目", max_length=300)
    place: str = fact("经营场所", max_length=200)
    manager: str = fact("食品安全管理人员", max_length=30)


class Asked(BaseModel):
    """一次告知补正"""

    items: str = fact("需要补正的全部内容", max_length=500)


class Supplied(BaseModel):
    """收到补正"""

    items: str = fact("收到的材料", max_length=500)


class Examined(BaseModel):
    """现场核查"""

    result: str = fact("核查结论", choices=FITS)
    finding: str = fact("核查的情况", widget="textarea", max_length=1000)


class Granted(BaseModel):
    """准予许可"""

    number: str = fact("许可证编号", max_length=40)
    until: date = fact("有效期至", hint="食品经营许可证有效期为五年。")


class Refused(BaseModel):
    """不予许可"""

    why: str = fact("理由和法律依据", widget="textarea", max_length=1000)
    told: bool = fact("已书面告知复议、诉讼的权利", default=False)


class Longer(BaseModel):
    """延长期限"""

    why: str = fact("延长的理由", max_length=500)
    approver: str = fact("批准的负责人", max_length=30)


class Handed(BaseModel):
    """送达许可证"""

    way: str = fact("送达方式", max_length=40)


class Withdrawn(BaseModel):
    """撤回申请"""

    why: str = fact("撤回的原因", max_length=300)
