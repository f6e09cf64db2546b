#!/bin/sh
# Boots systemd as the first process of a machine of its own (namespaces, an overlay of this one),
# with the steps of an update as they are on a card, and RAUC's twin. Arguments: this checkout, the
# folder with the unit's files, where to leave what was seen.
set -eu
checkout=$1 unit=$2 out=$3
. "$checkout/tests/appliance/small_machine.sh"
make_machine

# What stands around it; a disk, a kernel's line and a console that are files.
cp "$checkout/tests/appliance/update/rauc_twin.py" "$root/opt/escale/lib/"
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

cp -r "$checkout"/systemd/escale-fetch.* "$checkout"/systemd/escale-update.* \
    "$checkout"/systemd/escale-health.* "$root/etc/systemd/system/"
# A machine within a machine may not number its users anew.
printf '[Service]\nPrivateUsers=no\n' >"$root/etc/systemd/system/escale-fetch.service.d/zz-here.conf"
give_unit "$unit" vehicle
rm -rf "$root/data"
mkdir -p "$root/data" "$root/etc/tmpfiles.d"
grep ' /data/update' "$checkout/image/overlay/etc/tmpfiles.d/escale-card.conf" >"$root/etc/tmpfiles.d/update.conf"
systemd-tmpfiles --root="$root" --create update.conf
cp "$unit/disk" "$root/data/update/disk"

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
boot_machine "$out"
