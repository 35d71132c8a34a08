"""Checking a proof with nothing but the file in hand: no database, no network, no trust in who sent it.

Pure. What is proved is no more than the public key is worth: compare its fingerprint with the one the bureau publishes.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any

from shiheng.kernel.errors import Refused
from shiheng.ledger import merkle, notes

PROOF = "shiheng-proof/1"
CONSISTENCY = "shiheng-consistency/1"
_HEX = re.compile(r"[0-9a-f]{64}")
_PROOF_FIELDS = {"format", "leaf", "position", "path", "head", "key"}
_ROW_FIELDS = {"index", "hash", "path"}
_CONSISTENCY_FIELDS = {"format", "old", "old_key", "new", "new_key", "path"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A proof that holds: what it proves, in Chinese lines, and the values a program wants."""

    kind: str  # leaf | row | consistency
    lines: list[str]
    fingerprint: str
    size: int
    root: str
    at: str
    position: int | None = None
    content: dict[str, Any] | None = field(default=None)


def check(text: str | bytes, *, key: str | None = None, kept: str | None = None) -> Verdict:
    """Verify an exported proof. Returns what is proved, or raises ``Refused`` saying exactly what does not hold.

    ``key`` is the fingerprint or the public-key line the bureau publishes; ``kept`` a signed head kept earlier.
    """
    bundle = _read(text)
    if bundle.get("format") == PROOF:
        return _check_proof(bundle, key, kept)
    if bundle.get("format") == CONSISTENCY:
        return _check_consistency(bundle, key, kept)
    raise Refused(
        "ledger.proof_format",
        f"这不是市衡的存证证明：format 应为 {PROOF} 或 {CONSISTENCY}，文件中是 {bundle.get('format')!r}。",
    )


def check_consistency(old: str, new: str, path: list[str], *, key: str) -> Verdict:
    """Verify that a later signed head continues an earlier one under the same public key."""
    bundle = {"format": CONSISTENCY, "old": old, "old_key": key, "new": new, "new_key": key, "path": path}
    return _check_consistency(bundle, None, None)


def _check_proof(bundle: dict[str, Any], key: str | None, kept: str | None) -> Verdict:
    _fields(bundle, _PROOF_FIELDS, {"row"}, "证明")
    public = _public(bundle, "key", key)
    head = notes.read(_text(bundle, "head"), public)
    body, position = _text(bundle, "leaf"), _whole(bundle, "position")
    content = _content(body)
    if position >= head.size:
        raise Refused(
            "ledger.proof_position", f"序号 {position} 不在树头之内：该树头只有 {head.size} 叶（序号从 0 起）。"
        )
    leaf = merkle.leaf_hash(body.encode())
    root = merkle.root_from_path(leaf, position, head.size, _path(bundle, "path"))
    if root is None:
        raise Refused(
            "ledger.proof_path",
            f"审计路径的步数不对：{head.size} 叶的树中，序号 {position} 的路径不应有 {len(bundle['path'])} 步。",
        )
    if root != head.root:
        raise Refused(
            "ledger.proof_root",
            "存证与树头对不上：由正文和审计路径算出的根哈希与树头所签的不同，正文、序号或路径被改动过。",
        )
    lines = [
        f"正文的叶哈希为 {leaf.hex()}",
        f"沿 {len(bundle['path'])} 步审计路径算得根哈希 {root.hex()}，与树头一致",
        f"树头共 {head.size} 叶，签署于 {head.at.isoformat()}，签名成立",
        f"公钥指纹 {notes.grouped(notes.fingerprint(public))}",
    ]
    kind = "leaf"
    if "row" in bundle:
        kind = "row"
        lines = [*_check_row(bundle["row"], content), *lines]
    _same_as_kept(kept, [(head, public)], lines)
    return Verdict(
        kind, lines, notes.fingerprint(public), head.size, head.root.hex(), head.at.isoformat(), position, content
    )


def _check_row(row: Any, content: dict[str, Any]) -> list[str]:
    if not isinstance(row, dict):
        raise Refused("ledger.proof_row", "证明中的 row 须是一个对象。")
    _fields(row, _ROW_FIELDS, {"content"}, "行证明")
    rows = content.get("rows")
    if not isinstance(rows, dict) or not isinstance(rows.get("root"), str):
        raise Refused("ledger.proof_row", "这条存证没有逐行清单，不能证明其中的行。")
    count, index = _whole(rows, "count"), _whole(row, "index")
    if index >= count:
        raise Refused("ledger.proof_row", f"行号 {index} 超出清单：清单共 {count} 行（行号从 0 起）。")
    row_hash = _hash(row.get("hash"), "行哈希")
    lines = []
    if "content" in row:
        if merkle.leaf_hash(_bytes(_text(row, "content"))) != row_hash:
            raise Refused("ledger.proof_row", f"第 {index} 行的内容与行哈希不符，内容或行哈希被改动过。")
        lines.append(f"第 {index} 行的内容与行哈希 {row_hash.hex()} 一致")
    root = merkle.root_from_path(row_hash, index, count, _path(row, "path"))
    if root is None:
        raise Refused(
            "ledger.proof_row",
            f"行路径的步数不对：{count} 行的清单中，第 {index} 行的路径不应有 {len(row['path'])} 步。",
        )
    if root.hex() != rows["root"]:
        raise Refused("ledger.proof_row", f"第 {index} 行与清单的行根对不上：行哈希、行号或行路径被改动过。")
    lines.append(f"第 {index} 行（共 {count} 行）在清单之中，行根 {root.hex()}")
    return lines


def _check_consistency(bundle: dict[str, Any], key: str | None, kept: str | None) -> Verdict:
    _fields(bundle, _CONSISTENCY_FIELDS, set(), "一致性证明")
    old_public, new_public = _public(bundle, "old_key", None), _public(bundle, "new_key", key)
    old = notes.read(_text(bundle, "old"), old_public)
    new = notes.read(_text(bundle, "new"), new_public)
    if not 0 < old.size <= new.size:
        raise Refused("ledger.proof_sizes", f"两个树头的先后不对：早的有 {old.size} 叶，晚的有 {new.size} 叶。")
    path = _path(bundle, "path")
    roots = merkle.roots_from_consistency(old.size, new.size, old.root, path)
    if roots is None:
        raise Refused(
            "ledger.proof_path", f"一致性路径的步数不对：从 {old.size} 叶到 {new.size} 叶，路径不应有 {len(path)} 步。"
        )
    if roots[0] != old.root:
        raise Refused(
            "ledger.proof_rewritten", "早的树头与路径对不上：路径被改动过，或早先的存证被改写、删除、调换过。"
        )
    if roots[1] != new.root:
        raise Refused(
            "ledger.proof_rewritten", "晚的树头不是早的树头的延续：早先的存证被改写、删除、调换过，或路径被改动过。"
        )
    lines = [
        f"早的树头共 {old.size} 叶，签署于 {old.at.isoformat()}，签名成立",
        f"晚的树头共 {new.size} 叶，签署于 {new.at.isoformat()}，签名成立",
        f"前 {old.size} 叶在两个树头中完全相同：没有改写、删除或调换",
        f"公钥指纹 {notes.grouped(notes.fingerprint(new_public))}",
    ]
    if old_public != new_public:
        lines.append(f"早的树头所用公钥的指纹 {notes.grouped(notes.fingerprint(old_public))}（其间更换过密钥）")
    _same_as_kept(kept, [(old, old_public), (new, new_public)], lines)
    return Verdict("consistency", lines, notes.fingerprint(new_public), new.size, new.root.hex(), new.at.isoformat())


def _same_as_kept(kept: str | None, heads: list[tuple[notes.Checkpoint, bytes]], lines: list[str]) -> None:
    """A head kept earlier must be one of those the proof speaks of, root for root."""
    if kept is None:
        return
    size, root = None, None
    for head, public in heads:
        try:
            held = notes.read(kept, public)
        except Refused as error:
            if error.code == "ledger.other_key":
                continue
            raise
        size, root = held.size, held.root
        if held.size == head.size:
            if held.root != head.root:
                raise Refused(
                    "ledger.proof_split",
                    f"同为 {held.size} 叶，您保存的树头与证明中的树头根哈希不同：两份都有签名，"
                    "说明存证被改写过。请保留两份文件并报告。",
                )
            lines.append(f"与您保存的 {held.size} 叶树头一致")
            return
    if root is None:
        raise Refused("ledger.other_key", "您保存的树头不是用证明中的公钥签署的。")
    raise Refused(
        "ledger.proof_other_head",
        f"您保存的树头有 {size} 叶，证明中没有这个树头。请另取从 {size} 叶到 {heads[-1][0].size} 叶的一致性证明。",
    )


def _read(text: str | bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise Refused("ledger.proof_json", "证明文件中有重复的字段，无法判断以哪个为准。")
        return dict(pairs)

    try:
        bundle = json.loads(text if isinstance(text, str) else text.decode("utf-8"), object_pairs_hook=once)
    except UnicodeDecodeError as error:
        raise Refused("ledger.proof_json", f"证明文件不是 UTF-8 文本：第 {error.start + 1} 个字节不正确。") from None
    except json.JSONDecodeError as error:
        raise Refused(
            "ledger.proof_json", f"证明文件不是 JSON：第 {error.lineno} 行第 {error.colno} 列不正确。"
        ) from None
    except (RecursionError, ValueError):
        raise Refused("ledger.proof_json", "证明文件不是 JSON：嵌套过深或数字过长。") from None
    if not isinstance(bundle, dict):
        raise Refused("ledger.proof_json", "证明文件的最外层须是一个 JSON 对象。")
    return bundle


def _fields(bundle: dict[str, Any], needed: set[str], allowed: set[str], title: str) -> None:
    if missing := sorted(needed - bundle.keys()):
        raise Refused("ledger.proof_fields", f"{title}缺少字段：{'、'.join(missing)}。")
    if more := sorted(bundle.keys() - needed - allowed):
        raise Refused("ledger.proof_fields", f"{title}多出字段：{'、'.join(more)}。")


def _text(bundle: dict[str, Any], name: str) -> str:
    value = bundle.get(name)
    if not isinstance(value, str):
        raise Refused("ledger.proof_fields", f"字段 {name} 须是文字。")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refused("ledger.proof_fields", f"字段 {name} 中有不成对的代理字符，不是规范的文字。") from None
    return value


def _whole(bundle: dict[str, Any], name: str) -> int:
    value = bundle.get(name)
    if type(value) is not int or value < 0:
        raise Refused("ledger.proof_fields", f"字段 {name} 须是不小于 0 的整数。")
    return value


def _hash(value: Any, title: str) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise Refused("ledger.proof_fields", f"{title}须是 64 位小写十六进制数。")
    return bytes.fromhex(value)


def _path(bundle: dict[str, Any], name: str) -> list[bytes]:
    value = bundle.get(name)
    if not isinstance(value, list):
        raise Refused("ledger.proof_fields", f"字段 {name} 须是哈希的列表。")
    return [_hash(step, f"路径第 {number} 步") for number, step in enumerate(value, 1)]


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if base64.b64encode(data).decode() != text:
        raise Refused("ledger.proof_row", "行内容须是规范的 base64。")
    return data


def _content(body: str) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Refused("ledger.proof_leaf", "存证正文不是 JSON 对象，正文被改动过。")
    return content


def _public(bundle: dict[str, Any], name: str, key: str | None) -> bytes:
    public = notes.public_of(_text(bundle, name))
    if key is None:
        return public
    wanted = key.strip()
    given = notes.fingerprint(notes.public_of(wanted)) if "+" in wanted else re.sub(r"[\s:]", "", wanted).lower()
    if not _HEX.fullmatch(given):
        raise Refused("ledger.bad_key", "--key 须是 64 位十六进制的公钥指纹，或以 shiheng/ledger+ 开头的公钥。")
    if given != (found := notes.fingerprint(public)):
        raise Refused(
            "ledger.other_key",
            f"公钥不符：证明所附公钥的指纹为 {notes.grouped(found)}，您要求的是 {notes.grouped(given)}。",
        )
    return public
