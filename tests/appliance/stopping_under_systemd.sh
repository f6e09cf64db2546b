#!/bin/sh
# Boots systemd as the first process of a machine of its own (namespaces, an overlay of this one), with
# the two ways a unit ends, and tries them. Arguments: this checkout, where to leave what was seen.
set -eu
checkout=$1 out=$2
. "$checkout/tests/appliance/small_machine.sh"
make_machine
cp -r "$checkout"/systemd/escale-poweroff.* "$checkout"/systemd/escale-reboot.* "$root/etc/systemd/system/"

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
boot_machine "$out"
