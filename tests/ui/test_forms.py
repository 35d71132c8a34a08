"""A form comes from the model that checks it; nothing typed is lost; a fault is a Chinese sentence with a link."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, QueryDict
from django.template import engines
from django.utils.datastructures import MultiValueDict
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Refused
from shiheng.ui import drafts, forms
from shiheng.ui.models import Draft

Ask = Callable[..., HttpRequest]
KEY = str(uuid.uuid4())


class Kind(StrEnum):
    FOOD = "food"
    PRICE = "price"

    @property
    def title(self) -> str:  # type: ignore[override]
        return {"food": "食品", "price": "价格"}[self.value]


class Complaint(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: Annotated[str, Field(title="名称", description="与执照一致。", max_length=10)]
    kind: Annotated[Kind, Field(title="类别")]
    way: Annotated[Literal["a", "b", "c", "d", "e", "f"] | None, Field(title="途径")] = None
    fen: Annotated[int, Field(title="金额", ge=1, json_schema_extra={"widget": "money"})]
    rate: Annotated[Decimal | None, Field(title="比例", le=Decimal(1))] = None
    pieces: Annotated[int | None, Field(title="件数")] = None
    day: Annotated[date | None, Field(title="日期")] = None
    at: Annotated[datetime | None, Field(title="时间")] = None
    wanted: Annotated[list[Literal["退款", "赔偿"]], Field(title="诉求")] = []
    lines: Annotated[list[str], Field(title="商品", max_length=2)] = []
    agree: Annotated[bool, Field(title="同意")] = False
    word: Annotated[str | None, Field(title="口令", json_schema_extra={"widget": "password"})] = None
    file: Annotated[UploadedFile | None, Field(title="凭证")] = None

    @field_validator("name")
    @classmethod
    def _not_us(cls, value: str) -> str:
        if value == "市衡":
            raise ValueError("不能投诉本平台")
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Complaint":
        if self.kind == Kind.PRICE and self.pieces is None:
            raise ValueError("价格类投诉须填写件数")
        return self


GOOD = {"_key": KEY, "name": "甲店", "kind": "food", "fen": "12,345.6"}


def check(**given: Any) -> tuple[forms.Form[Complaint], Complaint | None]:
    form = forms.from_model(Complaint)
    posted = QueryDict(mutable=True)
    files: MultiValueDict[str, UploadedFile] = MultiValueDict()
    for name, value in (GOOD | given).items():
        if isinstance(value, UploadedFile):
            files.setlist(name, [value])
        else:
            posted.setlist(name, value if isinstance(value, list) else [value])
    return form, form.check(posted, files)


def test_every_kind_of_answer_becomes_the_models_own_value() -> None:
    _, value = check(
        way="f", rate="0.25", pieces="1,200", day="2026年11月8日", at="2026-11-20T14:05", wanted=["退款", "赔偿"],
        lines=" 酱油 \n\n醋", agree="1", word=" s p ", file=SimpleUploadedFile("a.jpg", b"x"),
    )  # fmt: skip
    assert value is not None
    assert (value.fen, value.kind, value.way, value.rate) == (1234560, Kind.FOOD, "f", Decimal("0.25"))
    assert (value.pieces, value.day) == (1200, date(2026, 11, 8))
    assert value.at == datetime(2026, 11, 20, 14, 5, tzinfo=SHANGHAI)
    assert (value.wanted, value.lines, value.agree) == (["退款", "赔偿"], ["酱油", "醋"], True)
    assert value.word == " s p ", "a password keeps its spaces"
    assert value.file is not None
    assert value.file.read() == b"x"


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ({"name": "  "}, "name", "请填写名称"),
        ({"name": "很长" * 6}, "name", "最多 10 个字"),
        ({"name": "市衡"}, "name", "不能投诉本平台"),
        ({"name": "a\x00"}, "name", "含有不能保存的控制字符"),
        ({"kind": ""}, "kind", "请选择类别"),
        ({"kind": "arson"}, "kind", "请从给出的选项中选择"),
        ({"fen": "十元"}, "fen", "请填写数字，例如 12345.00"),
        ({"fen": "1.005"}, "fen", "金额最多到分（两位小数）"),
        ({"fen": "0"}, "fen", "不能小于 1"),
        ({"fen": "1e400"}, "fen", "金额超出可填写的范围"),
        ({"fen": "Infinity"}, "fen", "金额超出可填写的范围"),
        ({"rate": "1.5"}, "rate", "不能大于 1"),
        ({"pieces": "1.5"}, "pieces", "请填写整数"),
        ({"pieces": "一"}, "pieces", "请填写数字"),
        ({"day": "2026-02-30"}, "day", "请按 2026-11-21 的格式填写日期"),
        ({"at": "noon"}, "at", "请按 2026-11-21 14:05 的格式填写时间"),
        ({"wanted": ["退款", "砸店"]}, "wanted", "请从给出的选项中选择"),
        ({"lines": "a\nb\nc"}, "lines", "最多 2 项"),
    ],
)
def test_a_fault_is_a_sentence_beside_its_field_and_in_the_summary(given: dict[str, Any], name: str, said: str) -> None:
    form, value = check(**given)
    assert value is None
    assert form[name].error == said
    assert form.errors == [(form[name].anchor, f"{form[name].title}：{said}")]
    assert form.status == 422


def test_a_fault_of_the_whole_stands_in_the_summary_alone() -> None:
    form, value = check(kind="price")
    assert value is None
    assert form.errors == [("", "价格类投诉须填写件数")]


def test_what_was_typed_stays_where_it_was_typed() -> None:
    form, _ = check(name="市衡", fen="1.005", lines="a\nb", wanted=["赔偿"], day="昨天", word="secret")
    assert (form["name"].value, form["fen"].value, form["day"].value) == ("市衡", "1.005", "昨天")
    assert (form["lines"].lines, form["wanted"].values) == ("a\nb", ["赔偿"])
    assert form["word"].values == [], "a password is never sent back"
    assert form.key == KEY, "the same attempt keeps its key"


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid"])
def test_a_form_without_its_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="防重编号"):
        check(_key=key)


def test_a_refusal_of_the_action_stands_on_the_form_itself() -> None:
    form, _ = check()
    form.refuse(Refused("taken", "这个名称已有人使用", field="name"))
    form.refuse(Refused("closed", "已过受理期限"))
    assert form["name"].error == "这个名称已有人使用"
    assert form.errors == [("f-name", "名称：这个名称已有人使用"), ("", "已过受理期限")]


def test_initial_values_are_shown_as_one_would_type_them() -> None:
    form = forms.from_model(
        Complaint,
        initial={"fen": 1234500, "day": date(2026, 1, 2), "kind": Kind.PRICE, "agree": True, "wanted": ["退款"]},
        sources={"day": "登记机关"},
    )
    assert (form["fen"].value, form["day"].value, form["kind"].value) == ("12345.00", "2026-01-02", "price")
    assert form["agree"].checked
    assert form["day"].source == "登记机关"
    assert [w for f in form.fields if (w := f.widget)] == [
        "text", "radio", "select", "money", "number", "number", "day", "moment", "checkboxes", "lines", "checkbox",
        "password", "file",
    ]  # fmt: skip


def test_choices_may_be_known_only_to_the_request() -> None:
    class Move(BaseModel):
        office: Annotated[str, Field(title="机构")]

    form = forms.from_model(Move, choices={"office": [("1", "甲所"), ("2", "乙所")]})
    posted = QueryDict(f"_key={KEY}&office=3")
    assert form.check(posted) is None
    assert form["office"].error == "请从给出的选项中选择"


def render(form: forms.Form[Any], request: HttpRequest) -> str:
    template = engines["django"].from_string("{% load ui %}{% form form submit='提交' %}")
    return template.render({"form": form}, request)


def test_the_page_ties_label_hint_error_and_summary_together(ask: Ask) -> None:
    form, _ = check(name="")
    page = render(form, ask())
    assert '<a href="#f-name">名称：请填写名称</a>' in page
    assert '<label for="f-name">名称</label>' in page
    assert 'aria-describedby="f-name-hint f-name-error"' in page
    assert 'aria-invalid="true"' in page
    assert f'name="_key" value="{KEY}"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "secret" not in page


def test_what_was_typed_is_escaped_on_the_page(ask: Ask) -> None:
    form, _ = check(name='"><script>', lines="</textarea><script>")
    assert "<script" not in render(form, ask())


def test_a_draft_is_kept_without_passwords_and_offered_back(ask: Ask, db: None) -> None:
    form = forms.from_model(Complaint, code="x.complaint", about="subject:1")
    fields = {"_form": "x.complaint", "_about": "subject:1", "_undrafted": form.undrafted, "name": "甲店", "word": "s"}
    request = ask(post={**fields, "wanted": ["退款", "赔偿"], "csrfmiddlewaretoken": "t"}, owner="account:7")
    drafts.keep("account:7", request.POST)
    assert Draft.objects.get().data == {"name": ["甲店"], "wanted": ["退款", "赔偿"]}
    page = render(form, ask(owner="account:7"))
    assert "恢复草稿" in page
    assert 'value="甲店"' not in page
    taken = render(
        forms.from_model(Complaint, code="x.complaint", about="subject:1"), ask("/?_draft=1", owner="account:7")
    )
    assert 'value="甲店"' in taken
    assert "恢复草稿" not in taken


@pytest.mark.parametrize(
    ("owner", "about"), [("account:8", "subject:1"), ("account:7", "subject:2"), (None, "subject:1")]
)
def test_a_draft_belongs_to_its_owner_and_its_object(ask: Ask, db: None, owner: str | None, about: str) -> None:
    drafts.keep("account:7", QueryDict("_form=x.complaint&_about=subject:1&name=甲"))
    form = forms.from_model(Complaint, code="x.complaint", about=about)
    assert form.offered_draft(ask(owner=owner)) is None


def test_an_empty_or_monstrous_form_is_not_kept(db: None) -> None:
    assert drafts.keep("account:7", QueryDict("_form=f&name=+&kind=")) is None
    assert drafts.keep("account:7", QueryDict(f"_form=f&name={'x' * 200_001}")) is None
    assert not Draft.objects.exists()


def test_old_drafts_go_when_a_new_one_is_kept(db: None, clock: Any) -> None:
    drafts.keep("account:7", QueryDict("_form=old&name=x"))
    clock.advance(days=31)
    drafts.keep("account:7", QueryDict("_form=new&name=x"))
    assert [d.form for d in Draft.objects.all()] == ["new"]


def test_a_field_that_names_an_unknown_widget_is_a_fault() -> None:
    class Odd(BaseModel):
        a: Annotated[str, Field(json_schema_extra={"widget": "slider"})]

    with pytest.raises(ValueError, match="slider"):
        forms.from_model(Odd)
