"""Whatever is deleted, altered or reordered, in the database or in a proof, is found and named in Chinese."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions, files, merkle, notes, queries, signing, verify
from shiheng.ledger.models import Head, Leaf, Manifest, SigningKey, Tile, Tree

ROWS = [f"名称{n},91440000{n:04d}".encode() for n in range(300)]


@pytest.fixture
def log(db: None, tmp_path: Path, settings: Any, clock: Any) -> list[Leaf]:
    """Thirteen leaves under three heads (5, 9, 13), the last one a bulk write; one more waits for its place."""
    settings.HOME = tmp_path
    leaves = []
    for size in (5, 4, 3):
        leaves += [
            actions.record("test.said", subject=f"s:{n}", who=SYSTEM, facts={"额": n}, scope="4499.")
            for n in range(size)
        ]
        if size == 3:
            leaves.append(actions.record_rows("test.rows", subject="batch:1", who=SYSTEM, rows=ROWS, facts={}))
        actions.seal()
        clock.advance(seconds=5)
    actions.record("test.said", subject="s:waits", who=SYSTEM, facts={})
    for leaf in leaves:
        leaf.refresh_from_db()
    return leaves


def faults() -> str:
    return "\n".join(queries.verify_all().faults)


def test_an_untouched_log_is_whole(log: list[Leaf]) -> None:
    told: list[tuple[int, int]] = []
    audit = queries.verify_all(lambda done, total: told.append((done, total)))
    assert (audit.faults, audit.whole) == ([], True)
    assert (audit.leaves, audit.unsealed, audit.heads, audit.manifests) == (13, 1, 3, 1)
    assert told == [(13, 13)]


def test_an_empty_log_is_whole(db: None) -> None:
    assert queries.verify_all().whole


@pytest.mark.parametrize("position", range(13))
def test_any_deleted_leaf_is_missed(log: list[Leaf], position: int) -> None:
    Manifest.objects.all().delete()
    Leaf.objects.filter(position=position).delete()
    assert "被删除" in faults() or "现存的连续存证只有 12 叶" in faults()


@pytest.mark.parametrize("position", range(13))
def test_any_altered_leaf_is_found_even_if_its_hash_is_made_to_fit(log: list[Leaf], position: int) -> None:
    body = log[position].body.replace("系统", "别人")
    Leaf.objects.filter(position=position).update(body=body, actor_name="别人")
    assert f"序号 {position} 的存证的正文与叶哈希不符" in faults()
    Leaf.objects.filter(position=position).update(hash=merkle.leaf_hash(body.encode()).hex())
    assert "树头所签的不同" in faults()
    assert "树块与存证不符" in faults()


@pytest.mark.parametrize("position", range(12))
def test_any_two_neighbours_exchanged_are_found(log: list[Leaf], position: int) -> None:
    Leaf.objects.filter(position=position).update(position=-1)
    Leaf.objects.filter(position=position + 1).update(position=position)
    Leaf.objects.filter(position=-1).update(position=position + 1)
    assert "树头所签的不同" in faults()


TAMPERING: dict[str, tuple[Callable[[], Any], str]] = {
    "an added leaf": (
        lambda: Leaf.objects.filter(position=None).update(position=13),
        "存证树记有 13 叶，现存的连续存证有 14 叶",
    ),
    "a moved scope": (lambda: Leaf.objects.filter(position=2).update(scope="4499.01."), "登记与正文不符：scope"),
    "a moved moment": (lambda: Leaf.objects.filter(position=2).update(at="2020-01-01T00:00+08:00"), "正文不符：at"),
    "a body that is no JSON": (
        lambda: Leaf.objects.filter(position=None).update(body="x", hash=merkle.leaf_hash(b"x").hex()),
        "登记与正文不符",
    ),
    "a deleted head": (lambda: Head.objects.filter(size=13).delete(), "最后的树头签有 9 叶"),
    "a head with another root": (lambda: Head.objects.filter(size=9).update(root="0" * 64), "登记与其签名文本不符"),
    "a note with another size": (
        lambda: Head.objects.filter(size=9).update(note=Head.objects.get(size=9).note.replace("\n9\n", "\n8\n")),
        "签名不成立",
    ),
    "another public key": (
        lambda: SigningKey.objects.update(public="00" * 32),
        "公钥与其指纹不符",
    ),
    "a deleted tile": (lambda: Tile.objects.all().delete(), "树块与存证不符"),
    "an added tile": (lambda: Tile.objects.create(level=3, index=0, hashes=b"x" * 32), "多出的树块"),
    "another tree size": (lambda: Tree.objects.update(size=12), "存证树记有 12 叶"),
    "a deleted manifest": (lambda: Manifest.objects.all().delete(), "登记的清单有 0 份"),
    "another manifest count": (lambda: Manifest.objects.update(rows=299), "清单登记与正文不符"),
    "a deleted manifest file": (
        lambda: files.path_of(Manifest.objects.get().file).unlink(),
        "不在文件库中",
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_named(log: list[Leaf], name: str) -> None:
    tamper, words = TAMPERING[name]
    tamper()
    assert words in faults()


def test_a_changed_row_hash_in_the_manifest_file_is_found(log: list[Leaf]) -> None:
    path = files.path_of(Manifest.objects.get().file)
    data = bytearray(path.read_bytes())
    data[77] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    assert "内容已被改动" in faults()


def test_a_whole_rewritten_log_is_found_by_whoever_kept_a_head(log: list[Leaf], clock: Any) -> None:
    """The strongest forger holds database and key: everything inside agrees again, the kept head does not."""
    kept = Head.objects.get(size=9).note
    honest = queries.exported(queries.consistency(9))
    assert "与您保存的 9 叶树头一致" in verify.check(honest, kept=kept).lines[-1]
    Leaf.objects.filter(position=3).delete()
    for model in (Head, Tile, Tree):
        model.objects.all().delete()
    Leaf.objects.update(position=None)
    actions.seal(at_most=9)
    assert queries.verify_all().whole
    with pytest.raises(Refused, match=r"同为 9 叶.*根哈希不同"):
        verify.check(queries.exported(queries.consistency(9)), kept=kept)
    forged = queries.consistency(9)
    with pytest.raises(Refused, match="被改写、删除、调换"):
        verify.check_consistency(kept, forged["new"], forged["path"], key=forged["new_key"])


def test_a_proof_needs_nothing_but_itself(log: list[Leaf]) -> None:
    key = queries.key_line(Head.objects.first())  # type: ignore[arg-type]
    for leaf in log:
        verdict = verify.check(queries.exported(queries.proof(leaf)), key=key)
        assert (verdict.kind, verdict.position, verdict.content) == ("leaf", leaf.position, leaf.content)
    early = verify.check(queries.exported(queries.proof(log[2], head=Head.objects.get(size=5))))
    assert (early.size, early.root) == (5, Head.objects.get(size=5).root)
    mark = verify.check(queries.exported(queries.proof(log[0]))).fingerprint
    assert verify.check(queries.exported(queries.proof(log[0])), key=notes.grouped(mark).upper()).fingerprint == mark


def test_a_row_is_proved_through_its_manifest(log: list[Leaf]) -> None:
    bundle = queries.proof(log[-1], row=277, content=ROWS[277])
    verdict = verify.check(queries.exported(bundle))
    assert verdict.kind == "row"
    assert "第 277 行的内容" in verdict.lines[0]
    bundle["row"]["content"] = base64.b64encode(ROWS[276]).decode()
    with pytest.raises(Refused, match="第 277 行的内容与行哈希不符"):
        verify.check(json.dumps(bundle))


@pytest.mark.parametrize(("old", "new"), [(5, 5), (5, 9), (5, 13), (9, 13), (13, 13)])
def test_a_later_head_is_shown_to_continue_an_earlier_one(log: list[Leaf], old: int, new: int) -> None:
    verdict = verify.check(queries.exported(queries.consistency(old, new)))
    assert verdict.kind == "consistency"
    assert f"前 {old} 叶" in verdict.lines[2]


def flip(data: bytes, bit: int) -> bytes:
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


def bundles(log: list[Leaf]) -> dict[str, str]:
    return {
        "leaf": queries.exported(queries.proof(log[6])),
        "row": queries.exported(queries.proof(log[-1], row=299, content=ROWS[299])),
        "consistency": queries.exported(queries.consistency(5)),
    }


def refuses_when_flipped(text: str, bits: range) -> None:
    assert verify.check(text)
    for bit in bits:
        with pytest.raises(Refused, match=r"。$"):
            verify.check(flip(text.encode(), bit))


@pytest.mark.parametrize("name", ["leaf", "row", "consistency"])
def test_a_bit_flipped_in_any_byte_of_a_proof_is_detected(log: list[Leaf], name: str) -> None:
    text = bundles(log)[name]
    refuses_when_flipped(text, range(0, len(text.encode()) * 8, 9))  # nine: another bit in each byte


@pytest.mark.slow
@pytest.mark.parametrize("name", ["leaf", "row", "consistency"])
def test_any_bit_flipped_in_a_proof_is_detected(log: list[Leaf], name: str) -> None:
    text = bundles(log)[name]
    refuses_when_flipped(text, range(len(text.encode()) * 8))


@given(data=st.data())
@tries(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nonsense_is_refused_and_never_crashes(log: list[Leaf], data: Any) -> None:
    bundle = json.loads(bundles(log)[data.draw(st.sampled_from(["leaf", "row", "consistency"]))])
    spot = data.draw(st.sampled_from(sorted(bundle)))
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    other = data.draw(
        scalars | st.lists(scalars, max_size=4) | st.dictionaries(st.text(max_size=5), scalars, max_size=3)
    )
    if other == bundle[spot] and type(other) is type(bundle[spot]):
        return
    bundle[spot] = other
    with pytest.raises(Refused):
        verify.check(json.dumps(bundle))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "不是 JSON：第 1 行第 1 列"),
        (b"\xff", "不是 UTF-8"),
        ("[]", "最外层"),
        ("{}", "format 应为"),
        ('{"format": 1, "format": 1}', "重复"),
        ('{"format": "shiheng-proof/1"}', "缺少字段：head、key、leaf、path、position"),
        ('{"format": "shiheng-consistency/1"}', "缺少字段"),
        ("[" * 100_000, "嵌套过深"),
    ],
)
def test_what_is_no_proof_is_told_so(text: str | bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        verify.check(text)


CHANGES: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda b: b.update(more=1), "多出字段：more"),
    (lambda b: b.update(position=13), "序号 13 不在树头之内"),
    (lambda b: b.update(position=True), "position 须是不小于 0 的整数"),
    (lambda b: b.update(position=5), "对不上"),
    (lambda b: b["path"].pop(), "审计路径的步数不对"),
    (lambda b: b["path"].__setitem__(0, "AB"), "路径第 1 步须是 64 位小写十六进制"),
    (lambda b: b.update(path="x"), "path 须是哈希的列表"),
    (lambda b: b.update(leaf="[]"), "不是 JSON 对象"),
    (lambda b: b.update(leaf="\ud800"), "代理字符"),
    (lambda b: b.update(leaf=b["leaf"].replace("系统", "别人")), "对不上"),
    (lambda b: b.update(head=b["head"].replace("\n13\n", "\n12\n")), "签名不成立"),
    (lambda b: b.update(head=b["head"].replace("shiheng", "other")), "名称应为"),
    (lambda b: b.update(head=b["head"].strip()), "树头格式不正确"),
    (lambda b: b.update(head=b["head"].replace("— shiheng/ledger ", "— shiheng/ledger AAAA")), "64 字节"),
    (lambda b: b.update(key=b["key"][:-4]), "公钥格式不正确"),
    (lambda b: b.update(key=b["key"].replace("+", "+0", 1)), "公钥格式不正确"),
    (lambda b: b.update(key=notes.verifier_key(bytes(32))), "密钥编号不符"),
    (lambda b: b.update(row=1), "row 须是一个对象"),
    (lambda b: b.update(row={"index": 0, "hash": "0" * 64, "path": []}), "没有逐行清单"),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_each_failure_has_its_own_words(log: list[Leaf], number: int) -> None:
    change, words = CHANGES[number]
    bundle = queries.proof(log[6])
    change(bundle)
    with pytest.raises(Refused, match=words):
        verify.check(json.dumps(bundle))


ROW_CHANGES: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda r: r.update(index=300), "行号 300 超出清单"),
    (lambda r: r.update(index=7), "对不上|步数不对"),
    (lambda r: r.update(hash="0" * 64), "对不上"),
    (lambda r: r["path"].pop(), "行路径的步数不对"),
    (lambda r: r.update(more=1), "行证明多出字段"),
    (lambda r: r.pop("hash"), "行证明缺少字段：hash"),
    (lambda r: r.update(content="??"), "规范的 base64"),
]


@pytest.mark.parametrize("number", range(len(ROW_CHANGES)))
def test_each_failure_of_a_row_has_its_own_words(log: list[Leaf], number: int) -> None:
    change, words = ROW_CHANGES[number]
    bundle = queries.proof(log[-1], row=299)
    change(bundle["row"])
    with pytest.raises(Refused, match=words):
        verify.check(json.dumps(bundle))


def test_a_proof_under_another_key_than_the_published_one_is_refused(log: list[Leaf]) -> None:
    text = queries.exported(queries.proof(log[0]))
    with pytest.raises(Refused, match="公钥不符"):
        verify.check(text, key="0" * 64)
    with pytest.raises(Refused, match="--key 须是"):
        verify.check(text, key="甲")
    signing.make(replace=True)
    stranger = signing.signer(may_make=False).sign(notes.Checkpoint(13, bytes(32), log[0].at))
    with pytest.raises(Refused, match="不是用证明中的公钥签署"):
        verify.check(text, kept=stranger)
    with pytest.raises(Refused, match="另取从 5 叶到 13 叶的一致性证明"):
        verify.check(text, kept=Head.objects.get(size=5).note)


def test_heads_in_the_wrong_order_are_refused(log: list[Leaf]) -> None:
    bundle = queries.consistency(5, 9)
    bundle["old"], bundle["new"] = bundle["new"], bundle["old"]
    with pytest.raises(Refused, match="先后不对"):
        verify.check(json.dumps(bundle))
    with pytest.raises(Refused, match="不能比晚的树头"):
        queries.consistency(13, 5)


def test_a_proof_from_a_broken_tree_is_refused_with_the_way_out(log: list[Leaf]) -> None:
    Tile.objects.all().delete()
    with pytest.raises(Refused, match="shiheng ledger audit"):
        queries.proof(log[0])
