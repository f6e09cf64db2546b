"""What machines that watch over the site ask: figures for Prometheus, health."""

import time

import msgspec
import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from federation.web.alerts.models import Alert
from tests.federation.bench import link, status
from tests.federation.van import UNIT
from tests.federation.web.site import Site
from tests.federation.web.test_api import token


def figures(site: Site, **headers: str) -> dict[str, float]:
    answer = site.nobody().get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.content
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            label = "".join(f"{{{value}}}" for value in sample.labels.values())
            found[sample.name + label] = sample.value
    return found


def test_figures_tell_of_the_fleet_and_of_no_unit(site: Site) -> None:
    site.van(UNIT).notes(7)
    journal = {"epoch": 7, "head": 7, "watermark": 0}
    site.bench.arrive(
        link(), status(utc=int(time.time() * 1000), journals={"screen": [journal]})
    )  # fmt: skip
    Alert.objects.create(subject="v1", kind="disk", state="open", since=1, opened=1)
    found = figures(site)
    assert found["escale_vehicles{online}"] == 1
    assert found["escale_vehicles{quiet}"] == 2
    assert found["escale_open_alerts{disk}"] == 1
    assert found["escale_open_alerts{silence}"] == 0
    assert found["escale_backlog_events"] == 7
    assert found["escale_ready"] == 1
    assert found["escale_ingest_heard_seconds"] < 60
    assert not [name for name in found if UNIT in name]
    site.bench.drain(site.van(UNIT))
    site.settle()
    found = figures(site)
    assert found["escale_backlog_events"] == 0
    assert found["escale_projection_lag_events"] == 0
    assert found["escale_copies_ratio"] == 0


def test_figures_of_an_empty_ledger_are_there_too(site: Site) -> None:
    assert figures(site)["escale_projection_lag_events"] == 0


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 401),
        ({"REMOTE_ADDR": ""}, 401),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 401),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 401),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 401),
    ],
)
def test_figures_are_for_this_machine(site: Site, more: dict[str, str], status: int) -> None:
    assert Client(**more).get("/metrics").status_code == status  # type: ignore[arg-type]


def test_elsewhere_a_token_of_the_whole_federation_shows_figures(site: Site) -> None:
    for login, expected in (("federation", 200), ("auditor", 200), ("territory", 403)):
        headers = {"Authorization": f"Bearer {token(site, login)}"}
        answer = Client(REMOTE_ADDR="192.0.2.7").get("/metrics", headers=headers)
        assert answer.status_code == expected


def test_it_lives_and_is_ready(site: Site) -> None:
    assert site.nobody().get("/health/live").content == b"ok\n"
    answer = site.nobody().get("/health/ready")
    assert answer.status_code == 200
    assert msgspec.json.decode(answer.content) == {
        "ready": True, "store": True, "migrations": True, "ledger": True,
        "ingest_heard_seconds": None,
    }  # fmt: skip
    site.bench.arrive(link())
    told = msgspec.json.decode(site.nobody().get("/health/ready").content)
    assert 0 <= told["ingest_heard_seconds"] < 60


def test_it_is_not_ready_before_ingest_ever_ran(site: Site) -> None:
    for path in site.config.store.data.glob("ledger.sqlite*"):
        path.unlink()
    answer = site.nobody().get("/health/ready")
    assert answer.status_code == 503
    assert msgspec.json.decode(answer.content)["ledger"] is False
    assert site.nobody().get("/health/live").status_code == 200


def test_it_is_not_ready_with_tables_of_another_version(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'api'")
    answer = site.nobody().get("/health/ready")
    assert answer.status_code == 503
    assert msgspec.json.decode(answer.content)["migrations"] is False
