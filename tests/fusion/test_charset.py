"""A file's charset is the one that fails on fewer lines, wherever in the file and in whichever block those lie."""

import io
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiheng.fusion.reading import landed

CHARACTERS = st.characters(codec="utf-8")
BYTES = st.lists(
    st.one_of(st.text(CHARACTERS, max_size=30).map(str.encode), st.binary(max_size=3), st.just(b"\n")), max_size=12
).map(b"".join)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landed, "BLOCK", 32)
    monkeypatch.setattr(landed, "LONGEST_LINE", 90)


def is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BYTES)
def test_a_stream_is_utf8_when_all_of_it_is_and_no_line_is_too_long(small_blocks, content):
    ends = [0, *(at + 1 for at, byte in enumerate(content) if byte == 10), len(content)]
    longest = max((b - a for a, b in pairwise(ends)), default=0)
    found = landed.all_utf8(io.BytesIO(content))
    if longest < 80:  # near the limit either answer is right: what is too long is read by the careful way
        assert found == is_text(content)
    elif longest > 100:
        assert not found
    else:
        assert is_text(content) or not found


@settings(max_examples=200)
@given(BYTES)
def test_an_answer_of_the_fast_validator_is_pythons(content):
    assert landed.is_utf8(content) == is_text(content)
    assert landed.is_utf8(memoryview(content)) == is_text(content)


GB = "云泽市恒达食品有限公司,码头路1号\n".encode("gb18030")
UTF = "云泽市恒达食品有限公司,码头路1号\n".encode()


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (GB * 20, "gb18030"),
        (UTF * 20, "utf-8"),
        (GB * 3 + UTF * 17, "utf-8"),  # begins like the other one
        (UTF * 3 + GB * 17, "gb18030"),
        (UTF * 17 + GB * 3, "utf-8"),
        (b"a,b\n" * 40 + GB * 3, "gb18030"),
        (GB * 19 + b"\xff\xff\n", "gb18030"),
        (UTF * 19 + UTF[:-3], "utf-8"),
    ],
)
def test_the_charset_is_that_of_most_lines(small_blocks, tmp_path: Path, content: bytes, charset: str):
    path = tmp_path / "landed"
    path.write_bytes(content)
    assert landed.detect_charset(path)[0] == charset
