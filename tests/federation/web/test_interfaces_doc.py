"""The examples of docs/interfaces.md, run as they stand against the real site."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest

from federation.web.api import catalogue, tokens
from protocol.stops import Arrived
from protocol.visits import CheckedIn
from tests.federation.web.browser import Served
from tests.federation.web.site import SPRING, Site

DOCUMENT = Path(__file__).parents[3] / "docs" / "interfaces.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
LINES = [line for line in TEXT.splitlines() if line.startswith("curl ")]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_every_example_is_answered(site: Site, tmp_path: Path) -> None:
    visit = CheckedIn(number=1, door="demarches", theme="demarches")
    site.tell(Arrived(source="gps", lat=47.2, lon=-1.5), visit, at=SPRING)
    _, token = tokens.make(
        site.account("federation"), 1, name="x", role="federation", expires=2**43
    )
    served = Served(tmp_path, site.config.store.data).start()
    given = {"PAGES": served.url, "TOKEN": token, "PATH": "/usr/bin:/bin"}
    try:
        for line in LINES:
            run = subprocess.run(
                ["bash", "-c", line], env=given, capture_output=True, text=True, timeout=30,
                check=False,
            )  # fmt: skip
            assert run.returncode == 0, f"{line}: {run.stderr}"
            assert run.stdout, line
    finally:
        served.kill()


def test_every_endpoint_is_told_of() -> None:
    for endpoint in catalogue.ENDPOINTS:
        assert f"`{endpoint.name.partition('/')[0]}`" in TEXT
        assert endpoint.right in TEXT


def test_the_examples_of_answers_are_as_their_formats_say() -> None:
    page, batch, messages = (text for text in blocks("json"))
    text = catalogue.openapi()
    schema = {**text["components"]["schemas"]["Page_Vehicle_"], "components": text["components"]}
    jsonschema_rs.validate(schema, json.loads(page))
    assert {"specversion", "id", "source", "type"} <= set(json.loads(batch)[0])
    known = json.loads((Path(__file__).parents[1] / "owntracks.schema.json").read_text())
    for line in messages.splitlines():
        jsonschema_rs.validate(known, json.loads(line))


def test_the_sections_of_the_one_file_are_ones(tmp_path: Path) -> None:
    from federation import config

    path = tmp_path / "federation.toml"
    path.write_text('[store]\ndata = "/x"\n' + "\n".join(blocks("toml")), encoding="utf-8")
    found = config.load(path)
    assert found.mail.host
    assert found.owntracks.host
