#!/usr/bin/env bash
# Makes a release of the last commit into dist/: jars, images, the chart, bills of materials, licences, what changed, and their sums.
#
#   hack/release.sh 0.2.0 [PART...]     # parts: java chart images; default: all
#
# It builds in a clone below target/release, so that neither what is not committed nor an earlier build gets into it. Tag the commit yourself
# (docs/releasing.md). dist/ appears when all is well. What two releases of one commit have alike: docs/releasing.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

version=${1:-}
[ -n "$version" ] || die "usage: hack/release.sh VERSION, such as 0.2.0"
shift
[ $# -gt 0 ] || set -- java chart images
[ -z "$(git status --porcelain)" ] || die "there are changes that are not committed; a release is made of a commit"

helm=$(hack/tools.sh helm)
root=$PWD
work=$root/target/release
dist=$work/dist
rm -rf "$work"
mkdir -p "$dist"
say "Releasing $(git log -1 --format='%h %s') as $version"
git clone --quiet --no-hardlinks "$root" "$work/clone"
cd "$work/clone"
hack/version.sh "$version"

# Jars, bills of materials and licences.
release_java() {
  say "Java"
  # CycloneDX's plugin refuses Maven's offline mode, though it asks nobody for what is in the local repository.
  local options=" ${MVN_ARGS:-} "
  options=${options// -o / }
  # shellcheck disable=SC2086 # several options
  mvn -B -ntp -q $options -pl .,crds,trainer,vertex-emulator,kubectl-fashion,operator -am package cyclonedx:makeBom -Dmaven.test.skip=true
  # It runs for all modules at once, in the parent's target.
  # shellcheck disable=SC2086
  mvn -B -ntp -q $options -pl .,crds,trainer,vertex-emulator,kubectl-fashion,operator -am cyclonedx:makeAggregateBom
  cp "crds/target/fashion-training-crds-$version.jar" "$dist/"
  pack fashion-trainer '' trainer/target/dist --exclude='*.aot' --exclude=native
  pack vertex-emulator '' vertex-emulator/target/dist
  pack fashion-training-operator '' operator/target/quarkus-app
  # For whoever has a Java, and with one of its own for whoever has none. The ahead-of-time cache knows this machine's processor: make plugin-install.
  pack kubectl-fashion '' kubectl-fashion/target/dist
  hack/plugin.sh runtime
  pack kubectl-fashion "-linux-$(machine_architecture)" kubectl-fashion/target/dist --exclude=jre.from
  local module
  for module in crds trainer vertex-emulator kubectl-fashion operator; do cp "$module/target/bom.json" "$dist/sbom-$module-$version.json"; done
  cp target/bom.json "$dist/sbom-$version.json"
  hack/licences.sh "$dist/THIRD-PARTY.txt"
}

# A program as an archive that depends on nothing but what is in it.
pack() { # NAME PLATFORM DIRECTORY [OPTION...]
  tar --create --sort=name --format=gnu --mtime='2026-01-01 00:00Z' --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "${@:4}" \
    --transform="s:^\.:$1-$version:S" --directory="$3" . | gzip -9n > "$dist/$1-$version$2.tar.gz"
}

release_chart() {
  say "Chart"
  # helm dates its archive: it is packed again, as everything else.
  "$helm" package helm/fashion-training-operator --version "$version" --app-version "$version" --destination "$work/chart" > /dev/null
  mkdir -p "$work/unpacked"
  tar -xzf "$work/chart/fashion-training-operator-$version.tgz" -C "$work/unpacked"
  tar --create --sort=name --format=gnu --mtime='2026-01-01 00:00Z' --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --directory="$work/unpacked" fashion-training-operator | gzip -9n > "$dist/fashion-training-operator-chart-$version.tgz"
  cp helm/fashion-training-operator/files/fashiontrainingjobs.yaml "$dist/fashiontrainingjobs-$version.yaml"
}

# For the processor that this runs on: run it on each, and join them with a manifest list.
release_images() {
  say "Images"
  local name
  IMAGE_ARCHIVES=$work/images hack/images.sh fashion-trainer fashion-training-operator vertex-emulator >&2
  for name in fashion-trainer fashion-training-operator vertex-emulator; do
    mv "$work/images/$name.tar" "$dist/$name-$version-linux-$(machine_architecture).oci.tar"
  done
}

# What the commits since the release before say.
changelog() {
  local before
  before=$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null) || true
  echo "# $version, $(git log -1 --format=%cs)"
  echo
  echo "${before:+Since $before. }API: training.fashion-mnist.io/v1alpha1."
  echo
  git log --no-merges --format='- %s (%h)' "${before:+$before..}HEAD"
}

for part in "$@"; do
  [[ $part =~ ^(java|chart|images)$ ]] || die "there is no part $part: java, chart, images"
  case $part in images) [ -d operator/target/quarkus-app ] || die "images need java before them" ;; esac
  "release_$part"
done
changelog > "$dist/CHANGELOG.md"
cp LICENSE "$dist/"
(cd "$dist" && LC_ALL=C sha256sum -- * > "$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
rm -rf "$root/dist"
mv "$dist" "$root/dist"
rm -rf "$work"
cd "$root/dist"
ls -sh >&2
