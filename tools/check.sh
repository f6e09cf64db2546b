#!/bin/sh
# Everything that can be wrong without running the product; stops at the first fault.
set -eu
cd "$(dirname "$0")/.."
step() { echo "check: $1"; shift; "$@"; }
step "style" .venv/bin/ruff check --quiet .
step "format" .venv/bin/ruff format --check --quiet .
step "types" .venv/bin/mypy
step "imports" .venv/bin/lint-imports --no-logo
step "generated files" .venv/bin/python -m protocol.generate --check
step "services" tools/check_services.sh
step "shell" sh -n tools/setup.sh tools/check.sh tools/lock.sh
step "version" .venv/bin/python tools/check_version.py
