"""Addresses of this app."""

app_name = "alerts"
urlpatterns: list[object] = []
