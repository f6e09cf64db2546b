"""Debian's nginx with docs/nginx-updates.conf: who gets a bundle from it, and who does not."""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning import broker, issuing
from tests.provisioning.updates_server import BUNDLE, CONF, Updates
from tests.support import eventually
from tests.trusted import Trusted, pem, put


@pytest.fixture(scope="module")
def updates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Updates]:
    made = Updates(tmp_path_factory.mktemp("updates")).start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def germaine(updates: Updates) -> ssl.SSLContext:
    return updates.van("van-germaine")


def test_a_van_gets_the_bundle(updates: Updates, germaine: ssl.SSLContext) -> None:
    answer = updates.get(germaine)
    assert (answer.status, answer.body) == (200, BUNDLE)
    assert answer.headers["Content-Length"] == str(len(BUNDLE))
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_it_goes_on_where_it_was(updates: Updates, germaine: ssl.SSLContext) -> None:
    answer = updates.get(germaine, Range="bytes=10000-")
    assert (answer.status, answer.body) == (206, BUNDLE[10_000:])
    assert answer.headers["Content-Range"] == f"bytes 10000-10239/{len(BUNDLE)}"
    middle = updates.get(germaine, Range="bytes=4-9")
    assert (middle.status, middle.body) == (206, BUNDLE[4:10])
    assert updates.get(germaine, Range="bytes=99999-").status == 416


def test_a_bundle_that_changed_meanwhile_comes_from_the_beginning(
    updates: Updates, germaine: ssl.SSLContext
) -> None:
    tag = updates.get(germaine, method="HEAD").headers["ETag"]
    same = updates.get(germaine, Range="bytes=10000-", **{"If-Range": tag})
    other = updates.get(germaine, Range="bytes=10000-", **{"If-Range": '"other"'})
    assert (same.status, other.status) == (206, 200)


@pytest.mark.parametrize(
    "path",
    ["/", "/updates/", "/updates", "/updates/notes.txt", "/updates/../error.log",
     "/updates/escale-9.raucb", "/updates/escale-0.5.1.raucb/", "/etc/passwd",
     "/updates/escale-%2e%2e%2ferror.log.raucb"],
)  # fmt: skip
def test_nothing_else_is_there_and_nothing_is_listed(
    updates: Updates, germaine: ssl.SSLContext, path: str
) -> None:
    answer = updates.get(germaine, path)
    assert answer.status in (400, 404)
    assert b"raucb" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_only_gives(updates: Updates, germaine: ssl.SSLContext, method: str) -> None:
    assert updates.get(germaine, method=method).status == 405


class TestStrangers:
    def refused(self, updates: Updates, tls: ssl.SSLContext) -> bool:
        answer = updates.get(tls)
        return answer.status in (0, 400, 403) and BUNDLE[:64] not in answer.body

    def test_nobody_comes_without_a_certificate(self, updates: Updates) -> None:
        root = issuing.pem(updates.trusted.root.certificate)
        assert self.refused(updates, ssl.create_default_context(cadata=root))

    def test_nor_with_one_of_another_root(self, updates: Updates) -> None:
        assert self.refused(updates, updates.van("van-stranger", Trusted()))

    def test_nor_with_one_that_ended(self, updates: Updates) -> None:
        began = datetime.now(UTC) - timedelta(days=9)
        tls = updates.trusted.tls(
            updates.folder / "clients", "van-late", begins=began, life=timedelta(days=8)
        )
        assert self.refused(updates, tls)

    def test_nor_with_a_bootstrap_certificate_or_as_a_service(self, updates: Updates) -> None:
        for name in ("enrol-van-germaine", "service-ingest"):
            assert self.refused(updates, updates.van(name))

    def test_nor_with_a_servers_certificate_and_its_whole_chain(self, updates: Updates) -> None:
        trusted, key = updates.trusted, Ed25519PrivateKey.generate()
        leaf = issuing.issue_server(
            trusted.servers, key.public_key(), ["localhost"], trusted.now, "van-germaine"
        )
        chain = issuing.chain([leaf, trusted.servers.certificate, trusted.root.certificate])
        put(updates.folder / "server.pem", pem(key) + chain)
        tls = ssl.create_default_context(cadata=issuing.pem(trusted.root.certificate))
        tls.load_cert_chain(updates.folder / "server.pem")
        assert self.refused(updates, tls)

    def test_nor_by_an_older_tls(self, updates: Updates) -> None:
        tls = updates.van("van-old-tls")
        tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1_2
        assert updates.get(tls).status == 0


def test_one_that_is_revoked_gets_nothing_after_a_reload_and_the_others_do(
    updates: Updates, germaine: ssl.SSLContext
) -> None:
    stolen = updates.van("van-stolen")
    assert updates.get(stolen).status == 200
    serial = updates.trusted.issued["van-stolen"].serial_number
    updates.trusted.revoked[serial] = datetime.now(UTC)
    updates.reload()
    eventually(lambda: updates.get(stolen).status == 400, 10, "the list is in force")
    assert updates.get(germaine).status == 200


def test_the_document_names_the_files_that_are_written_for_it() -> None:
    named = re.findall(r"/etc/escale-broker/(\S+);", CONF.read_text(encoding="utf-8"))
    assert sorted(named) == sorted([broker.CERTIFICATE, broker.KEY, broker.ALONE, broker.REVOKED])
