"""Every answer to a request that a unit must not take. What becomes of them is tested elsewhere."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appliance.identity import answers
from protocol import certificates, messages
from protocol.enrolment import Answer
from provisioning import issuing
from provisioning.issuing import der
from tests.appliance.identity.answering import UNIT, Authority
from tests.trusted import Trusted


class Wrong:
    """Answers that are not the right one, by what is wrong with them."""

    def __init__(self, authority: Authority, request: bytes) -> None:
        self.authority, self.request = authority, request
        self.key = certificates.read_request(request, UNIT)
        self.right = messages.decode(authority.issue(request, self.key), Answer)

    def leaf(self, **changed: object) -> bytes:
        asked = {
            "devices": self.authority.trusted.devices, "public": self.key, "name": UNIT,
            "now": datetime.now(UTC), "life": timedelta(days=90),
        }  # fmt: skip
        made = issuing.issue_client(**{**asked, **changed})  # type: ignore[arg-type]
        return der(made)

    def answer(self, **changed: object) -> bytes:
        told = {field: getattr(self.right, field) for field in self.right.__struct_fields__}
        return messages.encode(Answer(**{**told, **changed}))

    def spelt_otherwise(self) -> bytes:
        """The right one, but for how many bits of its last byte are said to count."""
        while True:
            made = self.leaf()
            if made[-1] % 2 == 0:
                return made[:-65] + b"\1" + made[-64:]

    @cache  # noqa: B019 (it lives for one test)
    def old_authority(self) -> issuing.Issuer:
        """Of this root, of long ago."""
        long_ago = datetime.now(UTC) - timedelta(days=issuing.AUTHORITY_DAYS + 1)
        return issuing.make_authority(self.authority.trusted.root, "devices", "old", long_ago)

    def each(self) -> dict[str, bytes]:
        stranger, trusted = Trusted(), self.authority.trusted
        other = Ed25519PrivateKey.generate().public_key()
        now = datetime.now(UTC)
        bootstrap = certificates.BOOTSTRAP + UNIT
        own = self.authority.bootstrap_key.public_key()
        server = issuing.issue_server(trusted.servers, self.key, [UNIT], now)
        return {
            "another request's": self.answer(request="0" * 32),
            "another key's": self.answer(certificate=self.leaf(public=other)),
            "spelt in another way": self.answer(certificate=self.spelt_otherwise()),
            "another name's": self.answer(certificate=self.leaf(name="van-marcelle")),
            "another authority's": self.answer(certificate=self.leaf(devices=stranger.devices)),
            "the servers' authority's": self.answer(certificate=self.leaf(devices=trusted.servers)),
            "the root's own": self.answer(certificate=self.leaf(devices=trusted.root)),
            "a server's": self.answer(certificate=der(server)),
            "an authority's": self.answer(certificate=der(trusted.devices.certificate)),
            "over": self.answer(certificate=self.leaf(now=now - timedelta(days=91))),
            "not yet": self.answer(certificate=self.leaf(now=now + timedelta(days=1))),
            "nothing": self.answer(certificate=b""),
            "no certificate": self.answer(certificate=b"rot" * 99),
            "bootstrap of another key": self.answer(
                bootstrap=self.leaf(name=bootstrap, public=other)
            ),
            "bootstrap in the unit's name": self.answer(bootstrap=self.leaf(public=own)),
            "bootstrap of another authority": self.answer(
                bootstrap=self.leaf(name=bootstrap, public=own, devices=stranger.devices)
            ),
            "a stranger's, who brings itself": self.answer(
                certificate=self.leaf(devices=stranger.devices),
                authority=der(stranger.devices.certificate),
                bootstrap=b"",
            ),
            "the servers' authority's, which brings itself": self.answer(
                certificate=self.leaf(devices=trusted.servers),
                authority=der(trusted.servers.certificate),
                bootstrap=b"",
            ),
            "the root's, which brings itself": self.answer(
                certificate=self.leaf(devices=trusted.root),
                authority=der(trusted.root.certificate),
                bootstrap=b"",
            ),
            "an authority beside another's certificate": self.answer(
                authority=der(issuing.make_authority(trusted.root, "devices", "x", now).certificate)
            ),
            "an authority that has run out": self.answer(
                certificate=self.leaf(devices=self.old_authority()),
                bootstrap=b"",
                authority=der(self.old_authority().certificate),
            ),
            "an authority that is rot": self.answer(authority=b"rot" * 99),
            "too long": self.answer() + b" " * answers.LONGEST,
            "no JSON": b"\xff\xfe",
            "no answer": b"[]",
            "empty": b"",
        }
