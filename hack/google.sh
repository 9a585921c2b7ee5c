#!/usr/bin/env bash
# Emulators of Vertex AI and Cloud Storage, which the chart starts with hack/demo/values.yaml: no CPUs are left in us-central1 and us-west1.
#
#   hack/google.sh up                                                     # gives the cluster their images; what an earlier run left is forgotten
#   hack/google.sh quota us-central1/custom_model_training_cpus=42        # sets a limit
#
# It expects the images to be built (hack/images.sh); with REGISTRY=registry.example.com/team they come from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

kubectl() { hack/cluster.sh kubectl "$@"; }

namespace=fashion-training
service=fashion-training-operator-vertex

case ${1:-} in
  up)
    if [ -z "${REGISTRY:-}" ]; then hack/cluster.sh load "$cache"/images/{vertex,storage}-emulator.tar; fi
    # Jobs, quota and buckets are in their pods.
    kubectl --namespace "$namespace" delete pods --selector 'app.kubernetes.io/name in (vertex-emulator, storage-emulator)' --ignore-not-found --wait > /dev/null ;;
  quota)
    [[ ${2:-} =~ ^([a-z0-9-]+)/([a-z0-9_]+)=(-1|[0-9]+)$ ]] || die "say which: hack/google.sh quota us-central1/custom_model_training_cpus=42"
    echo "{${BASH_REMATCH[1]}: {${BASH_REMATCH[2]}: ${BASH_REMATCH[3]}}}" |
      kubectl replace --raw "/api/v1/namespaces/$namespace/services/$service:8085/proxy/admin/quotas" -f - > /dev/null ;;
  *) die "hack/google.sh up, or quota" ;;
esac
