#!/usr/bin/env bash
# Makes the files that are given out: the card's image, its block map, the signed update, their sums.
# Runs inside the tools root; needs no loop device and mounts nothing. The same root gives the same bytes.
#
#   pack.sh ROOT OUT BOARD      (SOURCE_DATE_EPOCH, VERSION, RELEASE_KEY, RELEASE_CERTIFICATE, COMPRESS)
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
root=$1 out=$2 board=$3
name=escale-$VERSION-$board
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
FIRMWARE_MB=128 ROOT_MB=1536 DATA_MB=192
say() { echo "image: pack: $*"; }
work=$(mktemp -d "${TMPDIR:-/tmp}/escale-pack.XXXXXX")
trap 'rm -rf "$work"' EXIT

# A file system with nothing of the moment in it. U-Boot reads neither of the features left out.
ext4() {
    local label=$1 megabytes=$2 seed=$3 tree=$4 to=$5; shift 5
    truncate -s "${megabytes}M" "$to"
    mke2fs -q -F -t ext4 -b 4096 -m 0 "$@" -L "$label" -U "$seed" -O '^metadata_csum_seed,^orphan_file' \
        -E "hash_seed=$seed,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0" -d "$tree" "$to"
}

boot_files() {
    local at=$work/boot
    mkdir -p "$at"
    mkimage -A arm64 -T script -C none -n escale -d "$here/boot/boot.cmd" "$at/boot.scr" >/dev/null
    if [ "$board" != virt ]; then
        cp "$here/boot/config.txt" "$at/"
        python3 "$here/deaf_u_boot.py" "$root/usr/lib/u-boot/rpi_arm64/u-boot.bin" "$at/u-boot.bin"
        cp "$root"/usr/lib/raspi-firmware/{bootcode.bin,fixup*.dat,start*.elf} "$at/"
        case $KERNEL-$board in
            # Its own device trees and overlays, among them those of the official panels. Never tried.
            raspberrypi-*)
                cp "$root"/usr/lib/linux-image-*/broadcom/bcm27*.dtb "$at/"
                cp -r "$root"/usr/lib/linux-image-*/overlays "$at/"
                sed -i 's/^upstream_kernel=1$/dtoverlay=vc4-kms-v3d\ndisplay_auto_detect=1/' "$at/config.txt"
                ;;
            *-pi3) cp "$root"/usr/lib/linux-image-*/broadcom/bcm2837-rpi-{3*,zero-2*}.dtb "$at/" ;;
            *-pi4) cp "$root"/usr/lib/linux-image-*/broadcom/bcm2711-rpi-*.dtb "$at/" ;;
        esac
    fi
    find "$at" -exec touch --date "@$SOURCE_DATE_EPOCH" {} +
    truncate -s ${FIRMWARE_MB}M "$work/firmware.fat"
    mkfs.vfat -F 32 -n ESCALE -i e5ca1e00 --invariant "$work/firmware.fat" >/dev/null
    (cd "$at" && find . -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort | while read -r file; do
        mcopy -s -m -i "$work/firmware.fat" "$file" "::$file"
    done)
}

disk() {
    local image=$out/$name.img at=8
    rm -f "$image"
    truncate -s $((at + FIRMWARE_MB + 2 * ROOT_MB + DATA_MB))M "$image"
    sfdisk -q "$image" <<TABLE
label: dos
label-id: 0xe5ca1e01
unit: sectors
start=$((at * 2048)), size=$((FIRMWARE_MB * 2048)), type=c, bootable
start=$(((at + FIRMWARE_MB) * 2048)), size=$((ROOT_MB * 2048)), type=83
start=$(((at + FIRMWARE_MB + ROOT_MB) * 2048)), size=$((ROOT_MB * 2048)), type=83
start=$(((at + FIRMWARE_MB + 2 * ROOT_MB) * 2048)), size=$((DATA_MB * 2048)), type=83
TABLE
    # The second slot is empty until the first update: its tries are none.
    python3 -B "$here/first_tries.py" "$image"
    local write="dd bs=1M conv=notrunc,sparse status=none of=$image"
    $write if="$work/firmware.fat" seek=$at
    $write if="$work/root.ext4" seek=$((at + FIRMWARE_MB))
    $write if="$work/data.ext4" seek=$((at + FIRMWARE_MB + 2 * ROOT_MB))
}

# The same for every board, and its signature holds the moment: made anew for the second board, it would
# no longer be what the first one's checksums say.
update() {
    local mark="$out/update.inputs" inputs
    inputs=$(cat "$out/app.inputs" "$RELEASE_CERTIFICATE" "$here/pack.sh" 2>/dev/null | sha256sum) || true
    if [ -s "$out/escale-$VERSION.raucb" ] && [ "$(cat "$mark" 2>/dev/null)" = "$inputs" ]; then
        say "update: unchanged"
        return
    fi
    rm -f "$mark"
    say "update, signed"
    mkdir "$work/bundle"
    ln "$work/root.ext4" "$work/bundle/root.ext4" 2>/dev/null || cp --sparse=always "$work/root.ext4" "$work/bundle/"
    cat > "$work/bundle/manifest.raucm" <<MANIFEST
[update]
compatible=escale-arm64
version=$VERSION
build=$(sed -n 's/^BUILD=//p' "$root/etc/escale-release")

[bundle]
format=verity

[meta.escale]
journal=$(sed -n 's/^VERSION = //p' "$root"/opt/escale/lib/python3.13/site-packages/appliance/journal/schema.py)

[image.rootfs]
filename=root.ext4
MANIFEST
    rm -f "$out/escale-$VERSION.raucb"
    rauc bundle --cert="$RELEASE_CERTIFICATE" --key="$RELEASE_KEY" \
        --mksquashfs-args="-comp zstd -Xcompression-level 5 -quiet -no-progress" \
        "$work/bundle" "$out/escale-$VERSION.raucb" 2>&1 | grep -Ev '^$|No keyring given' || true
    [ -s "$out/escale-$VERSION.raucb" ] || { echo "image: pack: the update could not be signed: see above" >&2; exit 1; }
    printf '{"version": "%s", "size": %s, "sha256": "%s", "compatible": "escale-arm64"}\n' "$VERSION" \
        "$(stat -c %s "$out/escale-$VERSION.raucb")" "$(sha256sum "$out/escale-$VERSION.raucb" | cut -c1-64)" > "$out/escale-$VERSION.json"
    echo "$inputs" > "$mark"
}

say "file systems"
mkdir -p "$work/data"/{escale,system,update} "$out"
chmod 755 "$work/data" "$work/data"/*
ext4 root $ROOT_MB 11111111-aaaa-4000-8000-00000e5ca1e0 "$root" "$work/root.ext4"
# Few files, and it grows to the whole card: a small one's share of inodes would be gigabytes there.
ext4 data $DATA_MB 11111111-dddd-4000-8000-00000e5ca1e0 "$work/data" "$work/data.ext4" -i 65536
boot_files
say "disk"
disk
update
given=$name.img
rm -f "$out/$name".{img.xz,sha256,sha256.sig}
say "block map"
bmaptool -q create -o "$out/$name.bmap" "$out/$name.img"
if [ "$COMPRESS" = yes ]; then
    say "compressed (half a minute)"
    # Level 2 is 7 % smaller and takes more than twice as long.
    xz --keep --force --threads=0 -0 "$out/$name.img"
    given=$name.img.xz
fi
sums=$(cd "$out" && sha256sum "$given" "$name.bmap" "escale-$VERSION".{raucb,json})
echo "$sums" > "$out/$name.sha256"
openssl dgst -sha256 -sign "$RELEASE_KEY" -out "$out/$name.sha256.sig" "$out/$name.sha256"
say "done: $(cd "$out" && ls -sh --block-size=1M "$name".* "escale-$VERSION.raucb" | tr '\n' ' ')"
