"""Every address of the platform, one list a room, from the lowest floor up.

Views of rooms that stand below ``accounts`` (ui, jobs, ledger) cannot know who is asking; their doors are hung here:
``path("jobs/", needs(May.READ_JOBS)(jobs_views.listing), name="jobs")``.
"""

from django.urls import URLPattern, URLResolver, path

from shiheng.site.api import api

Addresses = list[URLPattern | URLResolver]

# ui: saved views, drafts (doors are hung here)
ui: Addresses = []

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
