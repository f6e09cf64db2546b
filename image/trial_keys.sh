#!/usr/bin/env bash
# Makes a release authority for trying: cards built with it believe only updates signed here.
# A real one lives where no network reaches it (docs/flash.md).
set -euo pipefail
out=$1
mkdir -p "$out"
chmod 700 "$out"
request() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@"; }
request -x509 -days 3650 -subj "/CN=Escale trial release authority" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign \
    -keyout "$out/authority.key" -out "$out/authority.pem"  2>/dev/null
request -x509 -days 1825 -subj "/CN=Escale trial release" -CA "$out/authority.pem" -CAkey "$out/authority.key" \
    -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
    -addext extendedKeyUsage=critical,codeSigning \
    -keyout "$out/release.key" -out "$out/release.pem" 2>/dev/null
