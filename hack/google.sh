#!/usr/bin/env bash
# Emulators of Vertex AI and Cloud Storage in the cluster, as hack/demo/google.yaml has them: no CPUs are left in us-central1 and us-west1.
# The chart installed with hack/demo/values.yaml uses them instead of Google's services.
#
#   hack/google.sh up                                                     # starts them afresh
#   hack/google.sh quota us-central1/custom_model_training_cpus=42        # sets a limit
#   hack/google.sh down
#
# It expects the images to be built (hack/images.sh); with REGISTRY=registry.example.com/team they come from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

kubectl() { hack/cluster.sh kubectl "$@"; }

manifest() {
  sed "s#image: \(.*\):VERSION#image: ${REGISTRY:+$REGISTRY/}\1:$(project_version)#" hack/demo/google.yaml
}

case ${1:-} in
  up)
    if [ -z "${REGISTRY:-}" ]; then hack/cluster.sh load "$cache"/images/{vertex,storage}-emulator.tar; fi
    say "Vertex AI and Cloud Storage, emulated; no CPUs are left"
    manifest | kubectl apply -f - > /dev/null
    # What an earlier run left is forgotten.
    kubectl --namespace google delete pods --all --wait > /dev/null
    kubectl --namespace google rollout status deployment/storage --timeout 2m > /dev/null
    kubectl --namespace google rollout status deployment/vertex-emulator --timeout 2m > /dev/null ;;
  quota)
    [[ ${2:-} =~ ^([a-z0-9-]+)/([a-z0-9_]+)=(-1|[0-9]+)$ ]] || die "say which: hack/google.sh quota us-central1/custom_model_training_cpus=42"
    echo "{${BASH_REMATCH[1]}: {${BASH_REMATCH[2]}: ${BASH_REMATCH[3]}}}" |
      kubectl replace --raw '/api/v1/namespaces/google/services/vertex-emulator:8085/proxy/admin/quotas' -f - > /dev/null ;;
  down) manifest | kubectl delete --ignore-not-found -f - > /dev/null ;;
  *) die "hack/google.sh up, quota or down" ;;
esac
