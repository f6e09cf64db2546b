"""A new device authority while units are on the road: both count until the last has renewed."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates, enrolment, topics
from provisioning import facts, issuing, keys
from provisioning.connection import Identity, Word
from tests.provisioning.van import LaidOut, Van, enrolled, office


def renewed(van: Van) -> Identity:
    """Its next certificate, as the office issues it; shown with the authority that came with it."""
    new = Ed25519PrivateKey.generate()
    request = certificates.request(new, van.unit)
    word = Word(topics.up(van.unit, "request"), enrolment.renewal(van.key, van.unit, request))
    answer = office(van.laid_out).answer(word, facts.now())
    assert answer is not None
    assert answer.outcome == "issued", answer.reason
    root = keys.read_certificates(van.laid_out.federation.folder.certificate("root"))[0]
    authority = certificates.read(answer.authority)
    certificates.check_authority(authority, root, now=facts.now())
    leaf = certificates.read(answer.certificate)
    assert certificates.check(leaf, authority, name=van.unit, now=facts.now()) == new.public_key()
    return Identity(new, issuing.chain([leaf, authority]))


def is_let_in(laid_out: LaidOut, shown: Identity, unit: str) -> bool:
    line = laid_out.to(shown, unit)
    inside = line.connect() == "" and line.publish(topics.up(unit, "status"), b"{}")
    line.leave()
    return inside


def test_units_of_both_authorities_are_let_in_until_the_rotation_is_finished(
    laid_out: LaidOut,
) -> None:
    federation = laid_out.federation
    first, second = enrolled(laid_out, "van-germaine"), enrolled(laid_out, "van-marcelle")
    assert is_let_in(laid_out, first.identity(), "van-germaine")
    assert federation.run("rotate", "devices") == 0
    laid_out.stop()
    assert laid_out.lay_out() == 0
    laid_out.start()

    new = renewed(first)
    assert is_let_in(laid_out, new, "van-germaine")
    assert is_let_in(laid_out, second.identity(), "van-marcelle")

    assert federation.run("rotate", "devices", "--finish") == 1, "one shows the former one's"
    # Each authority has a list of its own.
    assert federation.run("revoke", "van-marcelle", "--why", "stolen") == 0
    assert not is_let_in(laid_out, second.identity(), "van-marcelle")
    assert is_let_in(laid_out, first.identity(), "van-germaine")

    assert federation.run("rotate", "devices", "--finish") == 0
    laid_out.stop()
    assert laid_out.lay_out() == 0
    laid_out.start()
    assert is_let_in(laid_out, new, "van-germaine")
    assert not is_let_in(laid_out, first.identity(), "van-germaine")
    assert federation.run("revoke", "van-germaine", "--why", "sold") == 0
    assert not is_let_in(laid_out, new, "van-germaine")
