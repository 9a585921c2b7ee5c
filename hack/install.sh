#!/usr/bin/env bash
# Gives the cluster the images and installs the chart, or upgrades it, and waits until the operator is ready.
#
#   hack/install.sh                       # arguments are helm's: hack/install.sh -f values.yaml
#
# CLUSTER=local, kind or current chooses the cluster. With REGISTRY=registry.example.com/team the images come from there: `make push` before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

release=fashion-training-operator
namespace=fashion-training
helm=$(hack/tools.sh helm)
kubectl() { hack/cluster.sh kubectl "$@"; }
KUBECONFIG=$(hack/cluster.sh kubeconfig)
export KUBECONFIG

if [ -z "${REGISTRY:-}" ]; then hack/cluster.sh load "$cache"/images/fashion-{trainer,training-operator}.tar; fi
say "Installing the chart"
# The annotation: an image built anew under its old name is to be run, too.
"$helm" upgrade --install "$release" helm/fashion-training-operator --namespace "$namespace" --create-namespace --wait --timeout 3m \
  ${REGISTRY:+--set "image.registry=$REGISTRY"} \
  --set-string "podAnnotations.image=$(sha256sum "$cache/images/fashion-training-operator.tar" | cut -c 1-12)" "$@" > /dev/null ||
  { kubectl -n "$namespace" get pods; kubectl -n "$namespace" logs deployment/"$release" --tail 20; die "the operator does not become ready; see above"; }
