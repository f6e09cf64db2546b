#!/bin/sh
# Makes the screen's fonts, pictograms and voices again, byte for byte, from pinned packages. A clone
# needs none of this: the results are in ui/assets. Usage: tools/build_assets.sh [assets folder]
set -eu
cd "$(dirname "$0")/.."
assets=${1:-ui/assets}
for line in npm:npm /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf:fonts-noto-core \
    espeak-ng:espeak-ng oggenc:vorbis-tools; do
    command -v "${line%%:*}" >/dev/null || [ -e "${line%%:*}" ] || missing="${missing:-} ${line##*:}"
done
if [ -n "${missing:-}" ]; then
    echo "assets: needs Debian's packages; run: sudo apt-get install$missing" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$assets/fonts" "$assets/LICENSES"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet fonttools==4.68.0 brotli==1.2.1
"$work/venv/bin/python" -m tools.build_fonts "$work/npm" "$assets"
"$work/venv/bin/python" -m tools.build_pictograms "$work/npm" "$assets"
mkdir -p "$assets/voices"
.venv/bin/python -m tools.build_voices "$assets/voices"
