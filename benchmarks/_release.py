"""A release authority of its own, and small bundles made by `rauc` itself. Releases nothing."""

import datetime
import itertools
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

_TREE = Path(__file__).parents[1]
_TOOLS = _TREE / "build" / "image" / "tools"
CODE = ExtendedKeyUsageOID.CODE_SIGNING
_DAY = datetime.timedelta(days=1)
_NUMBERS = itertools.count(1)


def entered() -> list[str]:
    """What stands before a command: the tools root, where it was built, has the card's own rauc."""
    if (_TOOLS / "usr/bin/rauc").exists():
        return [str(_TREE / "image" / "enter.sh"), str(_TOOLS)]
    return []


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A key and the certificate for it, as files."""

    key: Path
    certificate: Path


class Authority:
    """Who says which key is a release key."""

    def __init__(
        self, folder: Path, name: str = "Escale releases", kept: Path | None = None
    ) -> None:
        """`kept`: the folder of one that there is (image/trial_keys.sh); otherwise it is new."""
        self.folder, self.name = folder, name
        self.keyring = folder / f"{next(_NUMBERS)}-keyring.pem"
        if kept is None:
            self._key = ec.generate_private_key(ec.SECP256R1())
            certificate = self._certificate(self._key, name, purpose=None, days=(-2000, 2000))
            self.keyring.write_bytes(certificate.public_bytes(Encoding.PEM))
            return
        key = load_pem_private_key((kept / "authority.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key
        self.keyring.write_bytes((kept / "authority.pem").read_bytes())
        (called,) = x509.load_pem_x509_certificate(
            self.keyring.read_bytes()
        ).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        self.name = str(called.value)

    def signer(
        self,
        *,
        purpose: ObjectIdentifier | None = CODE,
        days: tuple[int, int] = (-1, 365),
        name: str = "Escale release",
    ) -> Signer:
        """A fresh key with a certificate, good for a purpose and from one day to another."""
        key = ec.generate_private_key(ec.SECP256R1())
        stem = f"{next(_NUMBERS)}"
        made = Signer(key=self.folder / f"{stem}.key", certificate=self.folder / f"{stem}.pem")
        made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate = self._certificate(key, name, purpose=purpose, days=days)
        made.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
        return made

    def _certificate(
        self,
        key: ec.EllipticCurvePrivateKey,
        name: str,
        *,
        purpose: ObjectIdentifier | None,
        days: tuple[int, int],
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        is_authority = key is self._key
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * _DAY)
            .not_valid_after(now + days[1] * _DAY)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=is_authority), critical=True)
        )
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates,
        crl_sign=signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def make_bundle(folder: Path, signer: Signer, *, version: str, content: bytes) -> bytes:
    """A verity bundle with one slot's image, as `rauc bundle` makes it."""
    source = folder / f"{version}-source"
    source.mkdir()
    (source / "rootfs.img").write_bytes(content)
    (source / "manifest.raucm").write_text(
        f"[update]\ncompatible=escale-arm64\nversion={version}\n\n"
        "[bundle]\nformat=verity\n\n[image.rootfs]\nfilename=rootfs.img\n",
        encoding="utf-8",
    )
    out = folder / f"{version}.raucb"
    keys = [f"--cert={signer.certificate}", f"--key={signer.key}"]
    subprocess.run(
        [*entered(), "rauc", *keys, "bundle", str(source), str(out)],
        check=True, capture_output=True,
    )  # fmt: skip
    return out.read_bytes()


def sign(manifest: bytes, signer: Signer, *, chain: Path | None = None) -> bytes:
    """The manifest within a signature, in the form `rauc` writes."""
    along = ["-certfile", str(chain)] if chain else []
    return subprocess.run(
        [
            "openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256",
            "-nosmimecap", "-signer", str(signer.certificate), "-inkey", str(signer.key), *along,
        ],
        input=manifest, check=True, capture_output=True,
    ).stdout  # fmt: skip


def manifest_of(signature: bytes) -> bytes:
    """The text within, whoever signed it."""
    return subprocess.run(
        ["openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER"],
        input=signature, check=True, capture_output=True,
    ).stdout  # fmt: skip
