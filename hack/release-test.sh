#!/usr/bin/env bash
# Tests hack/release.sh: made twice, in two places, a release is the same bytes; and it is what it says. Images are not made here: something else
# stands in for them, and hack/test-image.sh looks at the real ones.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=7.8.9-rc.1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com

# The sources as they are here, also what is not committed yet, as two commits with a release between them.
mkdir "$work/one"
# Without what is deleted and not committed.
comm -23 <(git ls-files --cached --others --exclude-standard | LC_ALL=C sort -u) <(git ls-files --deleted | LC_ALL=C sort -u) > "$work/files"
tar --create --files-from="$work/files" | tar --extract --directory="$work/one"
# shellcheck disable=SC2016 # the stand-in's own variables
printf '#!/usr/bin/env bash\nset -euo pipefail\nmkdir -p "$IMAGE_ARCHIVES"\nfor name; do echo "$name $(hack/version.sh)" > "$IMAGE_ARCHIVES/$name.tar"; done\n' > "$work/one/hack/images.sh"
(
  cd "$work/one"
  git init --quiet
  git commit --quiet --allow-empty --message "What was released before"
  git tag v7.8.8
  git add .
  git commit --quiet --message "A new thing"
)
git clone --quiet "$work/one" "$work/another place"

release() { # DIRECTORY
  (cd "$1" && hack/release.sh "$version") > "$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; die "no release comes of it"; }
}
release "$work/one"
release "$work/another place"
# But for one jar: Quarkus numbers what its recorded classes pass on, by a counter that its build's threads share
# (https://github.com/quarkusio/quarkus/pull/53025). Everything else of the operator is held to it.
operator=fashion-training-operator-$version.tar.gz
diff -u <(grep -vF " $operator" "$work/one/dist/SHA256SUMS") <(grep -vF " $operator" "$work/another place/dist/SHA256SUMS") >&2 || die "two releases of one commit differ"
mkdir "$work/operator-one" "$work/operator-another"
tar -xzf "$work/one/dist/$operator" -C "$work/operator-one"
tar -xzf "$work/another place/dist/$operator" -C "$work/operator-another"
diff -r --exclude=generated-bytecode.jar "$work/operator-one" "$work/operator-another" >&2 || die "the operators of two releases of one commit differ"
say "  ok  two releases of one commit are the same bytes"

cd "$work/one/dist"
sha256sum --quiet --check SHA256SUMS
[ "$(sha256sum -- * | grep -cv SHA256SUMS)" = "$(wc -l < SHA256SUMS)" ] || die "SHA256SUMS does not have all files"
architecture=$(dpkg --print-architecture)
for file in fashion-training-crds-$version.jar fashion-{trainer,training-operator}-$version.tar.gz vertex-emulator-$version.tar.gz \
  kubectl-fashion-$version{,-linux-"$architecture"}.tar.gz fashion-training-operator-chart-$version.tgz \
  fashiontrainingjobs-$version.yaml sbom-$version.json sbom-{crds,trainer,vertex-emulator,kubectl-fashion,operator}-$version.json THIRD-PARTY.txt CHANGELOG.md LICENSE; do
  [ -s "$file" ] || die "$file is missing"
done
for image in fashion-trainer fashion-training-operator vertex-emulator; do
  [ "$(cat "$image-$version-linux-$architecture.oci.tar")" = "$image $version" ] || die "$image-$version-linux-$architecture.oci.tar is not the image"
done
[ "$(find . -name '*.oci.tar' | wc -l)" = 3 ] || die "there are other images than those that a release has"
grep -qF -- '- A new thing (' CHANGELOG.md || die "the change is not in CHANGELOG.md"
if grep -qF 'What was released before' CHANGELOG.md; then die "CHANGELOG.md has what was released before"; fi
grep -qF '(Apache-2.0) fabric8 :: Kubernetes :: Java Client' THIRD-PARTY.txt || grep -qF 'io.fabric8:kubernetes-client' THIRD-PARTY.txt || die "THIRD-PARTY.txt lacks a library"
if grep -l 'SNAPSHOT' sbom-*.json; then die "a bill of materials tells another version"; fi
grep -qF 'pkg:maven/io.fabric8/kubernetes-client-api@' sbom-operator-$version.json || die "the operator's bill of materials lacks a library"
grep -qF 'pkg:maven/com.google.apis/google-api-services-logging@' sbom-kubectl-fashion-$version.json || die "the plugin's bill of materials lacks a library"
grep -qF 'pkg:maven/com.google.apis/google-api-services-logging@' sbom-$version.json || die "the bill of materials lacks the plugin's"
grep -qF 'com.google.apis:google-api-services-logging' THIRD-PARTY.txt || die "THIRD-PARTY.txt lacks a library of the plugin's"
if grep -qF junit sbom-$version.json; then die "the bill of materials has what is not shipped"; fi
mkdir ../unpacked
tar -xzf vertex-emulator-$version.tar.gz -C ../unpacked
[ "$(../unpacked/vertex-emulator-$version/bin/vertex-emulator --version)" != '' ] || die "the emulator does not start"
# The plugin finds a Java of its own; without one it takes yours.
mkdir ../unpacked/{own,yours}
tar -xzf kubectl-fashion-$version-linux-"$architecture".tar.gz -C ../unpacked/own
tar -xzf kubectl-fashion-$version.tar.gz -C ../unpacked/yours
[ -x ../unpacked/own/kubectl-fashion-$version/jre/bin/java ] || die "the plugin with a Java of its own has none"
[ ! -e ../unpacked/yours/kubectl-fashion-$version/jre ] || die "the plugin for a Java of yours has one of its own"
ln -s "$PWD/../unpacked/own/kubectl-fashion-$version/bin/kubectl-fashion" ../unpacked/kubectl-fashion
for started in "env -u JAVA_HOME PATH=/usr/bin:/bin ../unpacked/kubectl-fashion" "../unpacked/yours/kubectl-fashion-$version/bin/kubectl-fashion"; do
  # shellcheck disable=SC2086 # words
  said=$($started --version 2>&1) || die "the plugin does not start: $said"
  [ "$said" = "kubectl-fashion $version" ] || die "the plugin says that it is $said"
done
[ "$(find ../unpacked -xtype l | wc -l)" = 0 ] || die "links lead nowhere: $(find ../unpacked -xtype l)"
cd - > /dev/null
said=$("$(hack/tools.sh helm)" template release "$work/one/dist/fashion-training-operator-chart-$version.tgz" --set image.registry=registry.example.com)
for image in fashion-training-operator fashion-trainer; do
  grep -qF "registry.example.com/$image:$version" <<<"$said" || die "the chart does not run $image:$version"
done
say "  ok  it has all its parts, and they tell its version"

echo changed >> "$work/one/README.md"
if said=$(cd "$work/one" && hack/release.sh "$version" 2>&1); then die "it releases what is not committed"; fi
grep -qF 'not committed' <<<"$said" || die "it does not say why not: $said"
if said=$(hack/version.sh 1.2 2>&1); then die "it takes a version that is none"; fi
say "  ok  it refuses what is not committed"
