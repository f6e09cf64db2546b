"""Addresses that other programs are given: they stand at the root of the site."""

from django.urls import path

from .views import public

urlpatterns = [
    path("calendrier/<slug:territory>.ics", public.calendar, name="programme-calendar"),
    path("api/stops.geojson", public.stops, name="programme-stops"),
    path("api/units.geojson", public.units, name="programme-units"),
]
