"""Writes to those who want to know, over the SMTP server of the one file. Decides no alert."""

from collections.abc import Iterable, Iterator
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage, get_connection

from ... import alert_digest, alert_words
from ...alert_digest import Known, Rhythm
from ...alert_words import Digest, Line
from ...config import Mail
from ...errors import OperatorError
from ...registry import ZONE, Registry
from .. import store
from ..accounts.models import Account
from ..scope import RIGHTS, scope_of
from . import showing
from .models import Alert
from .models import Digest as Wish

ROLES = tuple(role for role, rights in RIGHTS.items() if "desk" in rights)
"""Of those who are written to: they can do something about it."""
SECONDS = 20
"""To wait for the server."""


def write(now: int) -> None:
    """To everybody for whom there is news and whose hour it is. Raises OperatorError at the end."""
    mail = store.config().mail
    if not mail.host:
        return
    known, faults = store.vehicles(), []
    for account in Account.objects.filter(is_active=True, role__in=ROLES).exclude(email=""):
        wish, _ = Wish.objects.get_or_create(account=account)
        rhythm = rhythm_of(wish, account, known)
        if not wish.wanted or not alert_digest.due(rhythm, wish.sent, now):
            continue
        digest, told = of(account, wish, known, now)
        if digest.is_news:
            try:
                _send(mail, account.email, digest, rhythm.zone)
            except SMTPRecipientsRefused as error:
                faults.append(_sentence(mail, error))
                continue
            except OSError as error:  # the server is away: nobody else would be reached either
                raise OperatorError(_sentence(mail, error)) from error
            # A crash between the letter and this line sends it again: better twice than never.
            wish.told, wish.sent = " ".join(map(str, sorted(told))), now
            wish.save(update_fields=("told", "sent"))
    if faults:
        raise OperatorError(faults[0])


def of(account: Account, wish: Wish, known: Registry, now: int) -> tuple[Digest, frozenset[int]]:
    """What that account would read now, and what it was told of then."""
    told = frozenset(int(number) for number in wish.told.split())
    scope, names, muted = scope_of(account, known), showing.Names(known), showing.Muted(now)
    rows = [
        row for row in (*_open(), *Alert.objects.filter(pk__in=told).exclude(closed=None))
        if showing.reaches(scope, row)
    ]  # fmt: skip
    folded = _folded(rows, names)
    return alert_digest.select(_known(rows, names, muted, folded), told)


def rhythm_of(wish: Wish, account: Account, known: Registry) -> Rhythm:
    """Hours are those of where the account's vehicles are."""
    scope = scope_of(account, known)
    zone = ZONE if scope.everything or not scope.vehicles else scope.vehicles[0].zone
    return Rhythm(wish.minutes, alert_digest.hours(wish.hours) or frozenset(), zone)


def _open() -> Iterable[Alert]:
    return Alert.objects.filter(state="open").order_by("opened", "pk")


def _known(
    rows: Iterable[Alert], names: showing.Names, muted: showing.Muted, folded: dict[int, list[str]]
) -> Iterator[Known]:
    for row in rows:
        yield Known(
            id=row.pk,
            line=Line(
                names.of(row.subject), showing.title(row), row.detail, row.since, row.closed,
                tuple(sorted(folded.get(row.pk, ()))),
            ),
            is_open=row.state == "open",
            is_hidden=row.taken_at is not None or muted.of(row) is not None,
            is_folded=row.under_id is not None,
            is_ending=row.fine_since is not None,
        )  # fmt: skip


def _folded(rows: Iterable[Alert], names: showing.Names) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.under_id is not None:
            found.setdefault(row.under_id, []).append(names.of(row.subject))
    return found


def _send(mail: Mail, to: str, digest: Digest, zone: str) -> None:
    password = "" if mail.password is None else _password(mail)
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=mail.host, port=mail.port,
        username=mail.login, password=password, use_tls=mail.security == "starttls",
        use_ssl=mail.security == "tls", timeout=SECONDS,
    )  # fmt: skip
    body = alert_words.text(digest, zone, f"{pages()}/alertes/")
    message = EmailMessage(
        alert_words.subject(digest), body, mail.sender, [to], connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    message.send()


def pages() -> str:
    """Where the pages are, as a letter says it."""
    config = store.config()
    if config.mail.pages:
        return config.mail.pages.rstrip("/")
    web = config.web
    return f"https://{web.hosts[0]}" if web.https else f"http://{web.hosts[0]}:{web.port}"


def _password(mail: Mail) -> str:
    try:
        return mail.password.read_text(encoding="utf-8").strip() if mail.password else ""
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"[mail] password {mail.password} cannot be read ({error}).") from error


def _sentence(mail: Mail, error: Exception) -> str:
    """Without the address of anybody: it goes into a log."""
    code = getattr(error, "smtp_code", None)
    why = type(error).__name__ if code is None else f"{type(error).__name__} {code}"
    return (
        f"a digest of alerts could not be sent by {mail.host}:{mail.port} ({why}); it is tried "
        "again. See to [mail], or to the account's address."
    )
