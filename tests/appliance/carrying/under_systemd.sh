#!/bin/sh
# Boots systemd as the first process of a machine of its own (namespaces, an overlay of this one),
# with our two one-shots as they are on a card. Arguments: this checkout, the folder with the
# unit's files, the loop device that plays the stick, where to leave what was seen.
set -eu
checkout=$1 unit=$2 loop=$3 out=$4
room=$(mktemp -d)
mount -t tmpfs tmpfs "$room"
mkdir "$room/up" "$room/work" "$room/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$room/up,workdir=$room/work" "$room/root"
root=$room/root

# The programs, where they may be run, and a sysfs in which the loop device is a stick.
mkdir -p "$root/opt/escale/bin" "$root/opt/escale/lib"
cp -r "$checkout/protocol" "$checkout/appliance" "$root/opt/escale/lib/"
for folder in "$checkout"/.venv/lib/python3*/site-packages; do
    mkdir "$root/opt/escale/site" && mount --bind "$folder" "$root/opt/escale/site"
done
cat >"$root/opt/escale/bin/escale" <<'END'
#!/bin/sh
export PYTHONPATH=/opt/escale/lib:/opt/escale/site
exec /usr/bin/python3 -m appliance.cli "$@"
END
chmod 755 "$root/opt/escale/bin/escale"
name=$(basename "$loop") usb=/opt/escale/sys/devices/usb1/1-1/1-1:1.0
mkdir -p "$root$usb/host0/block/$name" "$root/opt/escale/sys/class/block"
echo 08 >"$root$usb/bInterfaceClass" && echo 40960 >"$root$usb/host0/block/$name/size"
ln -s "$usb/host0/block/$name" "$root/opt/escale/sys/class/block/$name"
sed -i 's|^SYS: Final = .*|SYS: Final = Path("/opt/escale/sys")|' \
    "$root/opt/escale/lib/appliance/carrying/sticks.py"
sed -i 's|^KINDS: Final = .*|KINDS: Final = "ext4"|' "$root/opt/escale/lib/appliance/carrying/to_stick.py"

# Services, users and files as the card has them.
rm -rf "$root/etc/systemd/system" && mkdir -p "$root/etc/systemd/system" "$root/etc/escale"
# The kernel is this machine's too: nobody sets it up anew.
for each in systemd-binfmt systemd-sysctl systemd-modules-load systemd-udevd systemd-udev-trigger; do
    ln -s /dev/null "$root/etc/systemd/system/$each.service"
done
cp -r "$checkout"/systemd/escale-copy.* "$checkout"/systemd/escale-report.* \
    "$checkout/systemd/escale-.service.d" "$root/etc/systemd/system/"
printf '[Service]\nDeviceAllow=%s rw\n' "$loop" \
    >"$root/etc/systemd/system/escale-copy.service.d/zz-loop.conf"
cp "$checkout/systemd/escale.sysusers" "$root/usr/lib/sysusers.d/escale.conf"
chroot "$root" systemd-sysusers escale.conf
cp "$unit/unit.toml" "$root/etc/escale/" && chmod 644 "$root/etc/escale/unit.toml"
rm -rf "$root/var/lib/escale" && cp -r "$unit/data" "$root/var/lib/escale"
chroot "$root" sh -c '
    cd /var/lib/escale && chown root:escale . && chmod 2770 .
    chown escale-screen:escale screen.* && chmod 660 screen.*
    chown -R escale-uplink:escale identity trust
    chmod 700 identity && chmod 750 trust && chmod 640 trust/*'

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
mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run" && mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
for kind in systemd devices; do
    mkdir "$root/sys/fs/cgroup/$kind"
done
mount -t cgroup -o none,name=systemd systemd "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o devices devices "$root/sys/fs/cgroup/devices" || true
mkdir -p "$root/out" && mount --bind "$out" "$root/out"
exec chroot "$root" env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=probe.service
