"""The portal's own pages beside subjects: what it and the bureau did, in figures."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import anyone
from shiheng.publication.portal import statistics
from shiheng.ui import pages
from shiheng.ui.charts import Bar, Chart, bar


@anyone
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """办理情况和统计."""
    found = statistics.latest()
    return pages.render(request, "publication/portal/statistics.html", {"held": found, "chart": _chart(found)})


def _chart(found: statistics.Statistics) -> Chart:
    most = max(found.months, key=lambda month: month[1], default=("", 0))
    told = ngettext("查询最多的是 %(month)s，%(count)s 次。", "查询最多的是 %(month)s，%(count)s 次。", most[1])
    sentence = told % {"month": most[0], "count": f"{most[1]:,}"} if most[1] else _("近十二个月没有查询。")
    bars = [Bar(month, count) for month, count in found.months]
    return bar(_("近十二个月查询量"), bars, sentence=sentence, unit=_("次"), name=_("次数"))
