"""The feuille d'émargement of a workshop, to print or as PDF: named where names may be opened."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from ....errors import OperatorError
from ...scope import needs
from .. import people, sheets, showing
from .desk import _people, _workshop

WALK_INS = range(6)
"""Empty lines for who comes without a sign-up."""


@needs("desk")
@require_GET
def sheet(request: Any, code: str) -> HttpResponse:
    """With numbers alone."""
    found = _workshop(request, code)
    return _answer(request, found, _people(found), named=False)


@needs("open_names")
@require_POST
def named_sheet(request: Any, code: str) -> HttpResponse:
    """With first names; each opening is a line of the audit."""
    found = _workshop(request, code)
    who = f"compte {request.user.login}"
    try:
        told, _ = people.opened(_people(found), who, "feuille d'émargement")
    except OperatorError as error:
        messages.error(request, str(error))
        return redirect("programme:signing", code)
    return _answer(request, found, told, named=True)


def _answer(request: Any, found: Any, told: list[people.Person], *, named: bool) -> HttpResponse:
    seated = [each for each in told if each.sign_up.stands.held]
    context = {
        "workshop": found, "local": showing.local(found), "people": seated, "named": named,
        "waiting": len([each for each in told if each.waits]), "walk_ins": WALK_INS,
    }  # fmt: skip
    wants_pdf = "pdf" in (request.GET.get("format"), request.POST.get("format"))
    if not wants_pdf:
        return render(request, "programme/sheet.html", context)
    page = render_to_string("programme/sheet.html", context | {"pdf": True})
    answer = HttpResponse(sheets.pdf(page), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="emargement.pdf"'
    return answer
