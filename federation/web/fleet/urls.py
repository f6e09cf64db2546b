"""Addresses of the fleet."""

from django.urls import path

from . import boxes, managing, stream, updates, vehicle, views

app_name = "fleet"
urlpatterns = [
    path("", views.home, name="fleet"),
    path("flotte/flux/", stream.flow, name="flow"),
    path("flotte/changements/", stream.changes, name="changes"),
    path("vehicules/", managing.manage, name="manage"),
    path("vehicules/nouveau/", managing.new, name="new"),
    path("vehicules/territoire/", managing.territory, name="territory"),
    path("vehicules/centre/", managing.centre, name="centre"),
    path("vehicules/mise-a-jour/", updates.update, name="update"),
    path("vehicules/mise-a-jour/reprendre/", updates.resume, name="update-resume"),
    path("vehicules/mise-a-jour/arreter/", updates.stop, name="update-stop"),
    path("vehicules/mise-a-jour/4g/", updates.mobile, name="update-mobile"),
    path("vehicules/<int:number>/", vehicle.vehicle, name="vehicle"),
    path("vehicules/<int:number>/modifier/", managing.edit, name="edit"),
    path("vehicules/<int:number>/boitier/", boxes.ride, name="ride"),
    path("vehicules/<int:number>/sans-boitier/", boxes.unload, name="unload"),
    path("vehicules/<int:number>/oublier/", boxes.forget, name="forget"),
    path("vehicules/<int:number>/service/", managing.retire, name="retire"),
    path("vehicules/<int:number>/confier/", managing.hand_over, name="hand_over"),
    path("boitiers/<slug:unit>/", vehicle.box, name="box"),
]
