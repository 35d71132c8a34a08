"""Every address of the platform, one list a room, from the lowest floor up.

Views of rooms that stand below ``accounts`` (ui, jobs, ledger) cannot know who is asking; their doors are hung here:
``path("jobs/", needs(May.READ_JOBS)(jobs_views.listing), name="jobs")``.
"""

from django.urls import URLPattern, URLResolver, path

from shiheng.accounts.doors import anyone, signed_in
from shiheng.site.api import api
from shiheng.ui import views as ui_views

Addresses = list[URLPattern | URLResolver]

# ui: the look of pages, saved views, drafts, the gallery of components (doors are hung here)
ui: Addresses = [
    path("ui/", anyone(ui_views.gallery), name="ui-gallery"),
    path("ui/draft/", signed_in(ui_views.draft), name="ui-draft"),
    path("ui/draft/drop/", signed_in(ui_views.draft_drop), name="ui-draft-drop"),
    path("ui/face/", anyone(ui_views.face), name="ui-face"),
    path("ui/table/", signed_in(ui_views.table), name="ui-table"),
    path("ui/views/", signed_in(ui_views.view_save), name="ui-view-save"),
    path("ui/views/<int:view_id>/delete/", signed_in(ui_views.view_delete), name="ui-view-delete"),
]

# jobs: the running list (doors are hung here)
jobs: Addresses = []

# ledger: history, proofs, heads (doors are hung here)
ledger: Addresses = []

# accounts: sign-in, my posts, offices, people, outbox
accounts: Addresses = []

# catalogue: calendars and code tables in force
catalogue: Addresses = []

# subjects: search, one page a business
subjects: Addresses = []

# fusion: sources, batches, quarantine
fusion: Addresses = []

# publication: the public's credit portal
publication: Addresses = []

# site: the machine interface
site: Addresses = [path("api/v1/", api.urls)]

urlpatterns: Addresses = [
    *ui, *jobs, *ledger, *accounts, *catalogue, *subjects, *fusion, *publication, *site,
]  # fmt: skip

handler400 = "shiheng.ui.pages.bad_request"
handler403 = "shiheng.ui.pages.forbidden"
handler404 = "shiheng.ui.pages.not_found"
handler500 = "shiheng.ui.pages.server_error"
