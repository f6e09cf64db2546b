#!/usr/bin/env bash
# Makes the card's Debian: packages.txt, for arm64, in one tar. Holds nothing of ours.
#
# Run by ../image_build.sh with MIRROR, SECURITY, SUITE and KERNEL set.
set -euo pipefail
# The same packages give the same bytes: nothing in it is newer than this.
export SOURCE_DATE_EPOCH=1789200000
here=$(dirname "$(readlink -f "$0")")
out=$1

# Each of these runs for minutes when emulated, some of them twice, and gives what app.sh makes
# natively in seconds: they are set aside while packages are configured.
SLOW="/usr/sbin/update-initramfs /usr/bin/py3compile /usr/bin/systemd-hwdb /usr/sbin/depmod"
set_aside="" put_back=""
for program in $SLOW; do
    set_aside+="chroot \"\$1\" dpkg-divert --quiet --local --rename --add $program; mkdir -p \"\$1$(dirname "$program")\"; ln -sf /usr/bin/true \"\$1$program\"; "
    put_back+="rm -f \"\$1$program\"; chroot \"\$1\" dpkg-divert --quiet --local --rename --remove $program; "
done

packages=$(grep -Ev '^(#|$)' "$here/packages.txt" | paste -sd,)
sources=("deb $MIRROR $SUITE main contrib non-free-firmware"
    "deb $MIRROR $SUITE-updates main contrib non-free-firmware"
    "deb $SECURITY $SUITE-security main contrib non-free-firmware")
if [ "$KERNEL" = raspberrypi ]; then
    [ -r "${RASPBERRYPI_KEYRING:-}" ] || { echo "image: base: name the key of Raspberry Pi's archive in RASPBERRYPI_KEYRING" >&2; exit 1; }
    echo "image: base: Raspberry Pi's kernel: nobody has tried this build"
    packages=${packages/linux-image-arm64/linux-image-rpi-v8}
    sources+=("deb [signed-by=$RASPBERRYPI_KEYRING] ${RASPBERRYPI_MIRROR:-http://archive.raspberrypi.com/debian} $SUITE main")
fi
mmdebstrap --mode=root --variant=minbase --architectures=arm64 --format=tar \
    --components="main contrib non-free-firmware" --include="$packages" \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --essential-hook="$set_aside" --customize-hook="$put_back" \
    --skip=check/qemu "$SUITE" "$out" \
    "${sources[@]}"
