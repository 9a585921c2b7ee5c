#!/usr/bin/env bash
# Tests hack/manifest.sh with two images that hold one file each, for two processors: nothing in them runs, so any machine can make them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

work=$(mktemp -d)
images=()
finish() {
  [ ${#images[@]} = 0 ] || as_buildah rmi "${images[@]}" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

# As the project's images are laid out: what is one processor's own, below its name.
# shellcheck disable=SC2016 # the Dockerfile's own variables
printf 'ARG BASE\nFROM ${BASE}\nARG TARGETARCH\nCOPY ${TARGETARCH}/program /program\n' > "$work/Dockerfile"
for architecture in amd64 arm64; do
  mkdir "$work/$architecture"
  echo "for $architecture" > "$work/$architecture/program"
  image=localhost/manifest-test-$$:$architecture
  as_buildah bud --quiet --build-arg BASE=scratch --build-arg TARGETARCH=$architecture --arch $architecture -t "$image" -f "$work/Dockerfile" "$work" >/dev/null
  images+=("$image")
  as_buildah push --quiet "$image" "oci-archive:$work/$architecture.tar"
done

hack/manifest.sh "oci-archive:$work/joined.tar" "$work/amd64.tar" "$work/arm64.tar" >/dev/null
# They would be taken for the images that are pulled.
as_buildah rmi "${images[@]}" >/dev/null
images=()
for architecture in amd64 arm64; do
  image=$(as_buildah pull --quiet --arch $architecture "oci-archive:$work/joined.tar" | tail -n 1)
  images=("$image")
  [ "$(as_buildah inspect --type image --format '{{.OCIv1.Architecture}}' "$image")" = $architecture ] || die "$architecture pulls another processor's image"
  container=$(as_buildah from --pull-never "$image")
  said=$(as_root cat "$(as_buildah mount "$container")/program")
  as_buildah rm "$container" >/dev/null
  as_buildah rmi "$image" >/dev/null
  images=()
  [ "$said" = "for $architecture" ] || die "$architecture gets what is $said"
done
say "  ok  one name gives each processor its own image"

if said=$(hack/manifest.sh "oci-archive:$work/twice.tar" "$work/amd64.tar" "$work/amd64.tar" 2>&1); then die "it joins two images of one processor"; fi
grep -qF 'they are for: amd64' <<<"$said" || die "it does not say why not: $said"
if said=$(hack/manifest.sh "oci-archive:$work/none.tar" "$work/amd64.tar" "$work/none.tar" 2>&1); then die "it joins what is not there"; fi
grep -qF 'no archive' <<<"$said" || die "it does not say why not: $said"
say "  ok  it refuses two of one processor, and what is not there"
