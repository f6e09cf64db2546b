#!/usr/bin/env bash
# Builds what goes onto the SD card, one stage after the other; each stage is done again only when
# what it is made from has changed.
#
#   ./image_build.sh            every stage there is
#   ./image_build.sh wheels     the unit's Python packages for the card (aarch64, Python 3.13)
set -euo pipefail
cd "$(dirname "$0")"

BUILD=${BUILD:-build/image}
if [ -x .venv/bin/python ]; then PYTHON=${PYTHON:-.venv/bin/python}; fi
PYTHON=${PYTHON:-python3}

say() { echo "image: $*"; }
fail() { echo "image: $*" >&2; exit 1; }

# A stage is a function; it runs when the hash of its inputs is not the one it left behind.
stage() {
    local name=$1; shift
    local mark="$BUILD/$name.inputs" inputs
    inputs=$(cat "$@" | sha256sum | cut -c1-64)
    if [ "$(cat "$mark" 2>/dev/null)" = "$inputs" ]; then
        say "$name: unchanged"
        return
    fi
    rm -f "$mark"
    say "$name: started"
    "stage_$name"
    echo "$inputs" > "$mark"
    say "$name: done"
}

# The locked wheels, each verified against its hash, for the card and not for this machine.
stage_wheels() {
    "$PYTHON" -m pip --version >/dev/null 2>&1 || fail "pip is missing: install python3-pip, or run make setup and set PYTHON=.venv/bin/python"
    rm -rf "$BUILD/wheels"
    "$PYTHON" -m pip download --quiet --progress-bar on --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: \
        --implementation cp --python-version 3.13 --abi cp313 --abi abi3 --abi none \
        --platform manylinux_2_28_aarch64 --platform manylinux_2_27_aarch64 \
        --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64 \
        --dest "$BUILD/wheels" --requirement requirements/card.txt \
        || fail "a wheel could not be fetched or does not have its locked hash: see the line above"
    (cd "$BUILD/wheels" && sha256sum -- *.whl) > "$BUILD/wheels.sha256"
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

wheels() {
    stage wheels requirements/card.txt image_build.sh
    check_wheels
}

mkdir -p "$BUILD"
case ${1:-all} in
    all | wheels) wheels ;;
    *) fail "unknown stage $1; there is: wheels" ;;
esac
