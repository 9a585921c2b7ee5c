#!/usr/bin/env bash
# The project's version: one, in the parent pom, and everywhere else that must say it.
#
#   hack/version.sh             # prints it
#   hack/version.sh 0.2.0       # writes another everywhere
#   hack/version.sh --check     # fails where a place says something else; make lint
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

old=$(project_version)
chart=helm/fashion-training-operator/Chart.yaml
settings=operator/src/main/java/io/fashionmnist/training/operator/config/OperatorSettings.java
mapfile -t poms < <(git ls-files '*pom.xml')

# Each place and what it says.
said() {
  local pom
  for pom in "${poms[@]}"; do
    [ "$pom" = pom.xml ] || echo "$pom $(sed -n '/<parent>/,/<\/parent>/s:.*<version>\(.*\)</version>.*:\1:p' "$pom")"
  done
  echo "$chart,version $(sed -n 's/^version: *//p' "$chart")"
  echo "$chart,appVersion $(sed -n 's/^appVersion: *//p' "$chart")"
  echo "$settings $(sed -n 's/.*"fashion-trainer:\([^"]*\)".*/\1/p' "$settings")"
}

case ${1:-} in
  '') echo "$old" ;;
  --check)
    wrong=$(said | awk -v version="$old" '$2 != version')
    [ -z "$wrong" ] || { echo "$wrong" >&2; die "the places above do not say $old, as pom.xml does: run hack/version.sh $old" ; } ;;
  *)
    new=$1
    [[ $new =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$ ]] || die "$new must look like 1.2.3 or 1.2.3-rc.1 (https://semver.org)"
    sed -i "0,/<version>/s:<version>[^<]*<:<version>$new<:" pom.xml
    for pom in "${poms[@]}"; do
      [ "$pom" = pom.xml ] || sed -i "/<parent>/,/<\/parent>/s:<version>[^<]*<:<version>$new<:" "$pom"
    done
    sed -i "s/^\(version\|appVersion\): .*/\1: $new/" "$chart"
    sed -i "s/\"fashion-trainer:[^\"]*\"/\"fashion-trainer:$new\"/" "$settings"
    "$0" --check ;;
esac
