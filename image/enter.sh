#!/usr/bin/env bash
# Runs a command inside a root, with this checkout where it is outside; its mounts end with it.
#
#   image/enter.sh ROOT COMMAND…     (RELEASE_KEY, RELEASE_CERTIFICATE, KEYRING: files from anywhere)
set -euo pipefail
[ "$(id -u)" = 0 ] || exec sudo -n --preserve-env=SOURCE_DATE_EPOCH "$0" "$@"
tree=$(readlink -f "$(dirname "$0")/..")
root=$(readlink -f "$1"); shift
exec unshare --mount --propagation private bash -euc '
    root=$1 tree=$2; shift 2
    mkdir -p "$root$tree"
    mount --bind "$tree" "$root$tree"
    for each in proc sys dev; do mount --rbind "/$each" "$root/$each"; done
    mount --bind /tmp "$root/tmp"
    # They may lie on a medium that is not seen from inside: there they are in memory, and gone with its mounts.
    mkdir -p "$root/run/release"
    mount -t tmpfs -o mode=0700 keys "$root/run/release"
    for each in RELEASE_KEY RELEASE_CERTIFICATE KEYRING; do
        [ -n "${!each:-}" ] || continue
        cp "${!each}" "$root/run/release/$each"
        export "$each=/run/release/$each"
    done
    exec chroot "$root" env -C "$tree" HOME=/root LC_ALL=C.UTF-8 "$@"
' enter "$root" "$tree" "$@"
