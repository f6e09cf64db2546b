"""Addresses of accounts: none holds anything of a person."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from ..scope import public
from . import entering, journal, managing, oidc, rights

app_name = "accounts"
urlpatterns = [
    path("entrer/", entering.enter, name="login"),
    path("sortir/", public(LogoutView.as_view()), name="logout"),
    path("premier/", entering.first, name="first"),
    path("mot-de-passe/", entering.password, name="password"),
    path("identite/", oidc.ask, name="oidc"),
    path("identite/retour/", oidc.back, name="oidc-back"),
    path("", managing.accounts, name="accounts"),
    path("ajouter/", managing.add, name="add"),
    path("<int:number>/", managing.change, name="change"),
    path("<int:number>/fermer/", managing.close, name="close"),
    path("<int:number>/rouvrir/", managing.reopen, name="reopen"),
    path("<int:number>/code/", managing.code, name="code"),
    path("droits/", rights.rights, name="rights"),
    path("droits/inscription/", rights.sign_up, name="sign-up"),
    path("droits/ouvrir/", rights.open_names, name="open"),
    path("droits/remettre/", rights.export, name="export"),
    path("droits/effacer/", rights.erase, name="erase"),
    path("droits/effacement/<int:number>/", rights.proof, name="proof"),
    path("journal/", journal.journal, name="journal"),
    path("journal/tableur/", journal.spreadsheet, name="journal-csv"),
]
