"""Addresses of the programming interface, its tokens, figures and health."""

from django.urls import include, path

from . import cloudevents, health, metrics, pages, views

app_name = "api"
_V1 = [
    path("openapi.json", views.openapi, name="openapi"),
    path("cloudevents", cloudevents.batch, name="cloudevents"),
    *views.addresses(),
    path("<path:rest>", views.nothing, name="nothing"),
]
urlpatterns = [
    path("api/v1/", include(_V1)),
    path("api/jetons/", pages.tokens, name="tokens"),
    path("api/jetons/<int:number>/fermer/", pages.close, name="close"),
    path("metrics", metrics.metrics, name="metrics"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
