"""What is generated from the types is committed as it is now, and hangs together."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from protocol import asyncapi, describe, generate, handbook, topics
from protocol.channels import CHANNELS
from protocol.events import TYPES
from protocol.visits import CheckedIn

PACKAGE = Path(generate.__file__).parent


def test_nothing_has_drifted() -> None:
    drifted = [path.name for path in generate.drifted(generate.generated())]
    assert drifted == [], "run python -m protocol.generate"


def test_drift_of_every_kind_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "PACKAGE", tmp_path)
    (tmp_path / "schemas").mkdir()
    same, changed, missing, stale = (
        tmp_path / "schemas" / f"{name}.json" for name in ("same", "changed", "missing", "stale")
    )
    for path in (same, changed, stale):
        path.write_text("{}")
    files = {same: "{}", changed: "{ }", missing: "{}"}
    assert set(generate.drifted(files)) == {changed, missing, stale}


def test_the_check_names_what_drifted_and_writes_nothing() -> None:
    command = [sys.executable, "-m", "protocol.generate", "--check"]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def references(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if "$ref" in tree:
            yield tree["$ref"]
        for value in tree.values():
            yield from references(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from references(value)


def resolved(tree: Any, reference: str) -> Any:
    """What a reference points at; KeyError or FileNotFoundError when at nothing."""
    file, _, pointer = reference.partition("#")
    if file:
        tree = json.loads((PACKAGE / file).read_text(encoding="utf-8"))
    for part in pointer.strip("/").split("/") if pointer.strip("/") else []:
        tree = tree[part]
    return tree


def test_every_reference_leads_somewhere() -> None:
    document = yaml.safe_load((PACKAGE / "asyncapi.yaml").read_text(encoding="utf-8"))
    assert document == asyncapi.document()
    found = list(references(document))
    assert len(found) > 40
    assert all(resolved(document, reference) for reference in found)
    for path in (PACKAGE / "schemas").glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["$schema"] == describe.DIALECT
        assert all(resolved(schema, reference) for reference in references(schema))
    with pytest.raises(KeyError):
        resolved(document, "#/components/messages/nothing")


def test_the_asyncapi_document_has_the_shape_that_version_3_asks_for() -> None:
    document = asyncapi.document()
    assert set(document) == {
        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
    }  # fmt: skip
    assert {"title", "version"} <= set(document["info"])
    for server in document["servers"].values():
        assert {"host", "protocol"} <= set(server)
    for name, channel in document["channels"].items():
        named = {part[1:-1] for part in channel["address"].split("/") if part[0] == "{"}
        assert named == set(channel["parameters"]), name
    for name, operation in document["operations"].items():
        assert operation["action"] == name.split("_")[0]
        channel = resolved(document, operation["channel"]["$ref"])
        for message in operation["messages"]:
            assert resolved(document, message["$ref"])
            assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/")
            assert message["$ref"].rsplit("/", 1)[1] in channel["messages"]
    for message in document["components"]["messages"].values():
        assert message["contentType"].startswith("application/")


def test_the_document_tells_every_topic_with_its_quality_size_and_memory() -> None:
    document = asyncapi.document()
    told = {
        name: (
            operation["bindings"]["mqtt"]["qos"],
            operation["bindings"]["mqtt"]["retain"],
            document["components"]["messages"][name.split("_")[1]]["x-largest"],
        )
        for name, operation in document["operations"].items()
    }
    assert told == {
        "send_batch": (1, False, 12 * 1024),
        "send_link": (1, True, 64 * 1024),
        "send_status": (1, True, 64 * 1024),
        "send_request": (1, False, 64 * 1024),
        "receive_certificate": (1, False, 64 * 1024),
        "receive_receipt": (1, False, 64 * 1024),
        "receive_document": (1, True, 48 * 1024),
    }
    assert document["servers"]["broker"]["bindings"]["mqtt"]["lastWill"]["retain"] is True
    for channel in CHANNELS:
        make = topics.up if channel.direction == "up" else topics.down
        what = channel.address.partition("/")[2].replace("{kind}", "tour")
        number = f"{topics.partition('van-germaine'):02d}"
        address = document["channels"][channel.name]["address"].replace("{kind}", "tour")
        expected = address.replace("{partition}", number).replace("{unit}", "van-germaine")
        assert make("van-germaine", what) == expected


def test_numbers_written_as_text_stay_text_for_every_reader_of_yaml() -> None:
    assert "- '08'\n" in (PACKAGE / "asyncapi.yaml").read_text(encoding="utf-8")


def test_the_handbook_tells_every_type_field_list_and_topic() -> None:
    text = handbook.text()
    assert "<!--" not in text
    for name, kind in TYPES.items():
        section = text.split(f"### {name}\n")[1].split("\n### ")[0]
        own = set(kind.__struct_fields__) - {"trial", "codes"}
        assert all(f"| `{field}` |" in section for field in own)
    assert all(f"`{channel.address}`" in text for channel in CHANNELS)


def test_every_short_name_of_a_field_type_is_explained() -> None:
    tables = (*handbook.MESSAGES, *handbook.DOCUMENTS)
    known = {*handbook.ALIASES, *(kind.__name__ for kind in tables)}
    known |= {"str", "int", "float", "bool", "None", "tuple", "list", "dict", "Literal", "Any"}
    for kind in (*TYPES.values(), *tables):
        for field in describe.fields(kind):
            words = set(re.findall(r"[A-Za-z_]+", re.sub(r"'[^']*'", "", field.type)))
            assert words <= known, f"{kind.__name__}.{field.name}"


def test_a_schema_says_what_its_source_says() -> None:
    schema = describe.schema(CheckedIn, "visit.checked_in")
    fields = schema["$defs"]["CheckedIn"]["properties"]
    assert fields["people"]["description"] == "How many came together for one démarche."
    assert set(schema["$defs"]["CheckedIn"]["required"]) == {"number", "door", "theme"}
    assert [place["title"] for place in schema["$defs"]["Key"]["prefixItems"]] == ["epoch", "seq"]
