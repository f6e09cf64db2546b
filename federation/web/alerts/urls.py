"""Addresses of alerts."""

from django.urls import path

from . import choosing, views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="alerts"),
    path("historique/", views.history, name="history"),
    path("historique/<str:subject>/", views.history, name="history-of"),
    path("<int:number>/prise-en-charge/", views.take, name="take"),
    path("<int:number>/rendre/", views.give_back, name="give-back"),
    path("<int:number>/sourdine/", views.mute, name="mute"),
    path("<int:number>/sourdine/fin/", views.unmute, name="unmute"),
    path("delais/", choosing.delays, name="delays"),
    path("delais/<slug:code>/", choosing.delays, name="delays-of"),
    path("resume/", choosing.digest, name="digest"),
]
