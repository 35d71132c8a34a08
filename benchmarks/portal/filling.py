"""Generated public files in a published store: ``python -m benchmarks.portal.filling FOLDER N``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

RECORDS = 25


def files(count: int) -> Iterator[dict[str, Any]]:
    from shiheng.publication.portal.projection import PublicFact, PublicFile, PublicRecord, plain
    from tests.factories import names, uscc

    for n, name in enumerate(names(count)):
        code = uscc(n)
        yield plain(
            PublicFile(
                id=n + 1, uscc=code, name=name, kind="enterprise", kind_title="企业", status="active",
                status_title="存续", status_tone="ok", address="云泽市临江区江畔街道码头路12号", region="449901",
                updated="2026-03-01", names=((name, True, "2026-03-01", "2026-03-01"),),
                facts=(PublicFact("uscc", "统一社会信用代码", code, source="商事登记", day="2026-03-01"),
                       PublicFact("name", "名称", name, source="商事登记", day="2026-03-01")),
                records=tuple(
                    PublicRecord(id=f"{n:010}{r:010}", kind="permit", side="good", section="行政许可",
                                 title="食品经营许可证", state="有效", source="许可", day="2026-03-01",
                                 facts=(("number", "编号", f"JY{n}{r}"),))
                    for r in range(RECORDS)
                ),
                parts={"good": "held", "bad": "none", "plain": "none"},
            )
        )  # fmt: skip


def main(place: Path, count: int) -> None:
    django.setup()
    from shiheng.publication.standing import store
    from tests.factories import uscc

    store.write(place / "data", files(count), (), meta={"keys": []})
    (place / "all").write_text("\n".join(uscc(n) for n in range(count)))
    step = max(1, count // 5_000)
    (place / "codes").write_text("\n".join(uscc(n) for n in range(0, count, step)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
