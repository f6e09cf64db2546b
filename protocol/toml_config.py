"""Reads one TOML file into typed sections, all errors told together. Knows no section of anybody.

It lives here because both sides of the wire read their configuration alike and may share
nothing else.
"""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

_Config = TypeVar("_Config", bound=msgspec.Struct)


class ConfigError(Exception):
    """What is wrong with a configuration file: one line per fault."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.path, self.faults = path, faults
        super().__init__(f"{path}: " + "; ".join(faults))


def load(path: Path, kind: type[_Config]) -> _Config:
    """The file as `kind`, whose fields are sections (each a msgspec.Struct).

    Raises ConfigError with every fault: unreadable, not TOML, unknown keys (with a suggestion),
    missing keys, values of the wrong type or out of bounds.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(path, [f"cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, [f"is not TOML: {error}"]) from error
    faults = list(_faults(raw, kind))
    if faults:
        raise ConfigError(path, faults)
    return msgspec.convert(raw, kind, dec_hook=_decode)


def effective(config: msgspec.Struct) -> str:
    """The values in force, as TOML that could be read again."""
    lines = []
    for section in msgspec.structs.fields(config):
        lines.append(f"[{section.name}]")
        value = getattr(config, section.name)
        for field in msgspec.structs.fields(value):
            item = msgspec.to_builtins(getattr(value, field.name), enc_hook=str)
            if item is None:
                lines.append(f"# {field.encode_name} is not set")
            else:
                lines.append(f"{field.encode_name} = {msgspec.json.encode(item).decode()}")
        lines.append("")
    return "\n".join(lines)


def _decode(kind: type[Any], value: Any) -> Any:
    """Types of ours that TOML has no word for; `parse` is how such a type reads its text."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    parse = getattr(kind, "parse", None)
    if parse is not None and isinstance(value, str):
        return parse(value)
    raise ValueError("must be given in quotes")


def _faults(raw: dict[str, Any], kind: type[msgspec.Struct]) -> Iterator[str]:
    sections = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    yield from _unknown(raw, list(sections), "section")
    for name, section in sections.items():
        value = raw.get(name, {})
        if not isinstance(value, dict):
            yield f"[{name}] must be a section, not a value"
            continue
        yield from _section_faults(name, value, section.type)


def _section_faults(name: str, raw: dict[str, Any], kind: type[msgspec.Struct]) -> Iterator[str]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    yield from (f"[{name}] {fault}" for fault in _unknown(raw, list(fields), "key"))
    for key, field in fields.items():
        if key not in raw:
            if field.required:
                yield f"[{name}] {key} is missing"
            continue
        try:
            msgspec.convert(raw[key], field.type, dec_hook=_decode)
        except msgspec.ValidationError as error:
            yield f"[{name}] {key} = {raw[key]!r}: {error}"


def _unknown(raw: dict[str, Any], known: list[str], what: str) -> Iterator[str]:
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f", did you mean {near[0]}?" if near else f" (known: {', '.join(known)})"
            yield f"unknown {what} {key}{hint}"
