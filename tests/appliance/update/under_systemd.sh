#!/bin/sh
# Boots systemd as the first process of a machine of its own (namespaces, an overlay of this one),
# with the steps of an update as they are on a card, and RAUC's twin. Arguments: this checkout, the
# folder with the unit's files, where to leave what was seen.
set -eu
checkout=$1 unit=$2 out=$3
room=$(mktemp -d)
mount -t tmpfs tmpfs "$room"
mkdir "$room/up" "$room/work" "$room/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$room/up,workdir=$room/work" "$room/root"
root=$room/root

# The programs, where they may be run; a disk, a kernel's line and a console that are files.
mkdir -p "$root/opt/escale/bin" "$root/opt/escale/lib"
cp -r "$checkout/protocol" "$checkout/appliance" "$root/opt/escale/lib/"
cp "$checkout/tests/appliance/update/rauc_twin.py" "$root/opt/escale/lib/"
for folder in "$checkout"/.venv/lib/python3*/site-packages; do
    mkdir "$root/opt/escale/site" && mount --bind "$folder" "$root/opt/escale/site"
done
program() {
    printf '#!/bin/sh\nexport PYTHONPATH=/opt/escale/lib:/opt/escale/site\nexec /usr/bin/python3 %s "$@"\n' "$2" >"$1"
    chmod 755 "$1"
}
program "$root/opt/escale/bin/escale" "-m appliance.cli"
program "$root/opt/escale/bin/escale-slots" "-m appliance.update.slots"
program "$root/usr/bin/rauc" "/opt/escale/lib/rauc_twin.py '[\"/opt/escale/bin/escale-slots\"]'"
sed -i 's|"/dev/escale/disk"|"/data/update/disk"|; s|"/proc/cmdline"|"/opt/escale/line"|' \
    "$root/opt/escale/lib/appliance/update/slots.py"
sed -i 's|"/dev/console"|"/run/escale/console"|' "$root/opt/escale/lib/appliance/update/health.py"
sed -i 's|"/etc/escale-release"|"/opt/escale/release"|' "$root/opt/escale/lib/appliance/update/facts.py"
# The server is on this machine: that is where packets go.
sed -i 's|"/proc/net"|"/opt/escale/net"|' "$root/opt/escale/lib/appliance/update/ways.py"
mkdir "$root/opt/escale/net"
printf 'Iface Destination Gateway Flags RefCnt Use Metric Mask\nlo 00000000 00000000 0001 0 0 0 00000000\n' \
    >"$root/opt/escale/net/route"
echo "ro rauc.slot=A quiet" >"$root/opt/escale/line"
printf 'VERSION=0.5.0\nBUILD=abc\n' >"$root/opt/escale/release"

# Services, users and files as the card has them.
rm -rf "$root/etc/systemd/system" && mkdir -p "$root/etc/systemd/system" "$root/etc/escale"
# The kernel is this machine's too: nobody sets it up anew.
for each in systemd-binfmt systemd-sysctl systemd-modules-load systemd-udevd systemd-udev-trigger; do
    ln -s /dev/null "$root/etc/systemd/system/$each.service"
done
cp -r "$checkout"/systemd/escale-fetch.* "$checkout"/systemd/escale-update.* \
    "$checkout"/systemd/escale-health.* "$checkout/systemd/escale-.service.d" "$root/etc/systemd/system/"
# A machine within a machine may not number its users anew.
printf '[Service]\nPrivateUsers=no\n' >"$root/etc/systemd/system/escale-fetch.service.d/zz-here.conf"
cp "$checkout/systemd/escale.sysusers" "$root/usr/lib/sysusers.d/escale.conf"
chroot "$root" systemd-sysusers escale.conf
cp "$unit/unit.toml" "$root/etc/escale/" && chmod 644 "$root/etc/escale/unit.toml"
rm -rf "$root/var/lib/escale" "$root/data" && cp -r "$unit/data" "$root/var/lib/escale"
mkdir -p "$root/data" "$root/etc/tmpfiles.d"
grep ' /data/update' "$checkout/image/overlay/etc/tmpfiles.d/escale-card.conf" >"$root/etc/tmpfiles.d/update.conf"
systemd-tmpfiles --root="$root" --create update.conf
cp "$unit/disk" "$root/data/update/disk"
chroot "$root" sh -c '
    cd /var/lib/escale && chown root:escale . && chmod 2770 .
    chown escale-vehicle:escale vehicle.* && chmod 660 vehicle.*
    chown -R escale-uplink:escale identity trust
    chmod 700 identity && chmod 750 trust && chmod 640 trust/*'

# What the uplink, the screen and the vehicle do, and what comes of it.
cat >"$root/etc/systemd/system/probe.service" <<'END'
[Service]
Type=oneshot
ExecStart=/bin/sh /out/probe.sh
ExecStopPost=/bin/systemctl --no-block exit
END
cat >"$out/say.py" <<'END'
import os, pwd, grp, sys
sys.path[:0] = ["/opt/escale/lib", "/opt/escale/site"]
from pathlib import Path
from appliance import runtime
from appliance.clock import BootClock
from appliance.journal import Journal
from protocol.unit import Booted
if sys.argv[1:] == ["boot"]:
    os.setgid(grp.getgrnam("escale").gr_gid)
    os.setuid(pwd.getpwnam("escale-vehicle").pw_uid)
    os.umask(0o007)
    journal = Journal.open(Path("/var/lib/escale/vehicle.db"), name="vehicle", clock=BootClock())
    journal.append(Booted(version="0.5.0"))
    journal.close()
runtime.publish(Path("/run/escale"), "screen", {"at": "welcome", "quiet": 900, "drawn": 9, "help": None})
runtime.publish(Path("/run/escale"), "vehicle", {"duty": "off"})
END
cat >"$out/probe.sh" <<'END'
install -d -m 2770 -g escale /run/escale
install -m 600 /dev/null /run/escale/console
/usr/bin/python3 /out/say.py boot
systemctl start escale-fetch.path escale-update.path escale-health.path
touch /run/escale/health.wanted
setpriv --reuid escale-uplink --regid escale --clear-groups cp /out/wanted.json /data/update/wanted.json
for _ in $(seq 60); do
    /usr/bin/python3 /out/say.py
    sleep 0.5
    [ -e /run/escale/reboot.wanted ] && [ -s /run/escale/console ] && [ ! -e /run/escale/health.wanted ] && break
done
cp /run/escale/console /out/console
cp /data/update/disk /out/disk
cp /data/update/pending.json /out/ || true
cp /run/escale/*.json /out/
stat -c '%n %U:%G %a' /data/update/* /run/escale/*.wanted >/out/files
for each in fetch update health; do
    systemctl show --property=Id,Result,ExecMainStatus "escale-$each.service"
done >/out/results
journalctl --no-pager >/out/journal 2>&1 || true
END
mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run" && mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
for kind in systemd devices; do
    mkdir "$root/sys/fs/cgroup/$kind"
done
mount -t cgroup -o none,name=systemd systemd "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o devices devices "$root/sys/fs/cgroup/devices" || true
mkdir -p "$root/out" && mount --bind "$out" "$root/out"
exec chroot "$root" env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=probe.service
