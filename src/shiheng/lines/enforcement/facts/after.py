"""What is told of a case when all is done: how good its file is, and whether others should learn from it."""

from pydantic import BaseModel

from shiheng.procedures.definition import fact

CRITERIA = {
    "points_filing": ("立案和管辖", 10),
    "points_evidence": ("事实和证据", 30),
    "points_steps": ("程序和时限", 30),
    "points_papers": ("文书和裁量说明", 20),
    "points_archive": ("归卷和归档", 10),
}
"""What the quality of a file is measured by, and the most points of each: the bureau's own, together a hundred."""
KINDS = {"typical": "典型案例", "major": "大案要案", "excellent": "优秀案卷", "new": "新型案件"}


class Scoring(BaseModel):
    """案卷评查"""

    points_filing: int = fact("立案和管辖（10 分）", ge=0, le=10)
    points_evidence: int = fact("事实和证据（30 分）", ge=0, le=30)
    points_steps: int = fact("程序和时限（30 分）", ge=0, le=30)
    points_papers: int = fact("文书和裁量说明（20 分）", ge=0, le=20)
    points_archive: int = fact("归卷和归档（10 分）", ge=0, le=10)
    faults: str = fact("扣分理由", widget="textarea", max_length=2000, default="")


class Marking(BaseModel):
    """评为案例"""

    kind: str = fact("类别", choices=KINDS)
    lesson: str = fact("评选理由", max_length=500)
    public_title: str = fact("公开的标题", max_length=120, hint="不写当事人的姓名、名称。")
    public_story: str = fact("公开的案情和意义", widget="textarea", max_length=3000, hint="隐去依法不应公开的内容。")


class Unmarking(BaseModel):
    """撤销案例"""

    why: str = fact("撤销的理由", max_length=300)
