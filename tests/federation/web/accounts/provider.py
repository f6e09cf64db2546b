"""A provider of identities, small and real: OpenID Connect with PKCE over the loopback. No mock.

It lets in whoever `who` says, at once. `lies` is what it does wrongly, one kind at a time.
"""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT: Final = "escale"
SECRET: Final = "a secret of the two"
_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_STRANGER: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """What it knows and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.who: dict[str, Any] = {"sub": "s-1", "email": "territory@escale.test"}
        self.lies = ""
        self.codes: dict[str, dict[str, str]] = {}

    def section(self) -> dict[str, str]:
        """For the federation's file."""
        return {
            "client_id": CLIENT, "name": "ProConnect", "issuer": self.address,
            "authorization": f"{self.address}/authorize", "token": f"{self.address}/token",
            "userinfo": f"{self.address}/userinfo", "keys": f"{self.address}/keys",
        }  # fmt: skip

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the person is sent back to."""
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, told: dict[str, str]) -> dict[str, str] | None:
        """Both tokens; None: it refuses."""
        asked = self.codes.pop(told.get("code", ""), None)
        if asked is None or told.get("client_secret") != SECRET:
            return None
        made = sha256(told.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(made).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": self.who["sub"], "iat": now,
            "exp": now + 300, "nonce": asked["nonce"],
        }  # fmt: skip
        claims |= {
            "another audience": {"aud": "somebody-else"},
            "another issuer": {"iss": "http://elsewhere.test"},
            "expired": {"exp": now - 300},
            "another nonce": {"nonce": "x"},
        }.get(self.lies, {})
        key: Any = _STRANGER if self.lies == "another key" else _KEY
        algorithm = "RS256"
        if self.lies == "no signature":
            key, algorithm = None, "none"
        if self.lies == "symmetric":
            key, algorithm = SECRET.ljust(32, "."), "HS256"
        signed = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "k1"})
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def userinfo(self) -> dict[str, Any]:
        """What it tells of the person."""
        return self.who | ({"sub": "somebody else"} if self.lies == "another person" else {})

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
        return {"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}


@contextmanager
def running() -> Iterator[Provider]:
    """One on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            if where.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(where.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                told = provider.userinfo() if where.path == "/userinfo" else provider.keys()
                self._answer(200, told)

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(size).decode())
            told = provider.token({name: values[0] for name, values in form.items()})
            self._answer(400 if told is None else 200, told or {"error": "invalid_grant"})

        def _answer(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(500 if provider.lies == "broken" else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
