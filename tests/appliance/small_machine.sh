# A machine of its own in namespaces, over an overlay of this one: what its tests have in common.
# Read by the scripts that boot systemd in it; `checkout` is set before, `root` afterwards.

# An empty /etc/systemd/system, our program where it may be run, our users.
make_machine() {
    room=$(mktemp -d)
    mount -t tmpfs tmpfs "$room"
    mkdir "$room/up" "$room/work" "$room/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$room/up,workdir=$room/work" "$room/root"
    root=$room/root
    mkdir -p "$root/opt/escale/bin" "$root/opt/escale/lib"
    cp -r "$checkout/protocol" "$checkout/appliance" "$root/opt/escale/lib/"
    for folder in "$checkout"/.venv/lib/python3*/site-packages; do
        mkdir "$root/opt/escale/site" && mount --bind "$folder" "$root/opt/escale/site"
    done
    program "$root/opt/escale/bin/escale" "-m appliance.cli"
    rm -rf "$root/etc/systemd/system" && mkdir -p "$root/etc/systemd/system" "$root/etc/escale"
    # The kernel is this machine's too: nobody sets it up anew.
    for each in systemd-binfmt systemd-sysctl systemd-modules-load systemd-udevd systemd-udev-trigger; do
        ln -s /dev/null "$root/etc/systemd/system/$each.service"
    done
    cp -r "$checkout/systemd/escale-.service.d" "$root/etc/systemd/system/"
    cp "$checkout/systemd/escale.sysusers" "$root/usr/lib/sysusers.d/escale.conf"
    chroot "$root" systemd-sysusers escale.conf
}

# A command at $1 that runs our Python with the words $2.
program() {
    printf '#!/bin/sh\nexport PYTHONPATH=/opt/escale/lib:/opt/escale/site\nexec /usr/bin/python3 %s "$@"\n' "$2" >"$1"
    chmod 755 "$1"
}

# The unit's file and its folder $1/data as they lie on a card; the journal $2 is of the service $2.
give_unit() {
    cp "$1/unit.toml" "$root/etc/escale/" && chmod 644 "$root/etc/escale/unit.toml"
    rm -rf "$root/var/lib/escale" && cp -r "$1/data" "$root/var/lib/escale"
    chroot "$root" sh -c "
        cd /var/lib/escale && chown root:escale . && chmod 2770 .
        chown escale-$2:escale $2.* && chmod 660 $2.*
        chown -R escale-uplink:escale identity trust
        chmod 700 identity && chmod 750 trust && chmod 640 trust/*"
}

# systemd as its first process, which runs /out/probe.sh; $1 is /out there.
boot_machine() {
    mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -t tmpfs tmpfs "$root/run" && mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
    for kind in systemd devices; do
        mkdir "$root/sys/fs/cgroup/$kind"
    done
    mount -t cgroup -o none,name=systemd systemd "$root/sys/fs/cgroup/systemd"
    mount -t cgroup -o devices devices "$root/sys/fs/cgroup/devices" || true
    mkdir -p "$root/out" && mount --bind "$1" "$root/out"
    exec chroot "$root" env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        /lib/systemd/systemd --system --unit=probe.service
}
