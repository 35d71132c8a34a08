"""A holder of a mark or patent writes in: the right checked, the lead looked into, the case filed, the result told."""

from typing import Any

import pytest

from shiheng.procedures.models import Proceeding
from tests.casework import CLUE, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LETTER = {
    "summary": "批发市场销售假冒云岭牌运动鞋", "right": "注册商标", "number": "6012345", "title": "云岭",
    "leads": "二楼三号柜台。", "proof": "注册证、授权委托书各一份", "name_holder_": "云岭体育用品有限公司",
    "phone_holder_": "19900001020", "name_infringer_": CLUE["name_party_"],
}  # fmt: skip
CODE = "intellectual_property.infringement"


@pytest.mark.mission("J04")
def test_a_right_holder_s_letter_is_checked_filed_as_a_case_and_answered_one_by_one(bench: Any, sign_in: Any) -> None:
    held = bench.opens(code=CODE, **LETTER)
    page = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert "核查并决定是否立案" in page
    assert "2026-12-11" in page, "fifteen working days"
    assert "须是权利人" in bench.refused("jian", held, "check", valid="1", source="国家库") or held.state == "pending"
    bench.takes("jian", held, "check", valid="1", holder="1", source="商标台账，当日查询")
    bench.takes("jian", held, "look", finding="现场有同款鞋三百双，不能说明来源。", officers_=bench.key("zhen"))
    chief = sign_in("chief")
    assert "由其他岗位办理" in words(bench.at("jian").get(f"/files/{held.pk}/"))
    answer = chief.post(
        f"/files/{held.pk}/take/file/", {"_key": "6f1f5c1e-8a51-4b8a-9c8e-0f6f2a9d1b11", "finding": "查实。"}
    )
    assert answer.status_code == 302
    opened = bench.at("jian").post(
        f"/files/new/enforcement.case/?about={held.pk}",
        {"_key": "6f1f5c1e-8a51-4b8a-9c8e-0f6f2a9d1b12", **CLUE, "topic": "商标专利", "source": "complaint",
         "violation": "intellectual_property.trademark"},
    )  # fmt: skip
    assert opened.status_code == 302, words(opened)[:1500]
    case = Proceeding.objects.get(procedure="enforcement.case")
    bench.to("investigating", case)
    news = words(bench.at("jian").get(f"/files/{held.pk}/"))
    assert case.number in news
    bench.takes("jian", held, "tell", result="已立案，办结后另行告知。", told_by="电话")
    assert held.ended
    counted = words(chief.get(f"/files/figures/{CODE}/"))
    assert "注册商标" in counted


def test_a_letter_without_proof_of_the_right_is_completed_first_and_never_looked_into_before(bench: Any) -> None:
    held = bench.opens(code=CODE, **LETTER)
    bench.takes("jian", held, "lack", items="授权委托书", told_by="短信")
    assert "不能办理" in bench.refused("jian", held, "look", finding="现场查看。", officers_=bench.key("zhen"))
    bench.takes("jian", held, "added", items="授权委托书一份")
    bench.takes("jian", held, "check", valid="1", holder="1", source="国家库")
    assert held.state == "checked"
