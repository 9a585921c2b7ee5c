#!/usr/bin/env bash
# Holds the licences of all libraries that are shipped to the list in the parent pom.
#
#   hack/licences.sh [FILE]     # with FILE their list is written there
#
# A library under a licence that the list does not have, or under none that it tells, is named. Decide, then add the licence to <includedLicenses>;
# another spelling of a licence that is allowed goes into <licenseMerges>.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # several options
mvn -B -ntp ${MVN_ARGS:-} -pl .,crds,trainer,vertex-emulator,kubectl-fashion,operator -am compile license:aggregate-add-third-party -Dlicense.force=true > "$log" 2>&1 || {
  if grep -q 'forbidden licenses' "$log"; then
    sed -n '/WARNING.*forbidden licenses used/,/^.INFO. ---/p' "$log" | grep -av 'INFO' >&2
    die "the libraries above have no licence that is allowed: see <includedLicenses> in pom.xml"
  fi
  grep -a ERROR "$log" >&2
  die "the licences can't be read; see above"
}
if [ $# -gt 0 ]; then
  { echo "The libraries in this release, and their licences. The container images and kubectl-fashion's archive for linux hold besides a Java runtime (GPL-2.0"
    echo "with the classpath exception); the images also packages of Debian, whose licences are in /usr/share/doc of the image, and fashion-trainer TensorFlow (Apache-2.0) and Fashion-MNIST (MIT)."
    sed -n '/^ /p' target/generated-sources/license/THIRD-PARTY.txt | LC_ALL=C sort -u; } > "$1"
fi
