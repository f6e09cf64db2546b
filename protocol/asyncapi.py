"""The AsyncAPI 3 document of what a unit says and hears. Pure: a tree of plain values."""

from typing import Any

from . import __version__
from .batch import Payload
from .channels import CHANNELS, SIGNED, Channel
from .events import TYPES
from .messages import MAX_PACKET
from .topics import PARTITIONS, ROOT, UNIT_ID

Tree = dict[str, Any]

_ROWS = {
    "type": "object",
    "required": ["rows"],
    "properties": {
        "rows": {
            "type": "string",
            "description": "MQTT user property: journal, epoch, first and last seq.",
            "examples": ["screen 266800464311352 101-200"],
        }
    },
}


def document() -> Tree:
    """Described from the unit's side: it sends what goes up and receives what comes down."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Escale",
            "version": __version__,
            "description": "What units and their federation say to each other over MQTT 5. "
            "How it works is told in docs/protocol.md.",
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_operation_name(channel): _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {channel.name: _message(channel) for channel in CHANNELS},
            "schemas": {
                name: {"$ref": f"schemas/{name}.json"} for name in ["batch.payload", *TYPES]
            },
        },
    }


def _server() -> Tree:
    will = {"topic": f"{ROOT}/07/van-germaine/up/link", "qos": 1, "retain": True}
    return {
        "host": "{host}",
        "protocol": "secure-mqtt",
        "protocolVersion": "5",
        "variables": {"host": {"default": "broker.example.org:8883"}},
        "bindings": {
            "mqtt": {
                "cleanSession": True,
                "lastWill": {**will, "message": '{"online":false,"boot_id":"…"}'},
                "maximumPacketSize": MAX_PACKET,
                "bindingVersion": "0.2.0",
            }
        },
    }


def _channel(channel: Channel) -> Tree:
    parameters: Tree = {
        "partition": {
            "description": f"crc32 of the unit's id, modulo {PARTITIONS}, in two digits.",
            "enum": [f"{number:02d}" for number in range(PARTITIONS)],
        },
        "unit": {
            "description": f"Id of the unit: {UNIT_ID.pattern}",
            "examples": ["van-germaine"],
        },
    }
    if "{kind}" in channel.address:
        parameters["kind"] = {
            "description": "Which document: its body is a schema of the same name.",
            "examples": ["tour", "programme"],
        }
    tree = {
        "address": f"{ROOT}/{{partition}}/{{unit}}/{channel.address}",
        "description": channel.summary,
        "parameters": parameters,
    }
    return tree | {"messages": {channel.name: {"$ref": f"#/components/messages/{channel.name}"}}}


def _operation_name(channel: Channel) -> str:
    return f"{'send' if channel.direction == 'up' else 'receive'}_{channel.name}"


def _operation(channel: Channel) -> Tree:
    return {
        "action": "send" if channel.direction == "up" else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{channel.name}"}],
        "bindings": {
            "mqtt": {"qos": 1, "retain": channel.retained, "bindingVersion": "0.2.0"},
        },
    }


def _message(channel: Channel) -> Tree:
    tree: Tree = {
        "summary": channel.summary,
        "contentType": channel.content_type,
        "x-largest": channel.largest,
    }
    if channel.kind is Payload:
        return tree | {
            "headers": _ROWS,
            "payload": {
                "type": "string",
                "format": "binary",
                "description": "A signature (docs/protocol.md), one byte, the version of the "
                "format, then one zstd frame of JSON as the schema batch.payload says.",
            },
        }
    payload: Tree = {"$ref": f"schemas/{channel.name}.json"}
    if channel.content_type == SIGNED:
        payload = {
            "type": "string",
            "format": "binary",
            "description": f"A signature (docs/protocol.md), then JSON: schema {channel.name}.",
        }
    return tree | {"payload": payload}
