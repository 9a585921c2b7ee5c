#!/usr/bin/env bash
# Tests hack/gcp-setup.sh. What it prints is held to the chart; every command to gcloud's own parser; and with --apply and --check the real gcloud
# runs against hack/gcp/google_apis.py. Without gcloud the last two are left out, and said to be.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

work=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
chart=helm/fashion-training-operator
helm=$(hack/tools.sh helm)
common=(--project my-project --regions us-central1)
many=(--project my-project --regions "us-central1,us-west1" --trainers team-a/trainer --trainers team-b/trainer)
elsewhere=(--oidc-issuer https://oidc.example.com/id --oidc-keys "$work/jwks.json" --project-number 123456789012)
echo '{"keys": []}' > "$work/jwks.json"

setup() { FASHION_SETUP_PAUSE=0 hack/gcp-setup.sh "$@"; }
passed() { say "  ok  $*"; }

# Runs the script and keeps all it says in $said.
says() { # STATUS ARGUMENT...
  local status=0
  said=$(setup "${@:2}" 2>&1) || status=$?
  [ "$status" = "$1" ] || { echo "$said" >&2; die "status $status instead of $1: gcp-setup.sh ${*:2}"; }
}

has() { # SENTENCE
  grep -qF -- "$1" <<<"$said" || { echo "$said" >&2; die "it does not say: $1"; }
}

has_not() {
  ! grep -qF -- "$1" <<<"$said" || { echo "$said" >&2; die "it says: $1"; }
}

refuses() { # SENTENCE ARGUMENT...
  says 1 "${@:2}"
  has "$1"
}

refuses "--project is missing" --regions us-central1
refuses "--regions is missing" --project my-project
refuses "--regions us_central1 must look like us-central1,us-west1" --project my-project --regions us_central1
refuses "--gke without a value must look like" "${common[@]}" --gke
refuses "there is no option --aply" "${common[@]}" --aply
refuses "--apply and --dry-run can't both be" "${common[@]}" --apply --dry-run
refuses "not both" "${common[@]}" --gke us-central1/c --oidc-issuer https://oidc.example.com
refuses "--oidc-keys needs --oidc-issuer" "${common[@]}" --oidc-keys "$work/jwks.json"
refuses "say --bucket-prefix" "${common[@]}" --regions northamerica-northeast12345 --bucket-prefix a123456789b123456789c123456789d123456789
refuses "a name of 6 to 30 characters" "${common[@]}" --installation a-name-that-is-too-long-for-an-account
passed "what can't be is refused"

[ "$(setup "${common[@]}")" = "$(setup "${common[@]}" --dry-run)" ] || die "--dry-run is not the default"
passed "a dry run is the default"

# What gcloud says of what is not there, and of what it may not see. A project's name may have any number in it.
looked_at() { # STATUS WORDS
  local status=0
  (
    # shellcheck source=hack/gcp/gcloud.sh
    . hack/gcp/gcloud.sh
    errors=$work/errors
    # shellcheck disable=SC2317 # look calls it
    refuse() { echo "$1" >&2; return 1; }
    look refuse "$2"
  ) > "$work/log" 2>&1 || status=$?
  [ "$status" = "$1" ] || { cat "$work/log" >&2; die "status $status instead of $1 where gcloud says: $2"; }
}
looked_at 4 'ERROR: (gcloud.iam.roles.describe) NOT_FOUND: The role named r was not found.'
looked_at 4 'ERROR: (gcloud.storage.buckets.describe) gs://b not found: 404.'
looked_at 4 'ERROR: (gcloud.storage.buckets.describe) HTTPError 404: The specified bucket does not exist.'
looked_at 4 'ERROR: (gcloud.container.clusters.describe) ResponseError: code=404, message=Not found: projects/p/locations/l/clusters/c.'
looked_at 1 "ERROR: (gcloud.iam.roles.describe) PERMISSION_DENIED: Permission 'iam.roles.get' denied on resource projects/my-404/roles/r (or it may not exist)."
looked_at 1 'ERROR: gcloud crashed (ModuleNotFoundError): module not found'
passed "only what is not there counts as absent"

# What a dry run prints is a script; the values in it must be the chart's.
values_of() { sed -n "/<<'END'/,/^END\$/p" | sed '1d;$d'; }
setup "${many[@]}" | values_of > "$work/gke.yaml"
setup "${many[@]}" "${elsewhere[@]}" | values_of > "$work/elsewhere.yaml"
renders() { # VALUES TEMPLATE TEXT
  said=$("$helm" template release "$chart" --namespace fashion-training -f "$1" --show-only "templates/$2" 2>&1) || { echo "$said" >&2; die "the chart refuses $1"; }
  has "$3"
}
renders "$work/gke.yaml" rbac.yaml 'iam.gke.io/gcp-service-account: fashion-training-operator@my-project.iam.gserviceaccount.com'
renders "$work/gke.yaml" configmap.yaml 'serviceAccount: model-training-sa@my-project.iam.gserviceaccount.com'
renders "$work/gke.yaml" configmap.yaml 'serviceAccount: model-registry-sa@my-project.iam.gserviceaccount.com'
renders "$work/gke.yaml" deployment.yaml 'image: us-central1-docker.pkg.dev/my-project/fashion-training/fashion-training-operator:'
renders "$work/elsewhere.yaml" deployment.yaml \
  'audience: "https://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/fashion-training/providers/fashion-training"'
passed "the values fit the chart"

if ! command -v gcloud >/dev/null; then
  say "  --  gcloud is not installed: its parser has not seen the commands, and --apply and --check are not tested"
  exit
fi
command -v python3 >/dev/null || apt_install python3 || die "python3 is needed"
export CLOUDSDK_CONFIG=$work/config CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true
unset GOOGLE_APPLICATION_CREDENTIALS

# The commands on stdin that gcloud's parser refuses, and why.
unparsable() {
  python3 -c 'import json, sys; json.dump([{"command_string": line.strip()} for line in sys.stdin], open(sys.argv[1], "w"))' "$work/commands.json"
  gcloud meta lint-gcloud-commands --commands-file="$work/commands.json" > "$work/verdicts.json" 2> "$work/log" || { cat "$work/log" >&2; die "gcloud can't check commands"; }
  python3 -c 'import json, sys
asked, told = (len(json.load(open(name))) for name in sys.argv[1:])
assert asked == told, f"{asked} commands, {told} verdicts"
for verdict in json.load(open(sys.argv[2])):
    if not verdict["success"]: print(verdict["command_string"], "::", verdict["error_message"].splitlines()[0])' "$work/commands.json" "$work/verdicts.json"
}

# One of each shape: what only names differently is parsed alike.
{ setup "${many[@]}"; setup "${many[@]}" "${elsewhere[@]}" --predefined-roles; } | grep '^gcloud ' > "$work/commands"
awk '{ shape = $0; gsub(/=[^ ]*|gs:\/\/[^ ]*|[^ ]*@[^ ]*/, "", shape) } !seen[shape]++' "$work/commands" > "$work/shapes"
refused=$(unparsable < "$work/shapes")
[ -z "$refused" ] || { echo "$refused" >&2; die "gcloud does not take the commands above"; }
# The parser does look: one flag spelt wrongly, one argument too many, one command that is not there.
[ "$(printf '%s\n' 'gcloud storage buckets create gs://a --locatoin=us-central1' 'gcloud projects add-iam-policy-binding a b --member=user:a@b.c --role=r' \
  'gcloud iam service-account create a' | unparsable | wc -l)" = 3 ] || die "gcloud's parser refuses nothing"
passed "gcloud parses $(wc -l < "$work/shapes") shapes of $(wc -l < "$work/commands") commands"

"$helm" template release "$chart" -f "$work/elsewhere.yaml" --show-only templates/configmap.yaml |
  sed -n '/google-credentials.json/,$p' | sed '1d' > "$work/ours.json"
gcloud iam workload-identity-pools create-cred-config projects/123456789012/locations/global/workloadIdentityPools/fashion-training/providers/fashion-training \
  --service-account=fashion-training-operator@my-project.iam.gserviceaccount.com --credential-source-file=/var/run/secrets/google/token \
  --credential-source-type=text --output-file="$work/gcloud.json" 2> "$work/log" || { cat "$work/log" >&2; die "gcloud makes no credentials"; }
python3 -c 'import json, sys
ours, gclouds = (json.load(open(name)) for name in sys.argv[1:])
gclouds.pop("universe_domain", None)  # Google'"'"'s, if not said
sys.exit(f"{ours}\n{gclouds}" if ours != gclouds else 0)' "$work/ours.json" "$work/gcloud.json" || die "the chart's credentials are not those that gcloud makes"
passed "the chart's credentials are those that gcloud makes"

# A Google of its own for what follows.
google() {
  [ -z "$server" ] || kill "$server"
  : > "$work/address"
  python3 hack/gcp/google_apis.py >> "$work/address" 2> "$work/server.log" &
  server=$!
  for _ in {1..100}; do [ -s "$work/address" ] && break; sleep 0.1; done
  url=$(cat "$work/address")
  [ -n "$url" ] || { cat "$work/server.log" >&2; die "the server does not start"; }
  local api
  for api in ARTIFACTREGISTRY CLOUDRESOURCEMANAGER CONTAINER IAM IAMCREDENTIALS SERVICEUSAGE STORAGE; do
    export "CLOUDSDK_API_ENDPOINT_OVERRIDES_$api=$url/"
  done
}
export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=$work/token
echo token-of-admin > "$work/token"
calls() { curl -fsS "$url/calls"; }
state() { curl -fsS -X PUT --data "$1" "$url/state" > /dev/null; }

google
says 1 "${common[@]}" --check
has "MISSING   account model-training-sa"
has "are missing"
says 0 "${common[@]}" --apply
# Complete but for an agent that Google makes with the first custom job.
has "NOT YET   roles/artifactregistry.reader"
state '{"resources": {"gcp-sa-aiplatform-cc": {}}}'
before=$(calls | wc -l)
says 0 "${common[@]}" --apply
has "made      roles/artifactregistry.reader"
[ "$(calls | wc -l)" = $((before + 1)) ] || die "a second run changes more than what was missing: $(calls)"
passed "what is there is left alone"

says 0 "${common[@]}" --check
has_not MISSING
has "All is there."
passed "each account has each permission"

# These are printed only where something is there, but not as it should be; they are parsed at the end.
: > "$work/mending"
mending() { grep '^gcloud ' <<<"$said" >> "$work/mending"; }
state '{"resources": {"projects/my-project/roles/fashion_training_registry": {"deleted": true, "includedPermissions": []}, "buckets/open-us-central1":
  {"name": "open-us-central1", "location": "US-CENTRAL1"}, "projects/my-project/locations/us-central1/clusters/plain": {"name": "plain"}}}'
says 1 "${common[@]}" --check
has "gcloud iam roles undelete fashion_training_registry"
mending
says 0 "${common[@]}" --apply
has "made      role fashion_training_registry, which was deleted"
says 1 "${common[@]}" --bucket-prefix open --check
has "gcloud storage buckets update gs://open-us-central1 --uniform-bucket-level-access"
has "gcloud storage buckets update gs://open-us-central1 --public-access-prevention"
mending
says 1 "${common[@]}" --gke us-central1/plain --check
has "--workload-pool=my-project.svc.id.goog"
mending
for shape in 'iam roles undelete' 'iam roles update' 'storage buckets update' 'container clusters update'; do
  grep -qF "gcloud $shape" "$work/mending" || die "no gcloud $shape is printed"
done
refused=$(unparsable < "$work/mending")
[ -z "$refused" ] || { echo "$refused" >&2; die "gcloud does not take the commands above"; }
passed "gcloud parses the $(wc -l < "$work/mending") commands that mend"

# Every permission comes from a role that gives it: without one of them check names what is lacking, and its own commands mend it.
state '{"policies": {"accounts/model-training-sa@my-project.iam.gserviceaccount.com": {"bindings": []}},
  "resources": {"projects/my-project/roles/fashion_training_operator": {"includedPermissions": ["aiplatform.customJobs.get"]}}}'
says 1 "${common[@]}" --check
has "MISSING   roles/iam.serviceAccountUser on account model-training-sa@my-project.iam.gserviceaccount.com for fashion-training-operator@my-project.iam.gserviceaccount.com (lacks iam.serviceAccounts.actAs)"
has "(lacks aiplatform.customJobs.cancel aiplatform.customJobs.create aiplatform.customJobs.delete aiplatform.customJobs.list)"
has "3 of the above are missing"
grep '^gcloud ' <<<"$said" > "$work/mend"
bash -e "$work/mend" > /dev/null 2> "$work/log" || { cat "$work/log" >&2; die "the commands that mend it fail"; }
says 0 "${common[@]}" --check
passed "what is missing is named and mended"

state '{"faults": ["model-registry-sa@my-project.iam.gserviceaccount.com"]}'
refuses "you must be able to act as it" "${common[@]}" --check
has "add-iam-policy-binding model-registry-sa@my-project.iam.gserviceaccount.com"
has "--member=user:"
CLOUDSDK_CORE_ACCOUNT=pipeline@my-project.iam.gserviceaccount.com refuses "you must be able to act as it" "${common[@]}" --check
has "--member=serviceAccount:pipeline@my-project.iam.gserviceaccount.com"
state '{"resources": {"buckets/my-project-fashion-training-us-central1": {"name": "my-project-fashion-training-us-central1", "location": "US"}}}'
refuses "is in us, and Vertex AI needs it in us-central1" "${common[@]}" --apply
refuses "there is no project your-project" --project your-project --regions us-central1 --apply
refuses "GKE cluster us-central1/plain has no Workload Identity Federation" "${common[@]}" --bucket-prefix other --gke us-central1/plain --apply
passed "what it can't mend is told"

google
says 0 "${common[@]}" "${elsewhere[@]}" --predefined-roles --trainers team-a --apply
says 0 "${common[@]}" "${elsewhere[@]}" --predefined-roles --trainers team-a --apply
has_not "  made  "
refuses "trusts https://oidc.example.com/id, not https://oidc.example.com/other" "${common[@]}" --predefined-roles --oidc-issuer https://oidc.example.com/other --apply
passed "another cluster, and predefined roles"
