"""Makes an account from words on a command line. Asks nobody."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ...errors import OperatorError
from ..fleet.models import Centre, Territory
from .models import Account


def make(
    login: str,
    role: str,
    password: str | None,
    *,
    territory: str | None,
    centre: str | None,
    email: str,
) -> Account:
    """A new account; no password: nobody comes in by one. Raises OperatorError: what to give."""
    where = _where(role, territory, centre)
    try:
        if password is not None:
            validate_password(password)
        return Account.objects.create(
            login=login, role=role, email=email, password=password, **where
        )
    except ValidationError as error:
        raise OperatorError(f"no account {login}: {' '.join(error.messages)}") from error


def _where(role: str, territory: str | None, centre: str | None) -> dict[str, object]:
    if role in ("federation", "auditor") or (role == "funder" and territory is None):
        return {}
    found = Territory.objects.filter(code=territory or "").first()
    if found is None:
        known = ", ".join(Territory.objects.values_list("code", flat=True)) or "none yet"
        raise OperatorError(f"a {role} needs --territory, one of: {known}.")
    if role != "centre":
        return {"territory": found}
    house = Centre.objects.filter(territory=found, name=centre or "").first()
    if house is None:
        known = ", ".join(found.centres.values_list("name", flat=True))
        raise OperatorError(f"a centre needs --centre, one of: {known}.")
    return {"centre": house}
