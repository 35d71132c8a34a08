"""Texts of law as bureaux have them: Markdown and rows of articles, taken whole or refused with the reason."""

import json
from datetime import date
from typing import Any

import pytest

from shiheng.catalogue.law.definition import Dating, KnownEdition, Text, dating
from shiheng.catalogue.law.reading import Unread, read
from shiheng.kernel.citation import Number

STALLS = """# 云泽市摊贩管理办法

2019年3月1日 云泽市人民政府令第3号公布

<!-- INFO END -->

## 第一章 总 则

第一条 为了管理摊贩，制定本办法。

第二条 本办法所称摊贩，是指：

（一）流动的；

（二）固定的。

## 第二章 附 则

第二条之一 街道可以另定时段。

第三条 本办法自2019年5月1日起施行。
"""


def markdown(text: str = STALLS, name: str = "摊贩管理办法(2019-03-01).md") -> Text:
    (found,) = read(name.replace("摊贩", "云泽市摊贩"), text.encode())
    assert isinstance(found, Text), found
    return found


def refused(text: str, name: str = "云泽市摊贩管理办法(2019-03-01).md") -> str:
    (found,) = read(name, text.encode())
    assert isinstance(found, Unread)
    assert found.file == name
    return found.why


def rows(*given: tuple[str, str], **more: Any) -> bytes:
    return "\n".join(
        json.dumps({"title": title, "content": words, **more}, ensure_ascii=False) for title, words in given
    ).encode()


def test_articles_keep_their_number_chapter_and_paragraphs() -> None:
    text = markdown()
    assert [a.number for a in text.articles] == [Number(1), Number(2), Number(2, 1), Number(3)]
    assert text.articles[1].text.splitlines() == ["本办法所称摊贩，是指：", "（一）流动的；", "（二）固定的。"]
    assert [a.chapter for a in text.articles] == ["第一章 总则", "第一章 总则", "第二章 附则", "第二章 附则"]
    assert (text.day, text.stated, text.number) == (date(2019, 3, 1), date(2019, 5, 1), "云泽市人民政府令第3号")


def test_markup_around_articles_is_no_part_of_them() -> None:
    dressed = "# 云泽市摊贩管理办法   \n> （2019年3月1日公布）\n" + "".join(
        f'&emsp;&emsp;**<span id="x">第{n}条</span>**　第{n}条的话。   \n&emsp;&emsp;另一款。\n' for n in "一二"
    )
    text = markdown(dressed)
    assert [a.text for a in text.articles] == ["第一条的话。\n另一款。", "第二条的话。\n另一款。"]


def test_a_paragraph_that_begins_with_another_article_s_number_begins_no_article() -> None:
    text = markdown(STALLS.replace("（二）固定的。", "第九条规定的除外。"))
    assert text.articles[1].text.endswith("第九条规定的除外。")


def test_the_digest_does_not_depend_on_how_lines_are_broken() -> None:
    assert markdown().digest == markdown(STALLS.replace("\n\n", "\n")).digest
    assert markdown().digest != markdown(STALLS.replace("流动", "走动")).digest


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("第二条之一", "第四条"), "缺第"),
        (("第二条之一", "第二条"), "第二条出现了两次"),
        (("第三条 本办法", "第一条 本办法"), "第一条排在第二条之一之后"),
        (("第一条 为了管理摊贩，制定本办法。", "第一条"), "第一条只有条号没有文字"),
        (("5月1日起施行。", "5月1日起施行。第四条另行规定。"), "第三条的文字里连着第四条"),
        (("# 云泽市摊贩管理办法", "# 云泽市养犬管理办法"), "文首标题是“云泽市养犬管理办法”"),
    ],
)
def test_a_text_with_a_part_missing_or_run_together_is_refused(change: tuple[str, str], told: str) -> None:
    text = STALLS.replace(*change).replace("第三条 本办法", "第六条 本办法" if told == "缺第" else "第三条 本办法")
    assert told in refused(text)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.docx", b"PK", "不认识的文件"),
        ("云泽市摊贩管理办法(2019-02-30).md", STALLS.encode(), "日期“2019-02-30”不存在"),
        ("空.md", b"", "没有“第一条”"),
        ("articles.jsonl", b'{"title": 1', "第1行读不出"),
        ("articles.jsonl", b'["title"]', "第1行读不出"),
        ("x.md", b"\xff\xfe\x00\x00", "读不出文件中的文字"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(name: str, content: bytes, told: str) -> None:
    (found,) = read(name, content)
    assert isinstance(found, Unread)
    assert told in found.why


def test_a_file_in_the_older_chinese_encoding_is_read() -> None:
    (found,) = read("云泽市摊贩管理办法(2019-03-01).md", STALLS.encode("gb18030"))
    assert isinstance(found, Text)
    assert found.digest == markdown().digest


def test_rows_make_one_text_an_instrument_and_the_faulty_one_stops_no_other() -> None:
    content = rows(
        ("甲法 第一条", "甲一。"), ("甲法 第二条", "本法自2020年1月1日起施行。打印本页关闭本页"),
        ("乙法 第一条", "乙一。"), ("乙法 第三条", "乙三。"), ("事项说明", "没有条号。"),
    )  # fmt: skip
    first, second, third = read("articles.jsonl", content)
    assert isinstance(first, Text)
    assert first.articles[-1].text == "本法自2020年1月1日起施行。"
    assert first.remarks == ("去掉了末条后面的网页尾注",)
    assert isinstance(second, Unread)
    assert "缺第二条" in second.why
    assert isinstance(third, Unread)
    assert "没有条号" in third.why


def test_a_source_that_says_repealed_is_kept_as_such() -> None:
    (found,) = read("a.jsonl", rows(("甲法（已废止，历史参考） 第一条", "自2020年1月1日起施行。"), law_status="已废止"))
    assert isinstance(found, Text)
    assert (found.title, found.ended) == ("甲法", True)


# -- since when a text holds


def test_the_day_an_article_states_counts() -> None:
    assert dating(markdown()) == Dating(date(2019, 5, 1), "stated", True)


def test_promulgation_counts_where_the_head_dates_it() -> None:
    text = STALLS.replace("自2019年5月1日起施行", "自公布之日起施行")
    assert dating(markdown(text)) == Dating(date(2019, 3, 1), "published", True)
    without = text.replace("2019年3月1日 云泽市人民政府令第3号公布", "")
    found = dating(markdown(without))
    assert found is not None
    assert (found.how, found.verified) == ("file", False)


def test_an_amended_text_s_first_day_is_not_taken_for_its_own() -> None:
    amended = markdown(name="摊贩管理办法(2023-06-01).md")
    found = dating(amended)
    assert found is not None
    assert (found.in_force_from, found.how, found.verified) == (date(2023, 6, 1), "file", False)
    known = (KnownEdition(date(2023, 8, 1), date(2023, 6, 1)),)
    found = dating(amended, known)
    assert found is not None
    assert (found.in_force_from, found.how, found.verified) == (date(2023, 8, 1), "declared", False)


def test_a_mark_tells_which_edition_an_undated_text_is() -> None:
    (text,) = read("a.jsonl", rows(("甲法 第一条", "增加了冷链。"), ("甲法 第二条", "本法自2010年1月1日起施行。")))
    assert isinstance(text, Text)
    editions = (KnownEdition(date(2010, 1, 1)), KnownEdition(date(2020, 1, 1), mark=(Number(1), "冷链")))
    found = dating(text, editions)
    assert found is not None
    assert (found.in_force_from, found.how) == (date(2020, 1, 1), "declared")
    unmarked = dating(text, (editions[0], KnownEdition(date(2020, 1, 1))))
    assert unmarked is not None
    assert not unmarked.verified


def test_a_text_nobody_can_date_is_left_undated() -> None:
    (text,) = read("a.jsonl", rows(("甲法 第一条", "没有写施行。")))
    assert isinstance(text, Text)
    assert dating(text) is None
