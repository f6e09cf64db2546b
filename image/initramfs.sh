#!/usr/bin/env bash
# Makes the card's initramfs without running anything of the card: busybox, and the modules that lead to the root.
set -euo pipefail
root=$1 out=$2
MODULES="virtio_pci virtio_mmio virtio_blk sd_mod usb_storage uas xhci_pci dwc2 phy_generic \
sdhci_iproc sdhci_brcmstb bcm2835 mmc_block pcie_brcmstb reset_raspberrypi clk_raspberrypi \
gpio_raspberrypi_exp bcm2835_wdt i6300esb ext4 crc32c_generic"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(ls "$root/usr/lib/modules" | sort -V | tail -1)
mkdir -p "$work"/{bin,dev,proc,sys,run,root}
cp "$root/usr/bin/busybox" "$work/bin/busybox"
for applet in sh mount switch_root insmod sleep dd hexdump cat echo reboot; do ln -s busybox "$work/bin/$applet"; done

# In the order in which they must be loaded; one that this kernel has built in needs no loading.
for module in $MODULES; do
    modprobe -d "$root/usr" -S "$version" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" { print $2 }' || true
done | awk '!seen[$0]++' | while read -r file; do
    name=${file##*/}
    case $file in
        *.xz) xz -dc "$file" > "$work/${name%.xz}" ;;
        *.zst) zstd -qdc "$file" > "$work/${name%.zst}" ;;
        *) cp "$file" "$work/$name" ;;
    esac
    name=${name%.xz}
    echo "/${name%.zst}" >> "$work/modules"
done
install -m 755 "$(dirname "$0")/init" "$work/init"
find "$work" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
(cd "$work" && find . -print0 | LC_ALL=C sort -z \
    | cpio --null --create --format newc --reproducible --owner 0:0 --quiet | gzip -n -6) > "$out"
