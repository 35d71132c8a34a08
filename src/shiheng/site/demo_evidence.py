"""The evidence of the invented bureau's open matters: drawn, sealed, taken in through the same doors as anybody's."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import typst

from shiheng.accounts.models import Account
from shiheng.accounts.permissions import Who
from shiheng.accounts.queries import who_of
from shiheng.city import evidence as city
from shiheng.city import files as matters
from shiheng.city.evidence import Piece, Story
from shiheng.kernel import clock
from shiheng.ledger import files
from shiheng.procedures.evidence import actions, gaps, redaction
from shiheng.procedures.evidence.redaction import Bar
from shiheng.procedures.models import Evidence, Proceeding

STEPS = ("verify", "mediate", "accept")
RECORDS = frozenset({"05", "06", "08"})
ENDINGS = {"photo": ".png", "receipt": ".png", "chat": ".png", "paper": ".pdf", "sound": ".wav", "note": ".txt"}
FONTS = ("Noto Sans CJK SC", "Microsoft YaHei", "WenQuanYi Zen Hei", "SimSun", "Libertinus Serif")


def live(told: Callable[[str], object] = lambda _words: None) -> None:
    """Take in what is missing of every story; a matter that has ended takes none."""
    people = {name: who_of(Account.objects.get(username=name)) for name in (matters.CLERK, matters.CHIEF)}
    fonts = typst.Fonts()
    for place, story in enumerate(city.STORIES):
        told(f"{place + 1}/{len(city.STORIES)}")
        rows = Proceeding.objects.filter(procedure=story.procedure, title=story.summary, ended=False)
        found = rows.filter(passages__step__in=STEPS).order_by("pk").first() or rows.first()
        if found is not None:
            _story(found, story, people, fonts)


def _story(found: Proceeding, story: Story, people: dict[str, Who], fonts: typst.Fonts) -> None:
    clerk, chief = people[matters.CLERK], people[matters.CHIEF]
    rows = found.passages.filter(voided_at=None).order_by("-number")
    passage = rows.filter(step__in=STEPS).first() or rows.first()
    begun = max(found.opened_at, passage.at if passage else found.opened_at) + timedelta(minutes=20)
    now = clock.now()
    if story.violation:
        with clock.standing_at(min(begun, now)):
            actions.allege(clerk, found.pk, story.violation, key=_key(found, "about"))
    made: list[Evidence] = []
    for place, piece in enumerate(story.pieces):
        at = min(begun + timedelta(minutes=15 * (place + 1)), now)
        with clock.standing_at(at):
            number = passage.number if passage else None
            made.append(_piece(found, story, piece, at, number, place, clerk, chief, fonts))
    later = min(begun + timedelta(hours=3), now)
    for day, (kind, to, why) in enumerate(story.moves):
        with clock.standing_at(min(later + timedelta(days=day), now)):
            actions.move(clerk, found.pk, made[0].number, kind, to=to, why=why, key=_key(found, "move", kind))
    with clock.standing_at(later):
        if story.masks:
            x, y, w, h, reason = story.masks
            redaction.redact(
                clerk, found.pk, made[0].number, bars=[Bar(x, y, w, h, reason)], purpose=city.PURPOSE,
                key=_key(found, "mask"),
            )  # fmt: skip
        if story.withdrawn:
            actions.withdraw(chief, found.pk, made[-1].number, reason=story.withdrawn, key=_key(found, "withdraw"))


def _piece(
    found: Proceeding, story: Story, piece: Piece, at: datetime, passage: int | None, place: int, clerk: Who,
    chief: Who, fonts: typst.Fonts,
) -> Evidence:  # fmt: skip
    if (held := Evidence.objects.filter(proceeding=found, title=piece.title).first()) is not None:
        return held  # of a build that was stopped; drawn again it would not be the same file to the byte
    taken_at = at - timedelta(minutes=10)
    content = _drawn(piece, f"{taken_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}", fonts)
    kept = files.keep(content, sealed=True)
    two = piece.kind in RECORDS or bool(piece.act)
    item = actions.Item(
        kind=piece.kind, title=piece.title, source=piece.source, taken_at=taken_at, place=city.PLACE,
        taken_by=[(who.key, who.name) for who in ((clerk, chief) if two else (clerk,))], proves=piece.proves,
        elements=[gaps.named(story.violation, one) for one in piece.elements], original=not piece.checked,
        checked=piece.checked, act=piece.act, passage=passage, confidential=piece.confidential,
    )  # fmt: skip
    name = f"{piece.title}{ENDINGS[piece.drawing]}"
    return actions.receive(clerk, found.pk, item, kept, name=name, key=_key(found, "item", place))


def _drawn(piece: Piece, stamp: str, fonts: typst.Fonts) -> bytes:
    if piece.drawing == "sound":
        return city.tone()
    if piece.drawing == "note":
        return "\n".join((*piece.lines, stamp)).encode()
    compiled: Any = typst.compile
    said = {"lines": piece.lines, "stamp": stamp, "fonts": FONTS}
    source = '#let d = json(bytes(sys.inputs.at("said")))\n' + city.DRAWINGS[piece.drawing]
    kind = "pdf" if piece.drawing == "paper" else "png"
    made = compiled(
        source.encode(), format=kind, ppi=144, font_paths=fonts,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _key(found: Proceeding, *words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "shiheng:city:evidence:" + ":".join(map(str, (found.number, *words))))
