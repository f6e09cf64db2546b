"""The addresses of the site: each app has its own. Decides nothing."""

from django.urls import include, path

urlpatterns = [
    path("", include("federation.web.fleet.urls")),
    path("comptes/", include("federation.web.accounts.urls")),
    path("programme/", include("federation.web.programme.urls")),
    path("", include("federation.web.programme.outside")),
    path("alertes/", include("federation.web.alerts.urls")),
    path("rapports/", include("federation.web.reports.urls")),
    path("", include("federation.web.api.urls")),
]
