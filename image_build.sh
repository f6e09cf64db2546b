#!/usr/bin/env bash
# Builds what goes onto the SD card, one stage after the other; each stage is done again only when
# what it is made from has changed.
#
#   ./image_build.sh [OPTIONS] [STAGE]
#
#   tools     a Debian 13 root with all that builds and boots a card (a minute, once)
#   wheels    the unit's Python packages for the card (aarch64, Python 3.13), each against its hash
#   base      the card's Debian (a quarter of an hour, once: its packages are configured emulated)
#   app       Escale on it
#   pack      .img, .bmap, .img.xz, the signed update .raucb, their checksums
#   all       all of these, in this order (if no stage is named)
#   lock      accepts the packages that base found: image/packages.lock
#
#   --board pi3|pi4|virt          the Pi it starts on (pi4); virt: in QEMU alone
#   --debian-mirror URL           where Debian is (http://deb.debian.org/debian)
#   --kernel debian|raspberrypi   raspberrypi: for panels that need its overlays (the official DSI ones);
#                                 from its own archive, whose key RASPBERRYPI_KEYRING names. Never tried.
#   --release                     only from committed files, signed by RELEASE_KEY, RELEASE_CERTIFICATE;
#                                 the card believes RELEASE_KEYRING. Otherwise by a key made here.
#   --no-compress                 without .img.xz
#
# Needs root (sudo) for tools, base and app. BUILD names the folder (build/image).
set -euo pipefail
cd "$(dirname "$0")"

BUILD=${BUILD:-build/image}
if [ -x .venv/bin/python ]; then PYTHON=${PYTHON:-.venv/bin/python}; fi
PYTHON=${PYTHON:-python3}
export MIRROR=http://deb.debian.org/debian SUITE=trixie KERNEL=debian COMPRESS=yes
BOARD=pi4 RELEASE= WHAT=all

say() { echo "image: $*"; }
fail() { echo "image: $*" >&2; exit 1; }

options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --board | --debian-mirror | --kernel)
                [ $# -gt 1 ] || fail "$1 wants a word after it: ./image_build.sh --help lists them"
                case $1 in --board) BOARD=$2 ;; --kernel) KERNEL=$2 ;; *) MIRROR=$2 ;; esac
                shift ;;
            --release) RELEASE=yes ;;
            --no-compress) COMPRESS=no ;;
            -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 0 ;;
            tools | wheels | base | app | pack | all | lock) WHAT=$1 ;;
            *) fail "there is no option or stage $1: ./image_build.sh --help lists them" ;;
        esac
        shift
    done
    case $BOARD in pi3 | pi4 | virt) ;; *) fail "there is no board $BOARD: pi3, pi4 or virt" ;; esac
    case $KERNEL in debian | raspberrypi) ;; *) fail "there is no kernel $KERNEL: debian or raspberrypi" ;; esac
    SECURITY=${SECURITY:-${MIRROR%/debian}/debian-security}
    VERSION=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' protocol/__init__.py)
    # The day this version was last described: the same files have the same dates in every build.
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct -- CHANGELOG.md)}
    NOT_FETCHED="this Debian was not made: the lines above say why (it comes from $MIRROR; --debian-mirror names another)"
    export SECURITY VERSION SOURCE_DATE_EPOCH
}

# A stage is a function; it runs when the hash of its inputs is not the one it left behind.
# stage NAME WORDS FILES…
stage() {
    local name=$1 words=$2; shift 2
    local mark="$BUILD/$name.inputs" inputs began=$SECONDS
    inputs=$({ echo "$words"; cat -- "$@"; } | sha256sum | cut -c1-64)
    if [ "$(cat "$mark" 2>/dev/null)" = "$inputs" ]; then
        say "$name: unchanged"
        return
    fi
    rm -f "$mark"
    say "$name: started"
    "stage_$name"
    echo "$inputs" > "$mark"
    say "$name: done in $((SECONDS - began)) s"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else
        sudo -n true 2>/dev/null || fail "this stage makes another system's files: run it as root, or allow sudo"
        sudo --preserve-env=MIRROR,SECURITY,SUITE,KERNEL,SOURCE_DATE_EPOCH,VERSION,BUILD_HASH,KEYRING,RELEASE_KEY,RELEASE_CERTIFICATE,TMPDIR,RASPBERRYPI_KEYRING "$@"
    fi
}

# Debian packages of this machine that a stage cannot do without.
need() {
    local missing=
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || [ -x "/usr/sbin/${pair%%:*}" ] || missing="$missing ${pair##*:}"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "this machine has no apt: install these yourself:$missing"
    say "installing Debian packages:$missing"
    as_root sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null" \
        || fail "could not install them: sudo apt-get install$missing"
}

stage_tools() {
    need mmdebstrap:mmdebstrap
    as_root image/tools.sh "$BUILD/tools" || fail "$NOT_FETCHED"
}

# arm64 programs run here through qemu-user, which the kernel must know of.
emulation() {
    [ "$(uname -m)" != aarch64 ] || return 0
    need qemu-aarch64-static:qemu-user-static arch-test:arch-test
    arch-test arm64 >/dev/null && return 0
    as_root sh -c 'mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc; cat /usr/lib/binfmt.d/qemu-aarch64.conf > /proc/sys/fs/binfmt_misc/register' 2>/dev/null || true
    arch-test arm64 >/dev/null || fail "this kernel runs no arm64 programs: load its module binfmt_misc, or build on an arm64 machine"
}

stage_base() {
    need mmdebstrap:mmdebstrap
    emulation
    as_root image/base.sh "$BUILD/base.new.tar" || fail "$NOT_FETCHED"
    as_root mv "$BUILD/base.new.tar" "$BUILD/base.tar"
    say "$(du -sm "$BUILD/base.tar" | cut -f1) MB"
}

# What Debian has today against what was looked at: a package that moved is somebody's decision.
found_packages() {
    tar --extract --to-stdout --file "$BUILD/base.tar" ./var/lib/dpkg/status |
        awk '/^Package:/ { name = $2 } /^Version:/ { print name, $2 }' | LC_ALL=C sort
}

check_lock() {
    if ! diff image/packages.lock <(found_packages) > "$BUILD/drift.txt"; then
        say "packages that moved since image/packages.lock:"
        cat "$BUILD/drift.txt"
        fail "look at them, then accept them: ./image_build.sh lock"
    fi
}

# The locked wheels, each verified against its hash, for the card and not for this machine.
CARD_WHEELS=(--implementation cp --python-version 3.13 --abi cp313 --abi abi3 --abi none
    --platform manylinux_2_28_aarch64 --platform manylinux_2_27_aarch64
    --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64
    --no-deps --only-binary :all: --require-hashes --requirement requirements/card.txt)

stage_wheels() {
    "$PYTHON" -m pip --version >/dev/null 2>&1 || fail "pip is missing: install python3-pip, or run make setup and set PYTHON=.venv/bin/python"
    rm -rf "$BUILD/wheels" "$BUILD/site-packages"
    "$PYTHON" -m pip download --quiet --progress-bar on --disable-pip-version-check \
        --dest "$BUILD/wheels" "${CARD_WHEELS[@]}" \
        || fail "a wheel could not be fetched or does not have its locked hash: see the line above"
    (cd "$BUILD/wheels" && sha256sum -- *.whl) > "$BUILD/wheels.sha256"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-compile --no-index \
        --find-links "$BUILD/wheels" --target "$BUILD/site-packages" "${CARD_WHEELS[@]}" \
        || fail "a wheel in $BUILD/wheels could not be unpacked: see the line above"
    say "$(wc -l < "$BUILD/wheels.sha256") wheels, $(du -sh "$BUILD/wheels" | cut -f1)"
}

# A wheel for another machine is worse than none: it is found on the road.
check_wheels() {
    (cd "$BUILD/wheels" && sha256sum --check --quiet ../wheels.sha256) \
        || fail "a wheel in $BUILD/wheels changed after it was fetched: remove $BUILD and build again"
    if ls "$BUILD/wheels" | grep -Ev -- '-(any|manylinux[^-]*_aarch64)\.whl$'; then
        fail "the wheel above is not for aarch64"
    fi
}

# Whom the card believes about updates. Without --release a key made here: good for trying, for no van.
keys() {
    if [ -n "$RELEASE" ]; then
        [ -n "${RELEASE_KEY:-}" ] && [ -n "${RELEASE_CERTIFICATE:-}" ] && [ -n "${RELEASE_KEYRING:-}" ] \
            || fail "a release needs RELEASE_KEY, RELEASE_CERTIFICATE and RELEASE_KEYRING: the files of the release authority (docs/flash.md)"
        for each in "$RELEASE_KEY" "$RELEASE_CERTIFICATE" "$RELEASE_KEYRING"; do
            [ -r "$each" ] || fail "$each cannot be read: it is to be a file of the release authority (docs/flash.md)"
        done
        openssl verify -purpose any -CAfile "$RELEASE_KEYRING" "$RELEASE_CERTIFICATE" >/dev/null 2>&1 \
            || fail "$RELEASE_CERTIFICATE is not signed by $RELEASE_KEYRING, or ran out: its cards would refuse its updates"
        [ -z "$(git status --porcelain)" ] || fail "a release is made from committed files alone: commit or put aside what git status lists"
        KEYRING=$RELEASE_KEYRING
    else
        [ -e "$BUILD/keys/release.key" ] || image/trial_keys.sh "$BUILD/keys"
        KEYRING=$BUILD/keys/authority.pem RELEASE_KEY=$BUILD/keys/release.key RELEASE_CERTIFICATE=$BUILD/keys/release.pem
    fi
    export KEYRING RELEASE_KEY RELEASE_CERTIFICATE
}

stage_app() {
    git ls-files -z protocol appliance ui | tar --create --null --files-from - > "$BUILD/program.tar"
    inside image/app.sh "$BUILD/base.tar" "$BUILD/site-packages" "$BUILD/program.tar" "$BUILD/root"
}
stage_pack() { inside image/pack.sh "$BUILD/root" "$BUILD" "$BOARD"; }

inside() {
    as_root image/enter.sh "$BUILD/tools" env "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" "VERSION=$VERSION" \
        "BUILD_HASH=$BUILD_HASH" "COMPRESS=$COMPRESS" "KERNEL=$KERNEL" "$@"
}

tools() { stage tools "$MIRROR $SUITE" image/tools.sh image/packages-tools.txt; }
wheels() { stage wheels "" requirements/card.txt; check_wheels; }
base() { stage base "$MIRROR $SUITE $KERNEL" image/base.sh image/packages.txt; check_lock; }

app() {
    local ours
    mapfile -t ours < <(git ls-files --cached --others --exclude-standard protocol appliance ui systemd image pyproject.toml | grep -v '^image/p\(ack\|ackages\)')
    BUILD_HASH=$(cat -- "${ours[@]}" | sha256sum | cut -c1-12)
    stage app "$VERSION $SOURCE_DATE_EPOCH $KEYRING" "${ours[@]}" "$BUILD"/{base,wheels}.inputs "$KEYRING"
}

pack() {
    stage pack "$BOARD $KERNEL $COMPRESS $VERSION" image/pack.sh image/first_tries.py appliance/update/slots.py image/deaf_u_boot.py "$BUILD/app.inputs" "$RELEASE_CERTIFICATE"
    "$PYTHON" -m tools.sbom --card "$BUILD/root/usr/share/escale-packages.txt" "$BUILD/escale-$VERSION.sbom.cdx.json"
    local given=escale-$VERSION-$BOARD.img
    [ "$COMPRESS" = no ] || given=$given.xz
    say "the card is $BUILD/$given: docs/flash.md says how it is made"
}

lock() {
    [ -e "$BUILD/base.tar" ] || fail "there is no base yet whose packages could be accepted: ./image_build.sh base"
    found_packages > "$BUILD/packages.lock"
    cp "$BUILD/packages.lock" image/packages.lock
    say "$(wc -l < image/packages.lock) packages accepted"
}

options "$@"
mkdir -p "$BUILD"
case $WHAT in
    tools | wheels | base | lock) "$WHAT" ;;
    # The keys first: a release that cannot be signed is told before the quarter of an hour of the base.
    app) keys; tools; wheels; base; app ;;
    pack | all) keys; tools; wheels; base; app; pack ;;
esac
