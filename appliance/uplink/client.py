"""paho's client, its line and its properties as a session wants them. Connects nothing."""

import ssl
from collections.abc import Sequence

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from .wire import Wire

CONNECT_WITHIN = 4.0
"""Seconds that a connection attempt may block the loop: far less than the watchdog allows."""


def new_client(tls: ssl.SSLContext, name: str, will: tuple[str, bytes] | None) -> mqtt.Client:
    """A client for one connection, over a Wire."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    tls.sslsocket_class = Wire
    client.tls_set_context(tls)
    client.connect_timeout = CONNECT_WITHIN
    # We count ourselves; paho's own count walks everything in flight at each PUBACK.
    client.max_inflight_messages_set(0)
    if will is not None:
        client.will_set(*will, qos=1, retain=True)
    return client


def told_with(content_type: str, properties: Sequence[tuple[str, str]]) -> Properties:
    """What travels beside the payload of a message."""
    told = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    if content_type:
        told.ContentType = content_type
    if properties:
        told.UserProperty = list(properties)
    return told
