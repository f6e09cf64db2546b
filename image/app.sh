#!/usr/bin/env bash
# Puts Escale onto the card's Debian: files, program, services, and what packages leave to a first start.
# Runs inside the tools root, with nothing emulated; fetches nothing.
#
#   app.sh BASE.tar SITE-PACKAGES PROGRAM.tar ROOT      (SOURCE_DATE_EPOCH, VERSION, BUILD_HASH, KEYRING)
set -euo pipefail
cd "$(dirname "$0")/.."
base=$1 packages=$2 program=$3 root=$4
say() { echo "image: app: $*"; }

unpack() {
    rm -rf "$root"
    mkdir -p "$root"
    tar --extract --file "$base" --directory "$root" --numeric-owner --xattrs --xattrs-include='*'
}

# A virtual environment by hand: Debian's Python, our packages before its own (Kivy is Debian's).
install_program() {
    local at=$root/opt/escale
    mkdir -p "$at/bin" "$at/lib/python3.13"
    cp -r "$packages" "$at/lib/python3.13/site-packages"
    # The card installs nothing: a library asks for these for a command that it will not run.
    rm -rf "$at"/lib/python3.13/site-packages/{pip,setuptools,_distutils_hack,bin}{,-*} "$at"/lib/python3.13/site-packages/distutils-precedence.pth
    tar --extract --file "$program" --no-same-owner --directory "$at/lib/python3.13/site-packages"
    ln -s /usr/bin/python3 "$at/bin/python3"
    printf 'home = /usr/bin\ninclude-system-site-packages = true\nversion = 3.13\n' > "$at/pyvenv.cfg"
    sed -n '/^\[project.scripts\]/,/^$/s/^\(escale[a-z-]*\) = "\(\(appliance\|ui\)[a-z_.]*\):\([a-z_]*\)"/\1 \2 \4/p' pyproject.toml |
        while read -r name module function; do
            printf '#!/opt/escale/bin/python3 -I\nimport sys\n\nfrom %s import %s\n\nsys.exit(%s())\n' \
                "$module" "$function" "$function" > "$at/bin/$name"
            chmod 755 "$at/bin/$name"
        done
}

install_system() {
    cp -r image/overlay/. "$root/"
    install -d "$root/etc/systemd/system" "$root/etc/escale"
    cp -r systemd/. "$root/etc/systemd/system/"
    # What belongs to the federation's own machines.
    rm -rf "$root"/etc/systemd/system/escale-{ingest,ingest@,web,provisioning}.service{,.d} "$root"/etc/systemd/system/escale-federation.sysusers
    install -D "$root/etc/systemd/system/escale.sysusers" "$root/usr/lib/sysusers.d/escale.conf"
    install -D "$root/etc/systemd/system/escale.tmpfiles" "$root/usr/lib/tmpfiles.d/escale.conf"
    rm "$root"/etc/systemd/system/escale.{sysusers,tmpfiles}
    ln -sf /var/lib/escale/unit.toml "$root/etc/escale/unit.toml"
    printf 'VERSION=%s\nBUILD=%s\nSIGNED_BY="%s"\n' "$VERSION" "$BUILD_HASH" \
        "$(openssl x509 -in "$KEYRING" -noout -subject -nameopt RFC2253 | sed 's/^subject=//')" > "$root/etc/escale-release"
    install -D -m 644 "$KEYRING" "$root/etc/rauc/keyring.pem"
    ln -sf /run/NetworkManager/resolv.conf "$root/etc/resolv.conf"
    echo escale > "$root/etc/hostname"
    printf '127.0.0.1 localhost\n::1 localhost\n' > "$root/etc/hosts"
    # systemd's floor of time: no clock of this card stands before the day of its own system.
    touch --date "@$SOURCE_DATE_EPOCH" "$root/usr/lib/clock-epoch"
    # Nobody has a password, and nobody may come in.
    sed -i 's/^root:[^:]*:/root:!*:/' "$root/etc/shadow"
    mkdir -p "$root/data" "$root/boot/firmware" "$root/var/lib/escale"
    same_modes
    systemd-sysusers --root="$root"
    set_units
}

# Whoever checked this out with another mask gives the card the same modes: all may read, root may write.
same_modes() {
    chmod -R u=rwX,go=rX "$root/opt/escale" "$root/etc/systemd" "$root/etc/rauc" "$root/etc/escale-release"
    (cd image/overlay && find . -mindepth 1 ! -type l -print0) | (cd "$root" && xargs -0 chmod u=rwX,go=rX)
}

# units.txt says which and why; a unit that is not there is a mistake in it.
set_units() {
    systemctl --root="$root" --quiet set-default multi-user.target
    grep -Ev '^(#|$)' image/units.txt | while read -r verb unit _; do
        systemctl --root="$root" --quiet "$verb" "$unit" || { echo "image: units.txt: cannot $verb $unit" >&2; exit 1; }
    done
}

finish_packages() {
    local version
    version=$(ls "$root/usr/lib/modules" | sort -V | tail -1)
    depmod -b "$root/usr" "$version"
    # It writes the names of its sources into what it makes: the same wherever the card is built.
    mount --bind "$root" /mnt
    systemd-hwdb --root=/mnt --usr update
    umount /mnt
    image/initramfs.sh "$root" "$root/boot/initrd.img"
    rm -f "$root"/boot/{initrd.img-*,config-*,System.map-*,vmlinuz.old,initrd.img.old}
    [ -L "$root/boot/vmlinuz" ] && rm "$root/boot/vmlinuz"
    mv "$root/boot/vmlinuz-$version" "$root/boot/vmlinuz"
    rm -f "$root"/{vmlinuz,initrd.img}{,.old}
    # A module's source name is its hash, not its date: the same bytes on every day.
    PYTHONHASHSEED=0 python3 -m compileall -q -s "$root" -p / --invalidation-mode unchecked-hash \
        "$root/opt/escale/lib/python3.13/site-packages" "$root/usr/lib/python3" "$root/usr/lib/python3.13"
}

# The card installs no packages and boots without /var: what was there is told elsewhere, or made at boot.
clean() {
    dpkg-query --admindir="$root/var/lib/dpkg" --show --showformat '${Package} ${Version} ${Architecture}\n' \
        | LC_ALL=C sort > "$root/usr/share/escale-packages.txt"
    rm -rf "${root:?}"/var/* "${root:?}"/{boot/firmware,tmp,run,dev}/* "$root"/etc/machine-id "$root"/var/lib/dbus
    rm -rf "$root"/usr/share/{doc-base,bug,lintian,initramfs-tools,info} "$root"/etc/{apt,initramfs-tools,kernel} \
        "$root"/usr/lib/python3*/test "$root"/usr/share/locale/* "$root"/etc/ssh "$root"/etc/systemd/system/*.sysusers
    find "$root/usr/share/kivy-examples" -delete 2>/dev/null || true
    # Empty, not missing: the card is never at its first boot for systemd (first boot is ours).
    : > "$root/etc/machine-id"
    find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
}

for step in unpack install_program install_system finish_packages clean; do
    say "${step//_/ }"
    "$step"
done
say "$(du -sm "$root" | cut -f1) MB"
