"""Reads the types as a person would: fields, what is said of them, JSON Schemas. Writes nothing."""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Field(NamedTuple):
    """One field of a type, as its source has it."""

    name: str
    type: str
    default: str
    """Empty when it must be given."""
    says: str


def summary(kind: type) -> str:
    """What a type is, on one line or several."""
    return inspect.cleandoc(kind.__doc__ or "")


def fields(kind: type[msgspec.Struct]) -> list[Field]:
    """The fields of a type, inherited ones last."""
    found: dict[str, Field] = {}
    for base in kind.__mro__:
        if base.__module__.startswith(__package__ + "."):
            for field in _own_fields(base):
                found.setdefault(field.name, field)
    return [field for name, field in found.items() if name in kind.__struct_fields__]


def schema(kind: type[msgspec.Struct], identity: str) -> dict[str, Any]:
    """The JSON Schema of a type, with what its source says of each field."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    known = {part.__name__: part for part in _structs()} | {kind.__name__: kind}
    for name, part in parts.items():
        if "description" in part:  # Python 3.13 keeps docstrings without their indentation
            part["description"] = inspect.cleandoc(part["description"])
        _annotate(part, fields(known[name]))
    return {"$schema": DIALECT, "$id": f"urn:escale:v1:{identity}", **root, "$defs": parts}


def _annotate(part: dict[str, Any], told: list[Field]) -> None:
    """Adds descriptions to the fields of an object, names too to those of an array."""
    places = part.get("prefixItems", [])
    tagged = len(places) - len(told) if places else 0
    for place, field in enumerate(told):
        if places:
            places[tagged + place] |= {"title": field.name}
        target = places[tagged + place] if places else part["properties"][field.name]
        if field.says:
            target["description"] = field.says


def _structs() -> Iterator[type[msgspec.Struct]]:
    waiting: list[type[msgspec.Struct]] = [msgspec.Struct]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(__package__ + "."):
            yield kind


def _own_fields(kind: type) -> Iterator[Field]:
    body = _classes(kind.__module__)[kind.__name__].body
    for statement, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            given = ast.unparse(statement.value) if statement.value is not None else ""
            says = _text(after)
            yield Field(statement.target.id, ast.unparse(statement.annotation), given, says)


def _text(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return inspect.cleandoc(str(statement.value.value))
    return ""


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
