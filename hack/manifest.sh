#!/usr/bin/env bash
# Joins one image's archives, each made on a machine with another processor, into one image for all of them, and pushes it.
#
#   hack/manifest.sh registry.example.com/team/fashion-trainer:0.2.0 fashion-trainer-0.2.0-linux-{amd64,arm64}.oci.tar
#
# Whoever pulls that name gets what fits the own processor. Instead of a registry: oci-archive:FILE. Archives are those of `make release`, also
# where Docker made them. Log in before: `buildah login HOST`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

[ $# -ge 2 ] || die "usage: hack/manifest.sh REGISTRY/NAME:VERSION ARCHIVE..."
target=$1
shift
case $target in oci-archive:* | oci:* | docker://*) ;; *) target=docker://$target ;; esac

list=localhost/fashion-manifest-$$
as_buildah manifest create "$list" >/dev/null
trap 'as_buildah rmi "$list" >/dev/null 2>&1 || true' EXIT
for archive in "$@"; do
  [ -f "$archive" ] || die "there is no archive $archive"
  transport=docker-archive
  if tar -tf "$archive" oci-layout >/dev/null 2>&1; then transport=oci-archive; fi
  as_buildah manifest add "$list" "$transport:$(realpath "$archive")" >/dev/null
done

# Two of one processor: which of them is pulled would be chance.
platforms=$(as_buildah manifest inspect "$list" | sed -n 's/^ *"architecture": "\([^"]*\)".*/\1/p')
[ "$(sort -u <<<"$platforms" | grep -c .)" = $# ] || die "each must be for a processor of its own, and they are for: $(tr '\n' ' ' <<<"$platforms")"

options=(--all --quiet)
# A registry on this machine speaks plain HTTP, as Docker assumes too.
case $target in docker://localhost[:/]* | docker://127.0.0.1[:/]*) options+=(--tls-verify=false) ;; esac
as_buildah manifest push "${options[@]}" "$list" "$target"
echo "$target: $(tr '\n' ' ' <<<"$platforms")"
