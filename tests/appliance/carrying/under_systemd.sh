#!/bin/sh
# Boots systemd as the first process of a machine of its own (namespaces, an overlay of this one),
# with our two one-shots as they are on a card. Arguments: this checkout, the folder with the
# unit's files, the loop device that plays the stick, where to leave what was seen.
set -eu
checkout=$1 unit=$2 loop=$3 out=$4
. "$checkout/tests/appliance/small_machine.sh"
make_machine

# A sysfs in which the loop device is a stick.
name=$(basename "$loop") usb=/opt/escale/sys/devices/usb1/1-1/1-1:1.0
mkdir -p "$root$usb/host0/block/$name" "$root/opt/escale/sys/class/block"
echo 08 >"$root$usb/bInterfaceClass" && echo 40960 >"$root$usb/host0/block/$name/size"
ln -s "$usb/host0/block/$name" "$root/opt/escale/sys/class/block/$name"
sed -i 's|^SYS: Final = .*|SYS: Final = Path("/opt/escale/sys")|' \
    "$root/opt/escale/lib/appliance/carrying/sticks.py"
sed -i 's|^KINDS: Final = .*|KINDS: Final = "ext4"|' "$root/opt/escale/lib/appliance/carrying/to_stick.py"

cp -r "$checkout"/systemd/escale-copy.* "$checkout"/systemd/escale-report.* "$root/etc/systemd/system/"
printf '[Service]\nDeviceAllow=%s rw\n' "$loop" \
    >"$root/etc/systemd/system/escale-copy.service.d/zz-loop.conf"
give_unit "$unit" screen

# What the screen would do, and what comes of it.
cat >"$root/etc/systemd/system/probe.service" <<'END'
[Service]
Type=oneshot
ExecStart=/bin/sh /out/probe.sh
ExecStopPost=/bin/systemctl --no-block exit
END
cat >"$out/probe.sh" <<'END'
install -d -m 2770 -g escale /run/escale
systemctl start escale-copy.path escale-report.path
for name in copy report; do
    printf '{"id":"0123456789abcdef","when":"2026-11-26-1830"}' >/run/escale/$name.wanted
done
for _ in $(seq 60); do
    sleep 0.5
    grep -qs 'done\|failed' /run/escale/copy.json && grep -qs done /run/escale/report.json && break
done
sleep 1
stat -c '%n %U:%G %a' /run/escale/* >/out/files
cp /run/escale/*.json /out/
mkdir /run/escale/copy.wanted
for _ in $(seq 60); do
    sleep 0.1
    systemctl show --value --property=InvocationID escale-copy.service
done | sort -u >/out/starts
END
boot_machine "$out"
