"""The software bill of materials is CycloneDX and holds everything that is locked."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tools import sbom

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TYPES = {"application", "library"}
SCOPES = {"required", "optional", "excluded"}


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return sbom.bill(ROOT, NOW)


def faults(bill: dict[str, Any]) -> list[str]:
    """What CycloneDX 1.6 would find wrong in such a document."""
    found = [
        f"{name} is {bill.get(name)!r}"
        for name, right in (("bomFormat", "CycloneDX"), ("specVersion", "1.6"), ("version", 1))
        if bill.get(name) != right
    ]
    if not re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"]
    ):
        found.append("serialNumber is no URN of a UUID")
    datetime.fromisoformat(bill["metadata"]["timestamp"])
    parts = [bill["metadata"]["component"], *bill["components"]]
    names = [part["bom-ref"] for part in parts]
    found += [f"bom-ref {name} stands twice" for name in set(names) if names.count(name) > 1]
    for part in parts:
        found += [f"{part['bom-ref']}: {fault}" for fault in component_faults(part)]
    for line in bill["dependencies"]:
        unknown = {line["ref"], *line["dependsOn"]} - set(names)
        found += [f"dependencies name {ref}, which is no component" for ref in unknown]
    return found


def component_faults(part: dict[str, Any]) -> list[str]:
    found = []
    if part.get("type") not in TYPES or not part.get("name"):
        found.append("no type or no name")
    if part.get("scope", "required") not in SCOPES:
        found.append("a scope that does not exist")
    licences = part.get("licenses", [])
    if not (len(licences) == 1 and set(licences[0]) == {"expression"}) and any(
        set(one) != {"license"} or set(one["license"]) not in ({"id"}, {"name"}) for one in licences
    ):
        found.append("licences are one expression, or a list each with id or name")
    for source in part.get("externalReferences", []):
        if not {"type", "url"} <= set(source):
            found.append("a reference without type or url")
        hashes = source.get("hashes", [])
        if any(not re.fullmatch("SHA-256 [0-9a-f]{64}", " ".join(one.values())) for one in hashes):
            found.append("a hash that is none")
    return found


def test_it_is_a_cyclonedx_document(bill: dict[str, Any]) -> None:
    assert faults(bill) == []


def test_a_document_with_faults_is_seen_to_have_them(bill: dict[str, Any]) -> None:
    first = bill["components"][0]
    for broken in (
        bill | {"specVersion": "1.4"},
        bill | {"components": [first, *bill["components"]]},
        bill | {"components": [{**first, "type": "thing"}]},
        bill | {"components": []},
    ):
        assert faults(broken)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.stem
)
def test_every_locked_package_is_in_it_with_its_hashes(bill: dict[str, Any], file: Path) -> None:
    told = {
        (part["name"], part.get("version")): {
            one["content"] for source in part["externalReferences"] for one in source["hashes"]
        }
        for part in bill["components"]
        if "externalReferences" in part
    }
    name = version = ""
    seen = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        if "==" in line and "--hash" not in line:
            name, version = line.split(" ")[0].split("==")
            assert (name, version) in told
        if "--hash=sha256:" in line:
            seen += 1
            assert line.split("sha256:")[1].strip(" \\") in told[name, version]
    assert seen > 10


def test_a_developer_s_tools_are_not_said_to_be_shipped(bill: dict[str, Any]) -> None:
    scopes = {part["name"]: part.get("scope") for part in bill["components"]}
    assert (scopes["pytest"], scopes["cryptography"]) == ("excluded", "required")
    shipped = bill["dependencies"][0]["dependsOn"]
    assert [ref for ref in shipped if "pytest" in ref] == []


def test_debian_packages_are_named_and_no_version_of_them_is_made_up(bill: dict[str, Any]) -> None:
    system = [part for part in bill["components"] if part["purl"].startswith("pkg:deb/")]
    assert {"mosquitto", "nftables", "python3"} <= {part["name"] for part in system}
    assert [part["name"] for part in system if "version" in part or "@" in part["purl"]] == []


def test_of_a_card_each_package_is_told_at_its_version(tmp_path: Path) -> None:
    packages = tmp_path / "packages.txt"
    packages.write_text("chrony 4.6.1-3+deb13u1 arm64\nudev 257.8-1~deb13u2 arm64\n")
    made = sbom.bill(ROOT, NOW, packages)
    assert faults(made) == []
    system = {part["name"]: part for part in made["components"] if ":deb/" in part["purl"]}
    assert system.keys() == {"chrony", "udev"}
    assert system["chrony"]["version"] == "4.6.1-3+deb13u1"
    assert system["udev"]["purl"] == "pkg:deb/debian/udev@257.8-1~deb13u2?arch=arm64"
    names = {part["name"] for part in made["components"]}
    assert "cryptography" in names
    assert names & {"django", "pytest"} == set()


def test_licences_of_what_is_installed_are_told() -> None:
    assert list(sbom.licences("cryptography", version("cryptography")))
    assert list(sbom.licences("cryptography", "0.1")) == []


def test_the_same_lock_gives_the_same_document(bill: dict[str, Any]) -> None:
    assert sbom.bill(ROOT, NOW) == bill


def test_the_command_writes_the_file_and_counts(tmp_path: Path) -> None:
    target = tmp_path / "made" / "sbom.cdx.json"
    command = [sys.executable, "-m", "tools.sbom", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    components = json.loads(target.read_text(encoding="utf-8"))["components"]
    assert done.stdout == f"{target}: {len(components)} components\n"
