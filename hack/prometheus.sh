#!/usr/bin/env bash
# Prints the folder with prometheus and promtool, for PROMETHEUS. They are Debian's, unpacked into the cache: installed, the package would start a
# server of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

if promtool=$(command -v promtool) && [ -x "${promtool%/*}/prometheus" ]; then
  echo "${promtool%/*}"
  exit
fi
dir=$cache/prometheus
if [ ! -x "$dir/usr/bin/promtool" ]; then
  command -v apt-get >/dev/null || die "prometheus and promtool are needed: install Prometheus"
  say "Bringing prometheus"
  part=$(mktemp -d)
  (cd "$part" && { apt-get download -qq prometheus >/dev/null 2>&1 || { as_root apt-get update -qq >&2 && apt-get download -qq prometheus >&2; }; } &&
    dpkg-deb -x prometheus_*.deb root) || die "cannot bring prometheus; install it"
  mkdir -p "${dir%/*}"
  # Whoever is first wins: two runs at once must not mix their files.
  mv -T "$part/root" "$dir" 2>/dev/null || true
  rm -rf "$part"
fi
echo "$dir/usr/bin"
