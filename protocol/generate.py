"""Writes what is generated from the types: JSON Schemas, the AsyncAPI document, the handbook.

`python -m protocol.generate` writes; with `--check` it writes nothing, names what has drifted
and exits 1. It needs PyYAML, which nothing else here does.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import yaml

from . import (
    asyncapi,
    batch,
    describe,
    documents,
    enrolment,
    events,
    handbook,
    installation,
    messages,
    trust,
)

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent


def generated() -> dict[Path, str]:
    """Every generated file and what it must hold."""
    files = {
        PACKAGE / "schemas" / f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False)
        + "\n"
        for name, schema in schemas().items()
    }
    files[PACKAGE / "asyncapi.yaml"] = yaml.dump(
        asyncapi.document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    files[ROOT / "docs" / "protocol.md"] = handbook.text()
    return files


class _Dumper(yaml.SafeDumper):
    """Quotes every text of digits: to some readers 08 is a number."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "'" if text.isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def schemas() -> dict[str, dict[str, Any]]:
    """Name → JSON Schema: events by their type, messages, document bodies, the batch."""
    kinds: dict[str, type[msgspec.Struct]] = {
        **events.TYPES,
        "batch.payload": batch.Payload,
        "receipt": messages.Receipt,
        "link": messages.Link,
        "status": messages.Status,
        "document": messages.Document,
        "request": enrolment.RenewRequest,
        "certificate": enrolment.Answer,
        "enrol.request": enrolment.EnrolRequest,
        "bundle": enrolment.Bundle,
        "install.request": installation.InstallRequest,
        "installation": installation.Installation,
        "trust": trust.Trust,
        **{f"document.{kind}": body for kind, body in documents.BODIES.items()},
    }
    return {name: describe.schema(kind, name) for name, kind in kinds.items()}


def drifted(files: dict[Path, str]) -> list[Path]:
    """Files that are missing, differ, or are no longer generated."""
    stale = [path for path in (PACKAGE / "schemas").glob("*") if path not in files]
    return stale + [
        path
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def main() -> None:
    """Writes or checks."""
    parser = argparse.ArgumentParser(prog="python -m protocol.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on drift")
    check, files = parser.parse_args().check, generated()
    for path in drifted(files):
        name = path.relative_to(ROOT)
        if check:
            sys.stderr.write(f"{name} has drifted: run python -m protocol.generate\n")
        elif path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
            sys.stderr.write(f"wrote {name}\n")
        else:
            path.unlink()
            sys.stderr.write(f"removed {name}\n")
    sys.exit(1 if check and drifted(files) else 0)


if __name__ == "__main__":
    main()
