#!/usr/bin/env bash
# The project's own tests as the card would run them: under the Python of its Debian, in a root of
# its own, on what is committed here. Nothing is installed by hand: make setup does it, as for anybody.
#
#   image/card_test.sh              make test
#   image/card_test.sh -k journal   as `make test ARGS="-k journal"`
#   FAST=1 image/card_test.sh       without the slow ones
#
# MIRROR names another Debian mirror. The root stays in build/image/card-test, with its packages.
set -euo pipefail
cd "$(dirname "$0")/.."

SUITE=trixie
MIRROR=${MIRROR:-http://deb.debian.org/debian}
WORK=$PWD/build/image/card-test
ROOT=$WORK/root
BARE=ca-certificates,git,make,python3

say() { echo "card-test: $*"; }
fail() { echo "card-test: $*" >&2; exit 1; }

# A Debian with nothing but what a checkout needs to begin.
make_root() {
    if [ -e "$WORK/made" ]; then return; fi
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing: apt-get install mmdebstrap"
    say "a bare Debian $SUITE is made in $ROOT"
    rm -rf "$ROOT"
    mmdebstrap --mode=root --variant=minbase --include="$BARE" --quiet "$SUITE" "$ROOT" "$MIRROR"
    touch "$WORK/made"
}

# What is committed, as a clone made it; its virtual environment is kept from run to run.
take_checkout() {
    [ -d "$ROOT/escale/.git" ] || git clone --quiet --no-hardlinks --no-checkout . "$ROOT/escale"
    git -C "$ROOT/escale" fetch --quiet "$PWD" HEAD
    git -C "$ROOT/escale" reset --quiet --hard FETCH_HEAD
    git -C "$ROOT/escale" clean -fdxq --exclude=.venv
    say "$(git log -1 --format='%h %s')"
}

# Runs a command in the root, with mounts and processes that end with it.
# $1: more of unshare's options. Names of hosts and certificates are this machine's.
enter() {
    local more=$1; shift
    # shellcheck disable=SC2086
    unshare --mount --pid --fork --kill-child $more bash -euc '
        root=$1; shift
        mount --make-rprivate /
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=1777 tmp "$root/tmp"
        touch "$root/etc/resolv.conf"
        mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
        mount --bind /etc/ssl/certs "$root/etc/ssl/certs"
        echo "127.0.0.1 localhost" > "$root/etc/hosts"
        ip link set lo up
        exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+http_proxy=$http_proxy} ${https_proxy:+https_proxy=$https_proxy} \
            chroot "$root" "$@"
    ' card-test "$ROOT" "$@"
}

[ "$(id -u)" = 0 ] || fail "run it as root: it makes another system's root and enters it"
mkdir -p "$WORK"
exec 9> "$WORK/lock"
flock --nonblock 9 || fail "it runs already: one at a time, they would share $ROOT"
make_root
take_checkout
enter "" make -C /escale setup
say "$(enter "" /escale/.venv/bin/python --version), $(enter "" /usr/sbin/mosquitto -h | head -1)"
# Without a network: whatever a test needs is in the root, or it is a fault.
enter --net make -C /escale test FAST="${FAST:-}" ARGS="$*"
