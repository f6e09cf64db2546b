#!/usr/bin/env bash
# Makes the screen's fonts again, byte for byte, from pinned packages. Needs npm; a clone does not:
# the results are in ui/assets. Usage: tools/build_assets.sh [assets folder]
set -euo pipefail
cd "$(dirname "$0")/.."
assets=${1:-ui/assets}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$assets/fonts" "$assets/LICENSES"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet fonttools==4.68.0 brotli==1.2.1
"$work/venv/bin/python" -m tools.build_fonts "$work/npm" "$assets"
"$work/venv/bin/python" -m tools.build_pictograms "$work/npm" "$assets"
