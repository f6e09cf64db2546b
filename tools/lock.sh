#!/bin/sh
# Locks every extra with hashes, one file each, valid for Python 3.11 and 3.13 on x86-64 and aarch64.
# A release less than a week old is not taken: most bad ones are withdrawn by then.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/pip install --quiet uv
before=$(date -u -d '7 days ago' +%Y-%m-%dT00:00:00Z)
for extra in unit screen federation provisioning dev; do
    .venv/bin/uv pip compile pyproject.toml --extra "$extra" --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --quiet \
        --exclude-newer "$before" \
        --custom-compile-command tools/lock.sh --output-file "requirements/$extra.txt"
    echo "locked requirements/$extra.txt"
done
# The card: one board, one Python, no markers left to evaluate (Kivy comes from Debian there).
.venv/bin/uv pip compile pyproject.toml --extra unit --extra panel \
    --python-platform aarch64-manylinux_2_28 --python-version 3.13 --only-binary :all: \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
    --quiet --exclude-newer "$before" --custom-compile-command tools/lock.sh \
    --output-file requirements/card.txt
echo "locked requirements/card.txt"
