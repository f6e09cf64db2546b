"""`escale-federation account …`: for the first account, and for the day nobody comes in any more.

Whoever may run it can read the store anyway. Each deed is in the audit, under the system's login.
"""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from ...config import FederationConfig
from ...errors import OperatorError

ROLES = ("federation", "territory", "centre", "funder", "auditor")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds them; Django is met when one runs, no sooner."""
    account = commands.add_parser("account", help="accounts for the pages")
    deeds = account.add_subparsers(required=True, metavar="COMMAND")
    made = deeds.add_parser("add", help="a new account; its password is asked for")
    made.add_argument("login")
    made.add_argument("--role", required=True, choices=ROLES)
    made.add_argument("--territory", metavar="CODE", help="for a territory or a funder")
    made.add_argument("--centre", metavar="NAME", help="for a centre, with its --territory")
    made.add_argument("--email", default="")
    made.add_argument("--password-file", type=Path, metavar="FILE", help="it is not asked then")
    made.add_argument("--code", action="store_true", help="no password: a code to choose one with")
    made.set_defaults(run=_add)
    code = deeds.add_parser("code", help="a code to choose a new password with, once")
    code.add_argument("login")
    code.set_defaults(run=_code)
    close = deeds.add_parser("close", help="nobody comes in with it any more")
    close.add_argument("login")
    close.set_defaults(run=_close)
    deeds.add_parser("list", help="one line per account").set_defaults(run=_list)


def _add(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    _ready(settings)
    from . import making

    login = arguments.login
    password = None if arguments.code else _password(login, arguments.password_file)
    account = making.make(
        login, arguments.role, password, territory=arguments.territory,
        centre=arguments.centre, email=arguments.email,
    )  # fmt: skip
    _note("account_added", login, arguments.role)
    sys.stdout.write(f"{login} may come in as {arguments.role}\n")
    if arguments.code:
        _give(account)
    return 0


def _code(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    _ready(settings)
    account = _of(arguments.login)
    _note("account_code", arguments.login, "")
    _give(account)
    return 0


def _close(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    _ready(settings)
    account = _of(arguments.login)
    _note("account_closed", arguments.login, "")
    account.end()
    sys.stdout.write(f"nobody comes in as {arguments.login} any more\n")
    return 0


def _list(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    _ready(settings)
    from .models import Account

    for each in Account.objects.select_related("territory", "centre__territory"):
        state = "" if each.is_active else ", closed"
        sys.stdout.write(f"{each.login}: {each.role}, {each.of()}{state}\n")
    return 0


def _ready(settings: FederationConfig) -> None:
    from .. import site

    site.prepare(settings)


def _of(login: str) -> Any:
    from .models import Account

    found = Account.objects.filter(login=login, is_active=True).first()
    if found is None:
        raise OperatorError(f"no open account is called {login}: see account list.")
    return found


def _note(what: str, login: str, why: str) -> None:
    from ...people import account
    from ...people.store import Deed
    from . import deeds

    deeds.note(Deed(deeds.now(), account.login(), what, f"compte {login}", why))


def _give(account: Any) -> None:
    from . import deeds, tickets

    code = tickets.give(account, deeds.now())
    sys.stdout.write(f"code, good once and for three days, for /comptes/premier/: {code}\n")


def _password(login: str, path: Path | None) -> str:
    if path is None:
        return getpass.getpass(f"Password of {login}: ")
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise OperatorError(f"{path} cannot be read ({error.strerror}).") from error
