"""Real RabbitMQ nodes on the loopback, run out of a Debian 13 root; to be killed and started again.

The root is made by tools/rabbitmq_root.sh. Users are certificates: nobody has a password.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from protocol import certificates
from tests.support import eventually, free_port
from tests.trusted import Trusted

ROOT = Path(os.environ.get("ESCALE_RABBITMQ_ROOT", "/var/cache/escale/trixie"))
_SBIN = "/usr/lib/rabbitmq/bin"
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

needs_rabbitmq = pytest.mark.skipif(
    os.getuid() != 0 or not (ROOT / "usr/sbin/rabbitmq-server").exists(),
    reason=f"no RabbitMQ 4 in {ROOT}: tools/rabbitmq_root.sh prepares it, as root",
)


class Cluster:
    """So many nodes of one cluster, one by default."""

    def __init__(self, trusted: Trusted, users: Iterable[str], *, nodes: int = 1) -> None:
        """`users`: ids of units, and the names of services, that may come in."""
        self.inside = Path(tempfile.mkdtemp(prefix="escale-", dir=ROOT / "var/tmp"))
        self._epmd_port = free_port()
        cookie = secrets.token_hex(12)
        trusted.broker(self.inside)
        self.names = [f"r{number + 1}" for number in range(nodes)]
        definitions = json.dumps(_definitions(list(users)))
        (self.inside / "definitions.json").write_text(definitions)
        self.nodes = [
            Node(self.inside, name, self.names, self._epmd_port, cookie) for name in self.names
        ]
        self._epmd: subprocess.Popen[bytes] | None = None

    def start(self) -> "Cluster":
        """Starts all of them and waits until they answer."""
        command = ["epmd", "-port", str(self._epmd_port), "-address", "127.0.0.1"]
        self._epmd = subprocess.Popen(_entered(command), stderr=subprocess.DEVNULL)
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.wait()
        return self

    def __enter__(self) -> "Cluster":
        return self.start()

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            node.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
        shutil.rmtree(self.inside, ignore_errors=True)


class Node:
    """One node: `amqp` and `mqtt` are its ports, both with TLS."""

    def __init__(
        self, inside: Path, name: str, names: Sequence[str], epmd: int, cookie: str
    ) -> None:
        self.name, self.amqp, self.mqtt = name, free_port(), free_port()
        self.folder = inside / name
        self.folder.mkdir()
        (self.folder / ".erlang.cookie").write_text(cookie)
        (self.folder / ".erlang.cookie").chmod(0o400)
        plugins = "[rabbitmq_mqtt,rabbitmq_auth_mechanism_ssl]."
        (self.folder / "enabled_plugins").write_text(plugins)
        told = _within(inside)
        (self.folder / "rabbitmq.conf").write_text(_config(told, names, self.amqp, self.mqtt))
        here = _within(self.folder)
        self._environment = {
            "PATH": _PATH,
            "HOME": here,
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"{name}@localhost",
            "RABBITMQ_CONFIG_FILE": f"{here}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{here}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{here}/db",
            "RABBITMQ_LOG_BASE": f"{here}/log",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # Two cores for everything: it must not spin while it waits.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Starts it."""
        assert self._process is None, "this node is running"
        with (self.folder / "out").open("ab") as out:
            self._process = subprocess.Popen(
                _entered([f"{_SBIN}/rabbitmq-server"]), stdout=out, stderr=out,
                env=self._environment, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Until it answers on both ports."""
        eventually(
            lambda: _answers(self.mqtt) and _answers(self.amqp),
            seconds=60,
            what=f"RabbitMQ {self.name}: {(self.folder / 'out').read_text()[-800:]}",
        )

    def kill(self) -> None:
        """kill -9, with all that it started; may be called twice."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=20)
            self._process = None

    def stop(self) -> None:
        """An orderly end."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=60)
            self._process = None

    def control(self, *words: str) -> str:
        """`rabbitmqctl` with these words."""
        done = subprocess.run(
            _entered([f"{_SBIN}/rabbitmqctl", "-q", *words]), env=self._environment,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout


def _entered(command: list[str]) -> list[str]:
    return ["chroot", str(ROOT), *command]


def _within(path: Path) -> str:
    """As it is called in there."""
    return f"/{path.relative_to(ROOT)}"


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _config(inside: str, names: Sequence[str], amqp: int, mqtt: int) -> str:
    peers = "".join(
        f"cluster_formation.classic_config.nodes.{number} = {name}@localhost\n"
        for number, name in enumerate(names, 1)
    )
    return (
        "listeners.tcp = none\n"
        f"listeners.ssl.1 = 127.0.0.1:{amqp}\n"
        "mqtt.listeners.tcp = none\n"
        f"mqtt.listeners.ssl.1 = 127.0.0.1:{mqtt}\n"
        f"ssl_options.cacertfile = {inside}/clients.pem\n"
        f"ssl_options.certfile = {inside}/broker.pem\n"
        f"ssl_options.keyfile = {inside}/broker-key.pem\n"
        "ssl_options.verify = verify_peer\n"
        "ssl_options.fail_if_no_peer_cert = true\n"
        "ssl_options.versions.1 = tlsv1.3\n"
        "auth_mechanisms.1 = EXTERNAL\n"
        "ssl_cert_login_from = common_name\n"
        "mqtt.ssl_cert_login = true\n"
        "anonymous_login_user = none\n"
        "mqtt.max_packet_size_authenticated = 65536\n"
        f"load_definitions = {inside}/definitions.json\n"
        "cluster_formation.peer_discovery_backend = classic_config\n"
        f"{peers}"
        "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        "disk_free_limit.absolute = 50MB\n"
    )


def _definitions(users: list[str]) -> dict[str, object]:
    units = [user for user in users if not user.startswith(certificates.SERVICE)]
    services = [user for user in users if user not in units]
    nobody = {"password_hash": "", "hashing_algorithm": "rabbit_password_hashing_sha256"}
    own, ours = "^mqtt-.*", "^(amq\\.topic|mqtt-.*)$"
    queues = "^(amq\\.topic|escale\\.[0-9]{2})$"
    topic = "^escale\\.v1\\.[0-9]{2}\\.{username}\\."
    return {
        "users": [{"name": user, "tags": [], **nobody} for user in users],
        "vhosts": [{"name": "/"}],
        "permissions": [
            *(_permission(user, own, ours) for user in units),
            *(_permission(user, "^escale\\.[0-9]{2}$", queues) for user in services),
        ],
        "topic_permissions": [
            {"user": user, "vhost": "/", "exchange": "amq.topic", "write": f"{topic}up\\.",
             "read": f"{topic}down\\."}
            for user in units
        ],
    }  # fmt: skip


def _permission(user: str, configure: str, rest: str) -> dict[str, str]:
    return {"user": user, "vhost": "/", "configure": configure, "write": rest, "read": rest}
