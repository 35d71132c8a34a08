"""What is true of the invented city, written beside its files and never loaded: the measure of every later engine.

``truth/subjects.jsonl`` has one object a subject in order of ``k``; ``groups.jsonl`` one a planted group;
``rows.jsonl`` one a row of every delivered file that is not simply clean (a planted fault, or untidiness that must be
accepted). ``truth/README.md`` says what each field means.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from shiheng.city import definition as d
from shiheng.city.model import Group, Subject
from shiheng.city.places import point_of

SUBJECTS, GROUPS, ROWS, README = "subjects.jsonl", "groups.jsonl", "rows.jsonl", "README.md"
FAULTS = {**d.FAULT_CODES, **d.PERMIT_FAULT_CODES}
_HISTORIES = ("name", "rep", "address", "place", "town", "capital", "status")


def of_subject(
    subject: Subject, until: date, rows: list[tuple[str, int]], permits: list[dict[str, Any]]
) -> dict[str, Any]:
    """Everything that is true of one subject; histories are lists of [from, value]."""
    now = subject.on(until)
    return {
        "k": subject.k,
        "uscc": subject.uscc,
        "regno": subject.regno,
        "slip": list(subject.slip),
        "divided": subject.divided,
        "inner": subject.inner,
        "kind": subject.kind,
        "type": subject.type_code,
        "industry": subject.industry.code,
        "brand": subject.brand,
        "established": subject.established,
        "parent": subject.parent.k if subject.parent else None,
        "currency": now["currency"],
        **{item: history(subject, item) for item in _HISTORIES},
        "point": point_of(now["place"]),
        "conduct": subject.conduct,
        "alive": subject.operating(until),
        "vanished_on": subject.vanished_on,
        "never_operated": subject.never_operated,
        "fake": subject.fake,
        "controller": subject.controller,
        "rep_key": history(subject, "rep_key"),
        "groups": subject.groups,
        "rows": rows,
        "permits": permits,
    }


def history(subject: Subject, item: str) -> list[tuple[str, Any]]:
    """[from, value] of one item of the registration, oldest first."""
    return [(c.day.isoformat(), c.values[item]) for c in subject.history if item in c.values]


class Book:
    """The truth being written while the files are."""

    def __init__(self, directory: Path, until: date) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._until = until
        self._subjects = (directory / SUBJECTS).open("w", encoding="utf-8", newline="\n")
        self._rows = (directory / ROWS).open("w", encoding="utf-8", newline="\n")
        self._groups = (directory / GROUPS).open("w", encoding="utf-8", newline="\n")
        self._hosted: dict[str, list[int]] = {}
        (directory / README).write_text(_readme(), encoding="utf-8", newline="\n")

    def subject(self, subject: Subject, rows: list[tuple[str, int]], permits: list[dict[str, Any]]) -> None:
        self._subjects.write(_line(of_subject(subject, self._until, rows, permits)))

    def row(self, file: str, row: int, k: int, fault: str, untidy: str) -> None:
        reason = FAULTS[fault][1] if fault else ""
        self._rows.write(_line({"file": file, "row": row, "k": k, "fault": fault, "reason": reason, "untidy": untidy}))

    def group(self, group: Group) -> None:
        if group.kind == "hosted":  # one address gathers members over all blocks
            self._hosted.setdefault(group.key, []).extend(group.members)
        else:
            self._groups.write(_line(asdict(group)))

    def close(self) -> None:
        for key, members in sorted(self._hosted.items()):
            if len(members) > 1:
                facts = {"place": key.removeprefix("hosted-")}
                self._groups.write(_line(asdict(Group(key, "hosted", tuple(members), facts))))
        for file in (self._subjects, self._rows, self._groups):
            file.close()


def read(directory: Path, name: str) -> Iterator[dict[str, Any]]:
    """The objects of one truth file, e.g. ``read(out / "truth", SUBJECTS)``."""
    with (directory / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def expected(directory: Path, *, as_of: dict[str, date]) -> Iterator[dict[str, Any]]:
    """What the platform should hold of each subject once every file is in: those with at least one acceptable row.

    ``as_of`` gives each file's name its day (``Landed.as_of`` of the manifest). A subject's ``known`` is the day its
    last acceptable row speaks of; name, status, rep and address are the register's on that day. The status is unknown
    (``None``) to one only the first full file speaks of: that layout has no column for it.
    """
    refused = {(r["file"], r["row"]) for r in read(directory, ROWS) if r["fault"]}
    first = min(as_of, key=lambda name: as_of[name])
    for subject in read(directory, SUBJECTS):
        files = [file for file, row in subject["rows"] if (file, row) not in refused]
        if not files:
            continue
        known = max(as_of[file] for file in files).isoformat()
        said = {
            item: [v for day, v in subject[item] if day <= known][-1] for item in ("name", "rep", "address", "status")
        }
        if files == [first]:
            said["status"] = None
        yield {"k": subject["k"], "uscc": subject["uscc"], "known": known, "files": files, **said}


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=date.isoformat, separators=(",", ":"))


def _line(value: dict[str, Any]) -> str:
    return _ENCODER.encode(value) + "\n"


def _readme() -> str:
    groups = "\n".join(f"- `{kind}`：{title}" for kind, title in d.GROUPS.items())
    faults = "\n".join(f"- `{code}`（应报 `{reason}`）：{title}" for code, (title, reason) in FAULTS.items())
    return f"""# 已知真相

本目录只供测量，任何程序都不得把它当作数据源载入。

## subjects.jsonl：每行一户
`k` 户号；`inner` 主体身份代码；`name`、`rep`、`address`、`capital`（分）、`status`、`town` 是 [起始日, 值] 的沿革；
`place` 是场所键（同一间房同一键，无论地址怎样写）；`rep_key` 是名义负责人，`controller` 是实际控制人；
`conduct` 是 0 至 1 的守法倾向，越低越易违法；`alive` 是末日是否真在经营；`vanished_on` 是人去楼空之日（登记上仍存续）；
`never_operated` 自始未经营；`fake` 冒名登记；`rows` 是它在登记文件中的 [文件, 行号]，行号从 1 起、不计表头。
`slip` 是 [谁, 号码]：登记窗口（register）或其他部门（departments）把另一户的注册号填给了它；
`divided` 表示它的旧注册号与统一社会信用代码从未在同一行出现，平台会把它立成两户。
`permits` 是按行业应有的许可：`fate` 为 missing（从未取得）、expired（末日已过期）、soon（末日起六十日内到期）、valid、
closed（随主体注销）、undated（备案，无期限）；`events` 是 [决定日, 有效期自, 有效期至, 状态]；`rows` 是许可文件中的行。

## groups.jsonl：每行一组
{groups}

## rows.jsonl：每行一条有瑕疵的来文行
`fault` 非空的行必须隔离；`untidy` 非空的行整理后必须接受；未列出的行是干净的。
{faults}
"""
