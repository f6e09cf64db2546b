"""What stands around the broker: the firewall's rules and the service's sandbox, as texts."""

from pathlib import Path
from typing import Final

CONNECTIONS_A_MINUTE: Final = 60
"""From one address. Vans of one operator share addresses, and after a break all come at once."""


def nftables(port: int) -> str:
    """Rules of their own table: new connections a minute from one address, the rest dropped."""
    limit = f"limit rate over {CONNECTIONS_A_MINUTE}/minute burst {CONNECTIONS_A_MINUTE} packets"
    network = "ip6 saddr & ffff:ffff:ffff:ffff::"
    return f"""\
# Written by escale-provision. Takes the place of its own table alone; load with nft -f.
table inet escale_broker
delete table inet escale_broker
table inet escale_broker {{
    set callers4 {{
        type ipv4_addr
        size 65535
        flags dynamic, timeout
        timeout 2m
    }}
    set callers6 {{
        type ipv6_addr
        size 65535
        flags dynamic, timeout
        timeout 2m
    }}
    chain input {{
        type filter hook input priority filter - 1; policy accept;
        tcp dport {port} ct state new update @callers4 {{ ip saddr {limit} }} counter drop
        tcp dport {port} ct state new update @callers6 {{ {network} {limit} }} counter drop
    }}
}}
"""


def drop_in(configuration: Path, state: Path) -> str:
    """Of mosquitto.service: our configuration alone, and nothing it does not need."""
    return f"""\
# Written by escale-provision: /etc/systemd/system/mosquitto.service.d/escale.conf
[Service]
ExecStartPre=
ExecStart=
ExecStart=/usr/sbin/mosquitto -c {configuration}
User=mosquitto
Group=mosquitto
UMask=0077
RuntimeDirectory=mosquitto
ReadWritePaths={state}
Restart=always
RestartSec=2
LimitNOFILE=4096
LimitCORE=0
TasksMax=16
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateMounts=yes
ProtectProc=invisible
ProcSubset=pid
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
NoExecPaths=/
ExecPaths=/usr
"""
