#!/usr/bin/env bash
# From nothing to a model trained in a pod: brings up a cluster, installs the chart, applies examples/quickstart.yaml and follows it.
#
#   hack/demo.sh          # CLUSTER=local, kind or current chooses the cluster
#   hack/demo.sh down     # uninstalls, and deletes the cluster that it brought up
#
# It expects the images to be built (hack/images.sh). CLUSTER=current gets its images from a registry: `make push REGISTRY=...` before, and
# REGISTRY=... here too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

release=fashion-training-operator
namespace=fashion-training
helm=$(hack/tools.sh helm)
kubectl() { hack/cluster.sh kubectl "$@"; }

if [ "${1:-}" = down ]; then
  if [ "${CLUSTER:-local}" = current ]; then
    kubectl delete --ignore-not-found -f examples/quickstart.yaml
    "$helm" uninstall "$release" --namespace "$namespace" --ignore-not-found
    kubectl delete --ignore-not-found namespace "$namespace" customresourcedefinition/fashiontrainingjobs.training.fashion-mnist.io
  fi
  exec hack/cluster.sh down
fi

hack/cluster.sh up
KUBECONFIG=$(hack/cluster.sh kubeconfig)
export KUBECONFIG
if [ -z "${REGISTRY:-}" ]; then hack/cluster.sh load "$cache"/images/fashion-{trainer,training-operator}.tar; fi

say "Installing the chart"
# The annotation: an image built anew under its old name is to be run, too.
"$helm" upgrade --install "$release" helm/fashion-training-operator --namespace "$namespace" --create-namespace --wait --timeout 3m \
  ${REGISTRY:+--set "image.registry=$REGISTRY"} \
  --set-string "podAnnotations.image=$(sha256sum "$cache/images/fashion-training-operator.tar" | cut -c 1-12)" > /dev/null ||
  { kubectl -n "$namespace" get pods; kubectl -n "$namespace" logs deployment/"$release" --tail 20; die "the operator does not become ready; see above"; }

kubectl delete fashiontrainingjob quickstart --ignore-not-found
kubectl apply -f examples/quickstart.yaml
phase=""
for _ in $(seq 300); do
  line=$(kubectl get ftj quickstart --no-headers)
  [ "$line" = "${last:-}" ] || echo "$line"
  last=$line
  phase=$(kubectl get ftj quickstart -o 'jsonpath={.status.phase}')
  case $phase in Succeeded | Failed) break ;; esac
  sleep 2
done
kubectl get ftj quickstart
kubectl get ftj quickstart -o 'jsonpath={range .status.attempts[*]}attempt {.number} on {.placement}: {.state}, {.message}{"\n"}{end}'
[ "$phase" = Succeeded ] || die "the job ended as ${phase:-unfinished}: hack/cluster.sh kubectl describe ftj quickstart"
echo "The cluster stays up: export KUBECONFIG=$KUBECONFIG; \`make demo-down\` deletes it."
