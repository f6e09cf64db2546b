"""A spare card that asks: what it believes of what comes back, and what it does not."""

from pathlib import Path

import pytest

from appliance.identity import GIVEN, bundle, files, store
from appliance.identity.enrolling import ANSWER_WITHIN
from appliance.identity.installing import Installing
from protocol import installation, messages
from protocol.enrolment import Bundle
from protocol.installation import Installation, InstallRequest
from tests.appliance.identity.answering import CODE, Authority
from tests.trusted import Trusted

SPARE = "spare-abcd"
OTHER = "8K3M9QXW2PZT4HJD"


@pytest.fixture
def card(authority: Authority, tmp_path: Path) -> Path:
    """Its data, after its own bundle was taken over."""
    bundle.install(Authority(authority.trusted, SPARE).bundle(), tmp_path)
    return tmp_path


def typed(card: Path, code: str = CODE) -> Installing:
    """A code was typed, and the uplink has noticed."""
    files.write(store.folder(card) / store.CODE, code.encode())
    asking = Installing(card)
    asking.look()
    return asking


def answer(bundle: Bundle, code: str = CODE) -> bytes:
    return messages.encode(installation.close(bundle, code))


def given(card: Path) -> bytes | None:
    return files.read(store.folder(card) / GIVEN)


def test_it_asks_for_nothing_before_a_code_is_typed(card: Path) -> None:
    asking = Installing(card)
    asking.look()
    assert (asking.state, asking.request(0.0), asking.wants_line(0.0)) == ("refused", None, False)


def test_it_asks_by_the_name_of_the_code_and_again_when_nobody_answers(card: Path) -> None:
    asking = typed(card)
    payload = asking.request(0.0)
    assert payload is not None
    assert messages.decode(payload, InstallRequest).name == installation.keys(CODE).name
    assert CODE.encode() not in payload
    assert asking.request(ANSWER_WITHIN - 1) is None
    assert asking.request(ANSWER_WITHIN) == payload
    asking.new_line()
    assert asking.request(ANSWER_WITHIN + 1) == payload


def test_the_bundle_is_left_for_root_and_the_code_kept_for_the_unit(
    card: Path, authority: Authority
) -> None:
    asking, told = typed(card), authority.bundle()
    asking.heard(answer(told), 1.0, 0)
    assert asking.state == "issued"
    assert given(card) == messages.encode(told)
    assert files.read(store.folder(card) / store.CODE) == CODE.encode()
    assert (store.folder(card) / GIVEN).stat().st_mode & 0o777 == 0o600
    assert Installing(card).state == "issued"  # after a cut


def test_a_refusal_forgets_the_code_and_the_next_one_is_asked_with(card: Path) -> None:
    asking = typed(card)
    name = installation.keys(CODE).name
    asking.heard(messages.encode(Installation(name=name, reason="no unit waits")), 1.0, 0)
    assert (asking.state, asking.why) == ("refused", "no unit waits")
    assert files.read(store.folder(card) / store.CODE) is None
    files.write(store.folder(card) / store.CODE, OTHER.encode())
    asking.look()
    assert asking.request(2.0) is not None


def wrong_answers(trusted: Trusted) -> dict[str, bytes]:
    unit, name = Authority(trusted).bundle(), installation.keys(CODE).name
    return {
        "nothing": b"",
        "no message": b"\xff\x00",
        "closed with another code": answer(unit, OTHER),
        "another's under this name": messages.encode(
            Installation(name=name, bundle=installation.close(unit, OTHER).bundle)
        ),
        "a refusal of another code": messages.encode(
            Installation(name=installation.keys(OTHER).name, reason="no")
        ),
        "a bundle of another root": answer(Authority(Trusted()).bundle()),
        "a bundle for a spare card": answer(Authority(trusted, "spare-zzzz").bundle()),
    }


def test_what_does_not_fit_the_code_and_the_root_changes_nothing(
    card: Path, trusted: Trusted
) -> None:
    asking = typed(card)
    for what, payload in wrong_answers(trusted).items():
        asking.heard(payload, 1.0, 0)
        assert (asking.state, given(card)) == ("asking", None), what
    asking.heard(answer(Authority(trusted).bundle()), 2.0, 0)
    assert asking.state == "issued"
