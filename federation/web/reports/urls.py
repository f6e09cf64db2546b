"""Addresses of this app."""

from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.report, name="report"),
    path("fichiers/", views.files, name="files"),
    path("page/", views.printed, name="printed"),
]
