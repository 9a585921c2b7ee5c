#!/usr/bin/env bash
# Checks the chart without a cluster: helm's own rules, the tests of its templates, and what only several renderings show.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

chart=helm/fashion-training-operator
helm=$(hack/tools.sh helm)
unittest=$(hack/tools.sh helm-unittest)

# Runs a command and keeps what it says to itself unless it fails.
quietly() {
  local said
  said=$("$@" 2>&1) || { echo "$said" >&2; die "$chart: see above"; }
}

render() { "$helm" template release "$chart" "$@"; }

# What the pods know their settings by.
checksum() { render "$@" | sed -n 's:^ *checksum/config\: ::p'; }

# Values that the schema must refuse, and what it says of each.
refuses() { # VALUE SENTENCE
  local said
  if said=$(render --set-json "$1" 2>&1 >/dev/null); then die "$chart takes $1"; fi
  grep -qF -- "$2" <<<"$said" || { echo "$said" >&2; die "$chart refuses $1 without saying: $2"; }
}

quietly "$helm" lint --strict --quiet "$chart"
quietly "$unittest" --strict "$chart"
hack/rbac-table.sh --check

# Argo CD renders again and again, and shows every difference as a change to be made.
[ "$(render)" = "$(render)" ] || die "$chart: two renderings differ"
if grep -rnE '\{\{.*\b(lookup|rand[A-Z][A-Za-z]*|uuidv4|now|gen[A-Z][A-Za-z]*|derivePassword|htpasswd|bcrypt)\b' "$chart/templates"; then
  die "$chart: the functions above give something else each time"
fi

plain=$(checksum)
[ -n "$plain" ] || die "$chart: the pods have no checksum/config"
[ "$plain" != "$(checksum --set config.output.uri=gs://bucket)" ] || die "$chart: a new setting leaves checksum/config as it is"
[ "$plain" != "$(checksum --set progress.existingSecret=tls)" ] || die "$chart: another Secret leaves checksum/config as it is"
[ "$plain" = "$(checksum --set replicas=3)" ] || die "$chart: checksum/config depends on more than the settings"

refuses 'googleIdentity={"provider":"projects/1/locations/global/workloadIdentityPools/a/providers/b"}' "at '/googleIdentity/serviceAccount'"
refuses 'googleIdentity.provider="my-pool"' "at '/googleIdentity/provider': 'my-pool' does not match"
refuses 'replica=1' "additional properties 'replica' not allowed"
refuses 'replicas="two"' "at '/replicas': got string, want integer"
refuses 'crds.instal=true' "additional properties 'instal' not allowed"
refuses 'config.trainers={}' "additional properties 'trainers' not allowed"
refuses 'config.progress={}' "additional properties 'progress' not allowed"
refuses 'config.tenants=[{"namespace":["*"]}]' "additional properties 'namespace' not allowed"
refuses 'config.placements=[{"name":"nowhere"}]' "missing property 'cluster'"
refuses 'config.placements=[{"name":"v","vertex":{}}]' "missing property 'machineType'"
refuses 'config.placements=[{"name":"v","vertex":{"machineType":"n1-standard-4","zone":"a"}}]' "additional properties 'zone' not allowed"
refuses 'config.placements=[{"name":"c","cluster":{"resources":{"limits":{"memory":"much"}}}}]' "'much' does not match"
refuses 'config.vertex.interval="0s"' "at '/config/vertex/interval'"
refuses 'config.output.uri="s3://bucket"' "at '/config/output/uri': 's3://bucket' does not match"
