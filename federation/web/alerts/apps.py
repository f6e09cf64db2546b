"""Tells Django of this app."""

from django.apps import AppConfig


class Config(AppConfig):
    """As Django asks for it."""

    name = "federation.web.alerts"
    label = "alerts"
