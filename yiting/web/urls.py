"""Which module answers which address."""

from django.contrib import admin
from django.urls import include, path

from yiting.web import api, views

urlpatterns = [
    path("", include("yiting.needs.urls")),
    path("projects/", include("yiting.projects.urls")),
    path("activities/", include("yiting.activities.urls")),
    path("topics/", include("yiting.deliberation.urls")),
    path("ballots/", include("yiting.ballots.urls")),
    path("alliances/", include("yiting.alliances.urls")),
    path("ledger/", include("yiting.ledger.urls")),
    path("notices/", include("yiting.notices.urls")),
    path("places/", include("yiting.places.urls")),
    path("people/", include("yiting.people.urls")),
    path("", include("yiting.web.pages")),
    path("accounts/", include("yiting.people.signin_urls")),
    path("open311/v2/", include("yiting.needs.open311.urls")),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
