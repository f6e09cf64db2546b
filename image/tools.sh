#!/usr/bin/env bash
# Makes the tools root: a Debian of this machine's own kind, with all that builds and boots a card.
#
# Run by ../image_build.sh with MIRROR and SUITE set; entered with enter.sh.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
out=$1

packages=$(grep -Ev '^(#|$)' "$here/packages-tools.txt" | paste -sd,)
rm -rf "$out"
mmdebstrap --mode=root --variant=minbase --format=directory --include="$packages" \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$SUITE" "$out" "$MIRROR"
