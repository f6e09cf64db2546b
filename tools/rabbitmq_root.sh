#!/usr/bin/env bash
# Prepares a Debian 13 root with RabbitMQ 4 for the tests of federation/amqp.py: Debian 12 has 3.10,
# which speaks no MQTT 5. Needs root and debootstrap; fetches about 120 MB once.
set -euo pipefail
root=${ESCALE_RABBITMQ_ROOT:-/var/cache/escale/trixie}
mirror=${ESCALE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
if [ -x "$root/usr/sbin/rabbitmq-server" ]; then
    echo "$root is there already"
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "rabbitmq_root.sh: run it as root: it makes another system's root and enters it" >&2
    exit 1
fi
command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap
mkdir -p "$(dirname "$root")"
debootstrap --variant=minbase --include=rabbitmq-server trixie "$root" "$mirror"
