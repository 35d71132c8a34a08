"""Checking a bundle of evidence with nothing but the archive in hand: files, what is said of them, and their proofs.

``manifest.json`` lists every item with its hash and its proofs; a leaf holds the manifest's own hash, so that nothing
can be left out or put in. The proofs are checked as single ones are (``verify``); here is what binds them to the files.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from shiheng.kernel.errors import Refused
from shiheng.ledger import verify

FORMAT = "shiheng-evidence/1"
MANIFEST, WHOLE = "manifest.json", "proofs/manifest.json"
START = b"PK\x03\x04"
CHUNK = 1024 * 1024
MOST_PROOF = 4 * 1024 * 1024


@dataclass(slots=True)
class Checked:
    """A bundle that holds: what was found, in Chinese lines, and the figures a program wants."""

    lines: list[str]
    fingerprint: str
    items: int = 0
    files: int = 0
    proofs: int = 0
    content: dict[str, Any] = field(default_factory=dict)


def is_bundle(path: Path) -> bool:
    """Whether a file is an archive and not a single proof."""
    with path.open("rb") as handle:
        return handle.read(len(START)) == START


def check(source: Path | IO[bytes], *, key: str | None = None, most: int | None = None) -> Checked:
    """Check every file and every proof of a bundle. Raises ``Refused`` naming the first that does not hold.

    ``key`` is the fingerprint or the public-key line the bureau publishes; ``most`` how many bytes may come out of it.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            if most is not None and sum(info.file_size for info in archive.infolist()) > most:
                raise Refused("bundle.large", "压缩包展开后过大。请用 shiheng ledger verify 在自己的电脑上核对。")
            return _check(archive, key)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as fault:
        raise Refused("bundle.broken", f"压缩包已经损坏或被改动：{fault}。") from None


def _check(archive: zipfile.ZipFile, key: str | None) -> Checked:
    names = archive.namelist()
    if len(set(names)) != len(names):
        raise Refused("bundle.names", "压缩包里有重名的文件，无法判断以哪个为准。")
    text = _small(archive, MANIFEST)
    manifest = _object(text, MANIFEST)
    if manifest.get("format") != FORMAT:
        raise Refused("bundle.format", f"这不是市衡导出的证据包：清单的 format 应为 {FORMAT}。")
    whole = _proof(archive, WHOLE, key)
    told = _facts(whole.content)
    if told.get("manifest") != hashlib.sha256(text).hexdigest():
        raise Refused("bundle.manifest", "清单与存证不符：manifest.json 被改动过，或不是这次导出的清单。")
    found = Checked(
        [f"清单与导出时的存证一致，公钥指纹 {whole.fingerprint}"], whole.fingerprint, proofs=1,
        content={"file": manifest.get("file"), "made_at": manifest.get("made_at")},
    )  # fmt: skip
    listed = {MANIFEST, WHOLE}
    for item in _objects(manifest, "items"):
        _check_item(archive, item, whole.fingerprint, found, listed)
    for other in _objects(manifest, "readable"):
        _check_file(archive, other, "清单", listed)
    if strange := sorted(set(names) - listed):
        raise Refused("bundle.more", f"压缩包里有清单之外的文件：{'、'.join(strange[:5])}。")
    found.lines.append(f"{found.items} 件证据、{found.files} 个文件、{found.proofs} 份存证证明全部相符")
    return found


def _check_item(
    archive: zipfile.ZipFile, item: Mapping[str, Any], fingerprint: str, found: Checked, listed: set[str]
) -> None:
    """One item: its file is the one received (or a copy made of it), what is said of it is what was said then."""
    title = f"第 {item.get('number')} 号证据"
    leaves: list[dict[str, Any]] = []
    for name in _list(item, "proofs"):
        _once(str(name), listed)
        leaves.append(dict(_proof(archive, str(name), fingerprint).content or {}))
        found.proofs += 1
    received = next((_facts(leaf) for leaf in leaves if leaf.get("kind") == "evidence.received"), {})
    if not received or received.get("item") != item.get("number"):
        raise Refused("bundle.unproved", f"{title}没有收存时的存证证明，或证明的是另一件。")
    if received.get("sha256") != item.get("sha256"):
        raise Refused("bundle.item", f"{title}的摘要与收存时的存证不符。")
    card = item.get("card")
    if not isinstance(card, str) or hashlib.sha256(card.encode()).hexdigest() != received.get("card"):
        raise Refused("bundle.card", f"{title}的登记内容与收存时的存证不符，登记内容被改动过。")
    copies = [_facts(leaf) for leaf in leaves if leaf.get("kind") == "evidence.redacted"]
    for file in _objects(item, "files"):
        _check_file(archive, file, title, listed)
        found.files += 1
        sha256, original = file.get("sha256"), received.get("sha256")
        same = file.get("as") == "original" and sha256 == original
        copy = file.get("as") == "redacted" and any(
            held.get("copy") == sha256 and held.get("sha256") == original for held in copies
        )
        if not same and not copy:
            raise Refused("bundle.other", f"{title}所附的文件既不是收存的原件，也不是存证记载的遮蔽件。")
    found.items += 1


def _once(name: str, listed: set[str]) -> None:
    if name in listed:
        raise Refused("bundle.twice", f"清单把 {name} 列了两次。")
    listed.add(name)


def _check_file(archive: zipfile.ZipFile, file: Mapping[str, Any], title: str, listed: set[str]) -> None:
    name, digest = str(file.get("path")), hashlib.sha256()
    _once(name, listed)
    try:
        with archive.open(name) as handle:
            while chunk := handle.read(CHUNK):
                digest.update(chunk)
    except KeyError:
        raise Refused("bundle.absent", f"{title}的文件 {name} 不在压缩包里。") from None
    except zipfile.BadZipFile:
        raise Refused("bundle.file", f"{title}的文件 {name} 已被改动或损坏。") from None
    if digest.hexdigest() != file.get("sha256"):
        raise Refused("bundle.file", f"{title}的文件 {name} 已被改动：现有内容的 SHA-256 为 {digest.hexdigest()}。")


def _proof(archive: zipfile.ZipFile, name: str, key: str | None) -> verify.Verdict:
    try:
        return verify.check(_small(archive, name), key=key)
    except Refused as refusal:
        raise Refused(refusal.code, f"{name}：{refusal.message}") from None


def _facts(leaf: Mapping[str, Any] | None) -> dict[str, Any]:
    facts = (leaf or {}).get("facts")
    return facts if isinstance(facts, dict) else {}


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > 16 * MOST_PROOF:
            raise Refused("bundle.large", f"压缩包里的 {name} 过大。")
        return archive.read(name)
    except KeyError:
        raise Refused("bundle.absent", f"压缩包里没有 {name}。") from None
    except zipfile.BadZipFile:
        raise Refused("bundle.file", f"压缩包里的 {name} 已被改动或损坏。") from None


def _object(text: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("bundle.json", f"{name} 不是 JSON 对象。")
    return found


def _list(held: Mapping[str, Any], name: str) -> list[Any]:
    found = held.get(name)
    if not isinstance(found, list):
        raise Refused("bundle.json", f"清单缺少 {name}。")
    return found


def _objects(held: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = _list(held, name)
    if not all(isinstance(one, dict) for one in found):
        raise Refused("bundle.json", f"清单的 {name} 不是对象的列表。")
    return found
