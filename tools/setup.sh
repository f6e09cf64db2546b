#!/bin/sh
# Makes .venv from the hash-locked list, and installs the Debian packages the product and its tests use.
# Safe to run again: it does only what is missing. What it may not install, it says in one sentence.
set -eu
cd "$(dirname "$0")/.."

# what            Debian package      for
needed="mosquitto:mosquitto
Xvfb:xvfb
xauth:xauth
xdotool:xdotool
strace:strace
tc:iproute2
nft:nftables
nginx:nginx-light
openssl:openssl
curl:curl
/usr/lib/postgresql/*/bin/postgres:postgresql
chromium:chromium
chromedriver:chromium-driver
/usr/lib/*/libpangoft2-1.0.so.0:libpangoft2-1.0-0
/usr/lib/*/libharfbuzz-subset.so.0:libharfbuzz-subset0
mkfs.ext4:e2fsprogs
mkfs.vfat:dosfstools
mcopy:mtools
sfdisk:fdisk
rauc:rauc
mksquashfs:squashfs-tools
mount:mount
systemd-analyze:systemd
/usr/lib/*/libEGL.so.1:libegl1
/usr/lib/*/libGL.so.1:libgl1
/usr/lib/*/dri/swrast_dri.so:libgl1-mesa-dri
/usr/lib/*/libmtdev.so.1:libmtdev1"

present() {
    case $1 in
        /*) ls $1 >/dev/null 2>&1 ;;
        *) command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ] ;;
    esac
}

missing=
for line in $needed; do
    present "${line%%:*}" || missing="$missing ${line##*:}"
done
python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "setup: this machine has no apt: install these yourself, then run make setup again:$missing" >&2
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi
    echo "setup: installing Debian packages:$missing"
    if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $missing >/dev/null; }; then
        echo "setup: could not install them; run: sudo apt-get install$missing" >&2
        exit 1
    fi
fi

python3 - <<'PYTHON' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"setup: Python 3.11 or later is needed, this is {sys.version.split()[0]}")
PYTHON

[ -x .venv/bin/python ] || python3 -m venv .venv
stamp=.venv/locked-$(cat requirements/dev.txt pyproject.toml | sha256sum | cut -c1-16)
if [ ! -e "$stamp" ]; then
    echo "setup: installing the locked Python packages into .venv (a minute or two the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --progress-bar on -r requirements/dev.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e .
    rm -f .venv/locked-*
    touch "$stamp"
fi
echo "setup: ready"
