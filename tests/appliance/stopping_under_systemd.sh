#!/bin/sh
# Boots systemd as the first process of a machine of its own (namespaces, an overlay of this one), with
# the two ways a unit ends, and tries them. Arguments: this checkout, where to leave what was seen.
set -eu
checkout=$1 out=$2
room=$(mktemp -d)
mount -t tmpfs tmpfs "$room"
mkdir "$room/up" "$room/work" "$room/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$room/up,workdir=$room/work" "$room/root"
root=$room/root

# The program, where it may be run.
mkdir -p "$root/opt/escale/bin" "$root/opt/escale/lib"
cp -r "$checkout/protocol" "$checkout/appliance" "$root/opt/escale/lib/"
for folder in "$checkout"/.venv/lib/python3*/site-packages; do
    mkdir "$root/opt/escale/site" && mount --bind "$folder" "$root/opt/escale/site"
done
printf '#!/bin/sh\nexport PYTHONPATH=/opt/escale/lib:/opt/escale/site\nexec /usr/bin/python3 -m appliance.cli "$@"\n' \
    >"$root/opt/escale/bin/escale"
chmod 755 "$root/opt/escale/bin/escale"

# Services and users as the card has them. The kernel is this machine's too: nobody sets it up anew.
rm -rf "$root/etc/systemd/system" && mkdir -p "$root/etc/systemd/system"
for each in systemd-binfmt systemd-sysctl systemd-modules-load systemd-udevd systemd-udev-trigger; do
    ln -s /dev/null "$root/etc/systemd/system/$each.service"
done
cp -r "$checkout"/systemd/escale-poweroff.* "$checkout"/systemd/escale-reboot.* \
    "$checkout/systemd/escale-.service.d" "$root/etc/systemd/system/"
cp "$checkout/systemd/escale.sysusers" "$root/usr/lib/sysusers.d/escale.conf"
chroot "$root" systemd-sysusers escale.conf

cat >"$root/etc/systemd/system/probe.service" <<'END'
[Service]
Type=oneshot
ExecStart=/bin/sh /out/probe.sh
ExecStopPost=-/bin/sh -c 'journalctl --no-pager >/out/journal'
END
cat >"$out/say.py" <<'END'
import grp, os, pwd, sys
sys.path[:0] = ["/opt/escale/lib", "/opt/escale/site"]
from pathlib import Path
from appliance import runtime, stopping
os.setgid(grp.getgrnam("escale").gr_gid)
os.setuid(pwd.getpwnam(sys.argv[1]).pw_uid)
if len(sys.argv) > 3:
    runtime.publish(Path("/run/escale"), "vehicle", {"power": {"shutdown": sys.argv[3]}})
stopping.ask(Path("/run/escale"), sys.argv[2])
END
cat >"$out/probe.sh" <<'END'
# The wish is taken away at the end of its one-shot, whatever was decided.
over() { for _ in $(seq 60); do [ -e "/run/escale/$1.wanted" ] || return 0; sleep 0.5; done; return 1; }
install -d -m 2770 -g escale /run/escale
systemctl start escale-poweroff.path escale-reboot.path
/usr/bin/python3 /out/say.py escale-vehicle poweroff "" && over poweroff
echo "on duty: goes on" >>/out/seen
/usr/bin/python3 /out/say.py escale-screen poweroff ignition && over poweroff
echo "the screen in the vehicle's name: goes on" >>/out/seen
/usr/bin/python3 /out/say.py escale-uplink reboot && over reboot
echo "not root's wish: goes on" >>/out/seen
systemctl --failed --no-legend >/out/failed
/usr/bin/python3 /out/say.py escale-vehicle poweroff ignition
sleep 60
echo "off duty: goes on" >>/out/seen
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
