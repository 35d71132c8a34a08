"""Every address of the portal that stands on its own, under the names the same pages have in the house."""

from django.urls import URLPattern, URLResolver, path

from shiheng.accounts.doors import anyone
from shiheng.publication.standing import views
from shiheng.ui import views as ui_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search", views.search, name="portal-search"),
    path("s/<str:key>/", views.subject, name="portal-subject"),
    path("s/<str:key>/mistake/", views.mistake, name="portal-mistake"),
    path("lists/", views.tables, name="lists"),
    path("lists/<slug:code>/", views.table, name="public-list"),
    path("open-data/", views.open_data, name="open-data"),
    path("open-data/files/<str:name>", views.open_file, name="open-file"),
    path("verify/", views.verify, name="verify"),
    path("verify/verify_report.py", views.program, name="verify-program"),
    path("api/v1/subjects", views.api_find, name="subjects_search"),
    path("api/v1/subjects/<str:key>", views.api_one, name="subjects_one"),
    path("ui/face/", anyone(ui_views.face), name="ui-face"),
    path("language/", anyone(ui_views.language), name="language"),
]

handler400 = "shiheng.ui.pages.bad_request"
handler403 = "shiheng.ui.pages.forbidden"
handler404 = "shiheng.ui.pages.not_found"
handler500 = "shiheng.ui.pages.server_error"
