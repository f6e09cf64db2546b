"""Django's settings, made from the federation's one TOML file. Reads no environment."""

import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings as django

from ..config import FederationConfig, Oidc
from ..errors import OperatorError
from ..keys import content

HERE: Final = Path(__file__).parent
APPS: Final = ("accounts", "fleet", "programme", "alerts", "reports", "api")
_MIDDLEWARE: Final = (
    "django.middleware.security.SecurityMiddleware",
    "federation.web.files.Files",
    "django.middleware.gzip.GZipMiddleware",
    "federation.web.policy.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "federation.web.faults.Faults",
)


def configure(config: FederationConfig) -> None:
    """Once per process, before anything of Django's is used."""
    if not django.configured:
        django.configure(**values(config))
        # At its most talkative it writes down whatever a page was given, names too.
        logging.getLogger("django.template").setLevel(logging.INFO)


def values(config: FederationConfig) -> dict[str, Any]:
    """The settings; the secret that signs sessions is made at the first start."""
    web = config.web
    return {
        "ESCALE": config,
        "SECRET_KEY": _secret(config.store.data / "web.secret"),
        "DEBUG": False,
        "ALLOWED_HOSTS": list(web.hosts),
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in web.hosts],
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.contrib.humanize",
            *(f"federation.web.{app}" for app in APPS),
        ],
        "MIDDLEWARE": list(_MIDDLEWARE),
        "ROOT_URLCONF": "federation.web.urls",
        "TEMPLATES": [_templates()],
        "DATABASES": {"default": _database(config)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_USER_MODEL": "accounts.Account",
        "PASSWORD_HASHERS": ["federation.web.accounts.hashing.Hasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        ],
        **identities(config.oidc),
        "LOGIN_URL": "accounts:login",
        "LOGIN_REDIRECT_URL": "fleet:fleet",
        "LOGOUT_REDIRECT_URL": "accounts:login",
        "LANGUAGE_CODE": "fr",
        "TIME_ZONE": "Europe/Paris",
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [HERE / "static"],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 3600,
        "LOGGING_CONFIG": None,
        **_cookies(https=web.https),
    }


def identities(oidc: Oidc) -> dict[str, Any]:
    """How people come in: by password, and by a provider where there is one."""
    backends = ["django.contrib.auth.backends.ModelBackend"]
    if not oidc.client_id:
        return {"AUTHENTICATION_BACKENDS": backends}
    needed = ("client_secret", "issuer", "authorization", "token", "userinfo", "keys")
    missing = [name for name in needed if not getattr(oidc, name)]
    if missing:
        raise OperatorError(f"[oidc] {', '.join(missing)} is missing: the provider tells it.")
    return {
        "AUTHENTICATION_BACKENDS": [*backends, "federation.web.accounts.oidc.Identities"],
        "OIDC_RP_CLIENT_ID": oidc.client_id,
        "OIDC_RP_CLIENT_SECRET": content(oidc.client_secret, "[oidc] client_secret")
        .decode()
        .strip(),
        "OIDC_OP_AUTHORIZATION_ENDPOINT": oidc.authorization,
        "OIDC_OP_TOKEN_ENDPOINT": oidc.token,
        "OIDC_OP_USER_ENDPOINT": oidc.userinfo,
        "OIDC_OP_JWKS_ENDPOINT": oidc.keys,
        "OIDC_RP_SIGN_ALGO": oidc.algorithm,
        "OIDC_RP_SCOPES": oidc.scopes,
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": 10,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "accounts:oidc-back",
    }


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "federation.web.scope.in_templates",
            ]
        },
    }


def _database(config: FederationConfig) -> Mapping[str, Any]:
    """SQLite in rollback-journal mode, or the schema `web` of the one PostgreSQL database."""
    if config.store.postgresql is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": config.store.outbox,
            # What is erased must not be read from the file.
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA secure_delete=ON;",
            },
        }
    from psycopg.conninfo import conninfo_to_dict

    said = dict(conninfo_to_dict(config.store.postgresql))
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    found = {name: said.pop(key) for key, name in known.items() if key in said}
    port = said.pop("port", "")
    options = {**said, "options": f"-c search_path=web {said.get('options', '')}".strip()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "PORT": port,
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **found,
    }


def _cookies(*, https: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "CSRF_COOKIE_NAME": "__Host-csrf" if https else "csrf",
        "SESSION_COOKIE_AGE": 12 * 3600,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,  # desks are shared
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_SECURE": https,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600 if https else 0,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if https else None,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
    }


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(50)
        path.touch(mode=0o600)
        path.write_text(made, encoding="ascii")
        return made
