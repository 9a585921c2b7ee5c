#!/usr/bin/env bash
# Tests hack/push.sh with a registry on this machine: Debian's docker-registry, unpacked and not installed, so that no service starts.
#
# Expects hack/images.sh to have been run. Where there is neither the program nor apt, nothing is tested.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

work=$(mktemp -d)
registry=
finish() {
  [ -z "$registry" ] || kill "$registry" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# Prints the registry's program.
program() {
  local unpacked=$cache/docker-registry
  if command -v docker-registry; then return; fi
  if [ ! -x "$unpacked/usr/bin/docker-registry" ]; then
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    say "Getting docker-registry"
    # A fresh machine or container has no package lists yet. The download's own user may not write to another's directory: it falls back to root.
    (cd "$work" && { apt-get -qq download docker-registry || { as_root apt-get -qq update && apt-get -qq download docker-registry; }; }) >&2 2>/dev/null || return 1
    mkdir -p "$unpacked"
    dpkg-deb -x "$work"/docker-registry_*.deb "$unpacked"
  fi
  echo "$unpacked/usr/bin/docker-registry"
}

if ! docker_registry=$(program); then
  say "No docker-registry is to be had: make push is not tested"
  exit
fi
cat > "$work/config.yml" <<CONFIG
version: 0.1
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:0"}
CONFIG
"$docker_registry" serve "$work/config.yml" > "$work/log" 2>&1 &
registry=$!
for _ in $(seq 100); do
  if address=$(grep -oE 'listening on 127\.0\.0\.1:[0-9]+' "$work/log"); then break; fi
  kill -0 "$registry" 2>/dev/null || { cat "$work/log" >&2; die "the registry does not start"; }
  sleep 0.1
done
address=${address#listening on }
[ -n "$address" ] || die "the registry does not tell its address"

version=$(project_version)
said=$(hack/push.sh "$address/team/" fashion-trainer)
[ "$said" = "$address/team/fashion-trainer:$version" ] || die "it says $said"
curl -fsS "http://$address/v2/team/fashion-trainer/tags/list" | grep -qF "\"$version\"" || die "the registry has no fashion-trainer:$version"
curl -fsS -H 'Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' \
  "http://$address/v2/team/fashion-trainer/manifests/$version" > "$work/manifest.json"
# The image there is the image here: the digest of its configuration names all of its content.
here=$(if use_docker; then docker image inspect --format '{{.Id}}' "fashion-trainer:$version"; else echo "sha256:$(as_buildah images --quiet --no-trunc "localhost/fashion-trainer:$version" | sed 's/^sha256://')"; fi)
grep -qF "\"$here\"" "$work/manifest.json" || die "the registry has another image than $here: $(cat "$work/manifest.json")"
say "  ok  the image is in the registry, under its version, as it is here"

if said=$(hack/push.sh "" 2>&1); then die "it pushes to nowhere"; fi
grep -qF 'usage: hack/push.sh REGISTRY' <<<"$said" || die "it does not say what it needs: $said"
say "  ok  without a registry it says what it needs"
