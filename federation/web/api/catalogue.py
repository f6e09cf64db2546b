"""Every endpoint, once: addresses, checks and the OpenAPI text are made of this table."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from protocol import __version__

from ..scope import Right, Scope
from . import fleet, published, records, shapes
from .problems import Problem
from .shapes import Page, Shape

ROOT: Final = "/api/v1/"


class Endpoint(NamedTuple):
    """One address that is asked with GET."""

    name: str
    """Its address below the root; `{vehicle}` in it is a number."""
    right: Right
    asks: type[Shape]
    gives: Any
    read: Callable[..., Any]
    """(scope, query), and the number if there is one."""
    summary: str
    content_type: str = "application/json"

    @property
    def operation(self) -> str:
        """Its name for programs that are made from the text."""
        return self.name.replace("/{vehicle}", "_one").replace("/", "_")


def _one_vehicle(scope: Scope, _query: Shape, vehicle: int) -> Any:
    return fleet.vehicle(scope, vehicle)


ENDPOINTS: Final = (
    Endpoint("vehicles", "see_fleet", shapes.Paged, Page[shapes.Vehicle], fleet.vehicles,
             "Vehicles with their state now."),
    Endpoint("vehicles/{vehicle}", "see_fleet", shapes.Nothing, shapes.Vehicle, _one_vehicle,
             "One vehicle."),
    Endpoint("units", "see_unit", shapes.OfUnit, Page[shapes.UnitState], fleet.units,
             "Units by their own last word."),
    Endpoint("stops", "see_fleet", shapes.OfDays, Page[shapes.Stop], records.stops,
             "Where vehicles stood; never the way between."),
    Endpoint("workshops", "see_fleet", shapes.Paged, Page[shapes.Workshop], records.workshops,
             "Workshops on offer, with seats taken."),
    Endpoint("aggregates", "see_reports", shapes.OfPeriod, Page[shapes.Sum], records.sums,
             "Sums by unit, not masked: apply statistical secrecy before publishing any."),
    Endpoint("tables", "see_aggregates", shapes.OfTable, shapes.Table, published.table,
             "Tables of the reports, masked as they are published."),
    Endpoint("completeness", "see_reports", shapes.OfUnit, Page[shapes.Completeness],
             fleet.completeness, "Up to when everything is here."),
    Endpoint("events", "see_unit", shapes.OfTypes, Page[shapes.Event], records.events,
             "Facts in order of arrival; keep `next` and ask again later."),
)  # fmt: skip


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 text."""
    kinds = [Problem, *(endpoint.gives for endpoint in ENDPOINTS)]
    asked = [endpoint.asks for endpoint in ENDPOINTS]
    template = "#/components/schemas/{name}"
    schemas, components = msgspec.json.schema_components([*kinds, *asked], ref_template=template)
    given = dict(zip(map(_name, [*kinds, *asked]), schemas, strict=True))
    queries = {_name(each): components.pop(each.__name__) for each in set(asked)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Escale, fédération",
            "version": __version__,
            "description": "Read-only. No name and no phone is in any answer.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "security": [{"token": []}],
        "paths": {
            ROOT + each.name: {"get": _operation(each, given, queries)} for each in ENDPOINTS
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(
    endpoint: Endpoint, given: Mapping[str, Any], queries: Mapping[str, Any]
) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": given["Problem"]}}
    found = {"ETag": {"schema": {"type": "string"}, "required": True}}
    answers: dict[str, Any] = {
        "200": {
            "description": "Found.",
            "headers": found,
            "content": {endpoint.content_type: {"schema": given[_name(endpoint.gives)]}},
        },
        "304": {"description": "As it was: If-None-Match named its ETag."},
    }
    for status, words in _PROBLEMS.items():
        answers[status] = {"description": words, "content": problem}
    return {
        "operationId": endpoint.operation,
        "summary": endpoint.summary,
        "description": f"Needs the right `{endpoint.right}`.",
        "parameters": [*_in_path(endpoint), *_in_query(queries[_name(endpoint.asks)])],
        "responses": answers,
    }


_PROBLEMS: Final = {
    "400": "A parameter is none, or not as it should be.",
    "401": "There is no token, or it opens nothing any more.",
    "403": "The token's role does not have that right.",
    "404": "There is no such thing within the token's reach.",
    "429": "Too many questions: wait as long as Retry-After says.",
    "503": "There is no ledger yet.",
}


def _in_path(endpoint: Endpoint) -> list[dict[str, Any]]:
    if "{vehicle}" not in endpoint.name:
        return []
    schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    return [{"name": "vehicle", "in": "path", "required": True, "schema": schema}]


def _in_query(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    needed = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": _without_null(said)}
        for name, said in schema["properties"].items()
    ]


def _without_null(said: Mapping[str, Any]) -> Any:
    """A parameter that is not given is left out; there is no null in an address."""
    kinds = [each for each in said.get("anyOf", ()) if each.get("type") != "null"]
    return kinds[0] if len(kinds) == 1 else {k: v for k, v in said.items() if k != "default" or v}


def _name(kind: Any) -> str:
    return str(kind) if kind.__class__.__name__ == "_GenericAlias" else kind.__name__
