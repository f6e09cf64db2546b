"""Addresses of the programme."""

from django.urls import path

from .views import boards, desk, sheets, tours, workshops

app_name = "programme"
urlpatterns = [
    path("", workshops.workshops, name="workshops"),
    path("ateliers/nouveau/", workshops.new, name="new_workshop"),
    path("ateliers/<slug:code>/", workshops.workshop, name="workshop"),
    path("ateliers/<slug:code>/etat/", workshops.state, name="state"),
    path("tournees/", tours.tours, name="tours"),
    path("tournees/nouvelle/", tours.new, name="new_tour"),
    path("tournees/deplacer/", tours.move, name="move_tour"),
    path("tournees/<int:number>/", tours.tour, name="tour"),
    path("tournees/<int:number>/supprimer/", tours.end, name="end_tour"),
    path("tournees/<int:number>/retablir/", tours.restore, name="restore_tour"),
    path("lieux/", tours.places, name="places"),
    path("lieux/nouveau/", tours.new_place, name="new_place"),
    path("lieux/<slug:code>/", tours.place, name="place"),
    path("a-bord/", boards.boards, name="boards"),
    path("a-bord/<int:number>/", boards.board, name="board"),
    path("a-bord/<int:number>/code/", boards.reset_pin, name="reset_pin"),
    path("envois/", boards.sending, name="sending"),
    path("inscriptions/", desk.desks, name="desks"),
    path("inscriptions/<slug:code>/", desk.signing, name="signing"),
    path("inscriptions/<slug:code>/appel/", desk.call, name="call"),
    path("inscriptions/<slug:code>/noms/", desk.names, name="names"),
    path("inscriptions/<slug:code>/feuille/", sheets.sheet, name="sheet"),
    path("inscriptions/<slug:code>/feuille/noms/", sheets.named_sheet, name="named_sheet"),
    path("inscriptions/<slug:code>/<int:number>/", desk.change, name="change"),
]
