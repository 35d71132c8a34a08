"""Pages of the evidence log. Their doors are hung in ``site.urls``: people are known only to a room above this one."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import bundles, kinds, merkle, notes, queries, verify
from shiheng.ledger.models import Head, Leaf
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

LATEST = 20
PROOF_MOST = 4 * 1024 * 1024
BUNDLE_MOST, BUNDLE_OPENED = 64 * 1024 * 1024, 256 * 1024 * 1024
JSON = "application/json; charset=utf-8"

HEADS = Table(
    "ledger-heads",
    "树头",
    [
        Column("size", "叶数", sort="size", kind="number"),
        Column("at", "签署时间", sort="at", kind="moment"),
        Column("root", "根哈希", kind="code"),
        Column("key_id", "公钥指纹", kind="code", hidden=True),
        Column(
            "note",
            "下载",
            lambda _head: say("签名文本"),
            kind="link",
            href=lambda head: reverse("ledger-head", args=[head.size]),
        ),
    ],
    [Filter("at", "签署时间", "moment_range", "at")],
    default_sort="-size",
    empty="还没有签署过树头。第一条存证写入后，数秒内就会签署。",
)

LEAVES = Table(
    "ledger-leaves",
    "存证",
    [
        Column("id", "编号", sort="id", kind="link", href=lambda leaf: reverse("ledger-leaf", args=[leaf.pk])),
        Column("kind", "事项", lambda leaf: say(kinds.title_of(leaf.kind))),
        Column("subject", "对象", kind="code"),
        Column("actor_name", "行为人", kind="person"),
        Column("at", "时间", kind="moment"),
        Column("position", "序号", kind="number", hidden=True),
        Column(
            "state",
            "状态",
            lambda leaf: ("待封存", "wait") if leaf.position is None else ("已封存", "ok"),
            kind="badge",
        ),
    ],
    [
        Filter("subject", "对象", "text", "subject", hint="如 batch:12"),
        Filter("actor", "行为人", "text", "actor", hint="如 account:5"),
        Filter("kind", "事项", "choice", "kind", choices=kinds.titles),
        Filter("waiting", "只看待封存", "flag", "position__isnull"),
    ],
    default_sort="-id",
    empty="没有符合条件的存证。办理业务时写入的存证会出现在这里。",
)


@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """The public page: the latest signed heads and the key, for anybody to keep."""
    shown = list(queries.heads()[:LATEST])
    context = {
        "heads": shown,
        "latest": shown[0] if shown else None,
        "keys": [_key(k.public) for k in queries.public_keys()],
    }
    return render(request, "ledger/heads.html", context)


@require_safe
def heads_json(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The same for programs."""
    body = {
        "origin": notes.ORIGIN,
        "keys": [_key(key.public) for key in queries.public_keys()],
        "heads": [
            {"size": head.size, "root": head.root, "at": head.at.isoformat(), "key": head.key_id, "note": head.note}
            for head in queries.heads()[:LATEST]
        ],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def head(request: HttpRequest, size: int) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """One signed head, as the text to keep."""
    return _download(queries.head_of(size).note, f"shiheng-head-{size}.txt", "text/plain; charset=utf-8")


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Proof that a later head continues an earlier one, for whoever kept the earlier."""
    old, new = _number(request, "old"), _number(request, "new")
    if old is None:
        raise Refused("ledger.no_head", "请填写您保存的树头的叶数。")
    text = queries.exported(queries.consistency(old, new))
    return _download(text, f"shiheng-consistency-{old}.json", JSON)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a proof file here; nothing is stored, and ``shiheng ledger verify`` says the same without this site."""
    verdict: verify.Verdict | bundles.Checked | None = None
    fault = ""
    if request.method == "POST":
        sent = request.FILES.get("proof")
        if sent is None:
            fault = "请选择证明文件。"
        elif (sent.size or 0) > (BUNDLE_MOST if _is_archive(sent) else PROOF_MOST):
            fault = "证明文件过大：证明最大 4 MB，证据包最大 64 MB。更大的请用 shiheng ledger verify 查验。"
        else:
            key = request.POST.get("key", "").strip() or None
            try:
                if _is_archive(sent):
                    verdict = bundles.check(sent, key=key, most=BUNDLE_OPENED)
                else:
                    verdict = verify.check(sent.read(), key=key)
            except Refused as refusal:
                fault = refusal.message
    known = {key.fingerprint for key in queries.public_keys()}
    context = {
        "verdict": verdict,
        "fault": fault,
        "ours": verdict is not None and verdict.fingerprint in known,
        "kind": say(kinds.title_of(str(verdict.content.get("kind")))) if verdict and verdict.content else "",
    }
    return render(request, "ledger/check.html", context, status=422 if fault else 200)


def _is_archive(sent: UploadedFile) -> bool:
    head = sent.read(len(bundles.START))
    sent.seek(0)
    return head == bundles.START


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Where the log stands, and all its heads."""
    listing = HEADS.read(request, queries.heads())
    if listing.wants_export:
        return listing.response()  # type: ignore[return-value]
    return render(request, "ledger/overview.html", {"listing": listing, "standing": queries.standing()})


@require_safe
def leaves(request: HttpRequest) -> HttpResponse:
    """What is on record inside one's territory."""
    listing = LEAVES.read(request, queries.visible_to(request.who))  # type: ignore[attr-defined]
    if listing.wants_export:
        return listing.response()  # type: ignore[return-value]
    return render(request, "ledger/leaves.html", {"listing": listing})


@require_safe
def leaf(request: HttpRequest, leaf_id: int) -> HttpResponse:
    """One leaf, what it says, and the way from it to the signed root, step by step."""
    found = _leaf(request, leaf_id)
    content = found.content
    title = say(kinds.title_of(found.kind))
    coded = _("%(title)s（%(code)s）")
    facts = [
        ("事项", found.kind if title == found.kind else coded % {"title": title, "code": found.kind}, "text"),
        ("对象", found.subject, "code"),
        ("行为人", coded % {"title": found.actor_name, "code": found.actor}, "text"),
        ("时间", found.at, "moment"),
        ("管辖", found.scope or _("全市"), "text"),
        ("叶哈希", found.hash, "code"),
    ]
    context = {"leaf": found, "facts": facts, "said": _told(content["facts"]), "rows": content.get("rows")}
    top = queries.heads().first()
    if found.position is not None and top is not None:
        context |= {"head": top, "steps": _steps(found, top)}
    return render(request, "ledger/leaf.html", context)


@require_safe
def proof(request: HttpRequest, leaf_id: int) -> HttpResponse:
    """The proof of one leaf, or of one row of a bulk write, as a file."""
    found, row = _leaf(request, leaf_id), _number(request, "row")
    name = f"shiheng-proof-{leaf_id}.json" if row is None else f"shiheng-proof-{leaf_id}-row-{row}.json"
    return _download(queries.exported(queries.proof(found, row=row)), name, JSON)


def _leaf(request: HttpRequest, leaf_id: int) -> Leaf:
    found = queries.visible_to(request.who).filter(pk=leaf_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Missing("ledger.no_leaf", "没有这条存证，或不在您的辖区范围内。")
    return found


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Refused("ledger.bad_number", _("参数 %(name)s 须是不小于 0 的整数。") % {"name": name})
    return int(text)


def _key(public: str) -> dict[str, str]:
    raw = bytes.fromhex(public)
    return {"line": notes.verifier_key(raw), "fingerprint": notes.fingerprint(raw)}


def _steps(found: Leaf, top: Head) -> list[dict[str, str]]:
    bundle = queries.proof(found, head=top)
    path = [bytes.fromhex(step) for step in bundle["path"]]
    climbed = merkle.steps(bytes.fromhex(found.hash), bundle["position"], top.size, path) or []
    return [
        {"side": {"left": "左", "right": "右"}[side], "neighbour": neighbour.hex(), "reached": reached.hex()}
        for side, neighbour, reached in climbed
    ]


def _told(facts: Any) -> list[tuple[str, Any]]:
    """Facts as rows; what is inside others is named by its way there."""
    told: list[tuple[str, Any]] = []

    def tell(way: str, value: Any) -> None:
        if isinstance(value, dict) and value:
            for name, inner in value.items():
                tell(f"{way}.{name}" if way else name, inner)
        elif isinstance(value, list):
            told.append((way, "、".join(str(item) for item in value)))
        else:
            told.append((way, (_("是") if value else _("否")) if isinstance(value, bool) else value))

    tell("", facts)
    return told


def _download(text: str, name: str, media: str) -> HttpResponse:
    return HttpResponse(text, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
