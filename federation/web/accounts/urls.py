"""Addresses of accounts."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from ..scope import public

app_name = "accounts"
urlpatterns = [
    path(
        "entrer/",
        public(LoginView.as_view(template_name="accounts/login.html")),
        name="login",
    ),
    path("sortir/", public(LogoutView.as_view()), name="logout"),
]
