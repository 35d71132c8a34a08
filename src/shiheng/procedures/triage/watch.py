"""When an issue is written in about as often as declared, a proposal for a campaign is laid before a chief, once."""

from collections import Counter
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Account, Office, Post
from shiheng.accounts.outbox import tell
from shiheng.accounts.permissions import SYSTEM
from shiheng.accounts.queries import in_force
from shiheng.kernel import clock
from shiheng.procedures import actions
from shiheng.procedures.models import Proceeding, Sketch
from shiheng.procedures.triage import kept
from shiheng.procedures.triage.declared import lexicons
from shiheng.procedures.triage.definition import Lexicon, Rule
from shiheng.ui.wording import in_the_record

JOB = "procedures.triage.watch"


def run() -> int:
    """Look at every bureau and every issue that has a limit; how many proposals were laid."""
    laid = 0
    with in_the_record():
        for lexicon in lexicons():
            rules = [rule for rule in lexicon.of("tag") if rule.limit]
            if not lexicon.lead or not rules:
                continue
            for bureau in kept.bureaux():
                if bureau.kind == "district":
                    laid += sum(_look(lexicon, rule, bureau) for rule in rules)
    return laid


def count(bureau: Office, rule: Rule, until: date) -> int:
    """How many letters a bureau received about an issue within its days."""
    since = until - timedelta(days=rule.days - 1)
    rows = Sketch.objects.filter(
        within((bureau.path,), "proceeding__scope"), day__gte=since, day__lte=until
    ).exclude(tags=[])  # fmt: skip
    counted = Counter(tag for tags in rows.values_list("tags", flat=True) for tag in tags)
    return counted[rule.code]


def _look(lexicon: Lexicon, rule: Rule, bureau: Office) -> bool:
    today = clock.today()
    found = count(bureau, rule, today)
    if found < rule.limit or _told(lexicon, rule, bureau, today):
        return False
    since = today - timedelta(days=rule.days - 1)
    facts = {
        "summary": _("%(title)s：%(days)s 日内收到 %(n)s 件，建议开展专项行动")
        % {"title": rule.title, "days": rule.days, "n": found},
        "tag": rule.title, "code": rule.code, "count": found, "limit": rule.limit, "since": since, "until": today,
    }  # fmt: skip
    key = uuid5(NAMESPACE_URL, f"triage:lead:{bureau.path}:{rule.code}:{today}")
    made = actions.open_file(SYSTEM, lexicon.lead, facts, scope=bureau.path, key=key)
    for account in _chiefs(bureau):
        tell(
            account, str(_("专项行动建议")), f"{made.title}（{made.number}）", link=reverse("file", args=[made.pk]),
            key=uuid5(key, str(account.pk)),
        )  # fmt: skip
    return True


def _told(lexicon: Lexicon, rule: Rule, bureau: Office, today: date) -> bool:
    """Whether a proposal about the issue is still open, or was laid within the days it looks back on."""
    rows = Proceeding.objects.filter(procedure=lexicon.lead, scope=bureau.path, facts__code=rule.code)
    recent = rows.filter(received_on__gt=today - timedelta(days=rule.days))
    return recent.exists() or rows.filter(ended=False).exists()


def _chiefs(bureau: Office) -> list[Account]:
    posts = in_force(Post.objects.filter(role="section_chief", office=bureau))
    return list(Account.objects.filter(pk__in=posts.values("account"), disabled_at=None).order_by("pk"))
